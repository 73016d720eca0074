"""Ten minutes of damaged Terraform: whatever is read, a scan ends soon, with evidence or with gaps, and never breaks.

Whole folders are taken, files are mixed, cut, doubled and filled with pieces of syntax; so are plans. What it did is
printed: a seed that fails is run again with `INFRAGUARD_FUZZ_SEED`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, NoReturn

import pytest

from infraguard.collectors.plan import collect_plan
from infraguard.collectors.terraform import collect_terraform
from infraguard.model.errors import InfraGuardError
from infraguard.readers.tree import MemoryTree
from tests.terraform.generated import LOCALS, Expressions
from tests.terraform.test_syntax_oracle import PIECES, SNIPPETS

ROOT = Path(__file__).parents[2]
SECONDS = float(os.environ.get("INFRAGUARD_FUZZ_SECONDS", "600"))
#: No small folder may take longer, on a machine that does other things too.
PATIENCE = 30
_SUFFIXES = (".tf", ".tfvars", ".tf.json", ".tftpl", ".json")
_FILES = [
    (path.relative_to(ROOT).as_posix(), path.read_text("utf-8", "replace"))
    for folder in ("examples", "templates", "tests/terraform/planned", "tests/terraform/planned_aws")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and path.name.endswith(_SUFFIXES) and path.stat().st_size < 100_000
]
_PLANS = sorted((ROOT / "tests/collectors/plan").rglob("*.json"))
#: Beside the syntax of the oracle's test, what is known to be hard: depth, length, cycles, and what leads elsewhere.
_HARD = [
    "[" * 500, "(" * 500, "${" * 300, "-" * 2_000, "!" * 2_000, "a." * 2_000, "x[0]" * 1_000, "9" * 5_000,
    'file("/etc/passwd")', 'file("../../../x")', 'templatefile("t.tftpl", {})', "range(1e9)", "local.a", "module.m.x",
    'regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")', 'replace("a", "/(.*)*b/", "c")', "pow(10, 1e6)",
    "\nlocals {\n  a = local.b\n  b = local.a\n}\n", '\nmodule "m" {\n  source = "./"\n}\n', "count = 1e9\n",
    '\nmodule "n" {\n  source = "../"\n  for_each = toset(["a"])\n}\n', "for_each = local.a\n", "\0", "\ufeff",
    "\u2028",
    "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]", 'format("%1000000000s", "a")',
    "setproduct(range(1000), range(1000), range(1000))", 'jsondecode("[" )', "null", "9" * 29 + "e999",
]  # fmt: skip


def damaged(dice: Random, text: str) -> str:
    """The text with a few pieces put in, cut out, doubled or moved."""
    for _ in range(dice.randint(1, 6)):
        at, length = dice.randrange(len(text) + 1), dice.randint(0, 40)
        piece = dice.choice(dice.choice((PIECES, SNIPPETS, _HARD)))
        match dice.randrange(5):
            case 0:
                text = text[:at] + piece + text[at:]
            case 1:
                text = text[:at] + text[at + length :]
            case 2:
                text = text[:at] + text[at : at + length] * dice.randint(2, 30) + text[at:]
            case 3:
                text = text[at:] + text[:at]
            case _:
                text = text[:at] + piece + text[at + length :]
    return text[:200_000]


def folder(dice: Random) -> dict[str, str | bytes]:
    """Some files of some folders, most of them damaged, at times all in one folder, with an expression by chance."""
    files: dict[str, str | bytes] = {}
    start = dice.randrange(len(_FILES))
    for name, text in _FILES[start : start + dice.randint(1, 8)]:
        path = name if dice.random() < 0.7 else f"{dice.choice('ab')}/{name.rpartition('/')[2]}"
        content = text if dice.random() < 0.3 else damaged(dice, text)
        files[path] = content.encode("utf-8", "surrogatepass") if dice.random() < 0.95 else os.urandom(200)
    made = Expressions(dice.randrange(2**32))
    body = "".join(f'resource "x" "r{i}" {{\n  v = {made.next()}\n}}\n' for i in range(dice.randint(0, 5)))
    files[f"{dice.choice('ab')}/made.tf"] = damaged(dice, LOCALS + body) if dice.random() < 0.5 else LOCALS + body
    return files


def altered(dice: Random, value: Any) -> Any:
    """The document with a few of its values exchanged, left out or put in a place where they do not belong."""
    odd = [None, True, -1, 10**30, "", "module.x", "\0", [], {}, [[]], {"": None}, value]
    if dice.random() < 0.002:
        return dice.choice(odd)
    if isinstance(value, dict):
        return {key: altered(dice, item) for key, item in value.items() if dice.random() > 0.002}
    if isinstance(value, list):
        return [altered(dice, item) for item in value if dice.random() > 0.01]
    return value


@contextmanager
def patience(seed: int) -> Iterator[None]:
    """Fails, with the seed, what takes too long."""

    def too_long(_: int, __: FrameType | None) -> NoReturn:
        pytest.fail(f"seed {seed} takes longer than {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def scan_source(dice: Random) -> str:
    evidence = collect_terraform(MemoryTree(folder(dice)))
    assert all(gap.detail and gap.remedy for gap in evidence.gaps)
    return "with gaps" if evidence.gaps else "without gaps"


def scan_plan(dice: Random, scratch: Path) -> str:
    file = scratch / "plan.json"
    text = dice.choice(_PLANS).read_text("utf-8")
    told = damaged(dice, text) if dice.random() < 0.2 else json.dumps(altered(dice, json.loads(text)))
    file.write_text(told, "utf-8", "surrogatepass")
    try:
        collect_plan(file, file="plan.json")
    except InfraGuardError:
        return "plans refused"
    return "plans read"


@pytest.mark.slow
def test_nothing_that_is_read_breaks_or_hangs_a_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = int(os.environ.get("INFRAGUARD_FUZZ_SEED", Random().randrange(2**40)))
    end, seed, done = time.monotonic() + SECONDS, first, Counter[str]()
    longest = 0.0
    while time.monotonic() < end:
        dice, began = Random(seed), time.process_time()
        try:
            with patience(seed):
                done[scan_plan(dice, tmp_path) if _PLANS and seed % 4 == 0 else scan_source(dice)] += 1
        except BaseException:
            sys.stderr.write(f"\nINFRAGUARD_FUZZ_SEED={seed}\n")
            raise
        longest = max(longest, time.process_time() - began)
        seed += 1
    with capsys.disabled():
        words = ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
        sys.stdout.write(f"\nfuzz: {seed - first} scans from seed {first}: {words}; the longest {longest:.1f} s\n")
    assert sum(done.values()) == seed - first > SECONDS
