"""Waivers in comments: found in code and nowhere else, and meant for what they stand at."""

from __future__ import annotations

import pytest

from infraguard.readers.tree import MemoryTree
from infraguard.suppressions import Waiver, WaiverMistake, waivers_in_comments

GATES = ("database/backup-retention", "container/non-root")
GATE = GATES[0]
SAID = f'infraguard: waive {GATE} until=2027-01-31 owner=data reason="rebuilt nightly"'
BLOCK = 'resource "x" "y" {\n  v = 1\n}\n'


def found(path: str, text: str) -> list[Waiver | WaiverMistake]:
    return list(waivers_in_comments(MemoryTree({path: text}), GATES))


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("main.tf", f"# {SAID}\n{BLOCK}", (2, 4)),
        ("main.tf", f"// {SAID}\n# and why\n\n{BLOCK}", (4, 6)),
        ("main.tf", f"/* {SAID} */\n{BLOCK}", (2, 4)),
        ("main.tofu", f'resource "x" "y" {{\n  # {SAID}\n  v = 1\n}}\n', (1, 4)),
        ("main.tf", f'resource "x" "y" {{\n  v = "a#b" # {SAID}\n}}\n', (1, 3)),
        ("main.tf", f"broken {{\n# {SAID}\nx", (3, 3)),
        ("a.yml", f"jobs:\n  # {SAID}\n  test:\n    x: 1\n", (3, 3)),
        ("a.yaml", f"jobs:\n  test: 'a' # {SAID}\n", (2, 2)),
        ("Dockerfile", f"# {SAID}\nFROM x\n", (2, 2)),
        ("docker/Dockerfile.dev", f"FROM x\n# {SAID}\n", (2, 2)),
        ("a.py", f"x = 1\ny = 2  # {SAID}\n", (2, 2)),
        ("a.py", f"# {SAID}\n\nx = 1\n", (3, 3)),
    ],
)
def test_a_comment_means_what_it_stands_at(path: str, text: str, lines: tuple[int, int]) -> None:
    (waiver,) = found(path, text)
    assert isinstance(waiver, Waiver)
    assert (waiver.gate, waiver.owner, waiver.reason) == (GATE, "data", "rebuilt nightly")
    assert (waiver.lines, waiver.location.file) == (lines, path)


@pytest.mark.parametrize("inside", [True, False])
def test_at_the_call_of_a_module_it_means_all_that_is_in_the_module(inside: bool) -> None:
    above, within = ("", f"  # {SAID}\n") if inside else (f"# {SAID}\n", "")
    (waiver,) = found("live/main.tf", f'{above}module "db" {{\n{within}  source = "x/y/aws"\n}}\n')
    assert isinstance(waiver, Waiver)
    assert (waiver.address, waiver.unit, waiver.call, waiver.lines) == ("module.db", "live", "live/module.db", None)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.tf", f'v = "# {SAID}"\n'),
        ("a.py", f'TEXT = """\n# {SAID}\n"""\n'),
        ("a.yml", f"run: '# {SAID}'\n"),
        ("README.md", f"# {SAID}\n"),
        ("main.tf.json", f'{{"//": "# {SAID}"}}'),
        ("a.py", "# infraguard: see the handbook\n"),
        ("a.py", f"'''never ended\n# {SAID}\n"),
        ("a.tf", b"\xff\xfe# infraguard: waive x\n"),
    ],
)
def test_what_is_no_comment_of_code_waives_nothing(path: str, text: str) -> None:
    assert found(path, text) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("waive database/backup-retetion until=2027-01-31 owner=a reason=b", f"did you mean '{GATE}'?"),
        ("waive", "there is no gate ''"),
        (f"waive {GATE}", "until and owner and reason missing"),
        (f"waive {GATE} until=2027-01-31 owner=a", "reason missing"),
        (f'waive {GATE} until=2027-01-31 owner=a reason=""', "reason missing"),
        (f"waive {GATE} until=tomorrow owner=a reason=b", "'tomorrow' is no day"),
        (f"waive {GATE} until=2027-01-31 owner=a reason=b c", "'c' cannot be read"),
        (f"waive {GATE} until=2027-01-31 owner=a owner=b reason=c", "'owner' is unknown, or stands twice"),
        (f"waive {GATE} until=2027-01-31 owner=a reason=b by=c", "'by' is unknown, or stands twice"),
    ],
)
def test_a_comment_that_is_no_whole_waiver_is_a_mistake(said: str, why: str) -> None:
    (mistake,) = found("main.tf", f"# infraguard: {said}\n{BLOCK}")
    assert isinstance(mistake, WaiverMistake)
    assert why in mistake.why
    assert str(mistake.location) == "main.tf:1"
