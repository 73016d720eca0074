"""Waivers in comments: what they mean in each language, and that what is half of one waives nothing."""

from __future__ import annotations

import pytest

from infraguard.readers.tree import MemoryTree
from infraguard.suppressions import Waiver, WaiverMistake, waivers_in_comments

GATE = "database/backup-retention"
SAYS = f'infraguard: waive {GATE} until=2027-01-31 owner=data-team reason="rebuilt every night"'


def found(path: str, text: str) -> list[Waiver | WaiverMistake]:
    return list(waivers_in_comments(MemoryTree({path: text}), {GATE}))


def only(path: str, text: str) -> Waiver:
    (waiver,) = found(path, text)
    assert isinstance(waiver, Waiver), waiver
    return waiver


@pytest.mark.parametrize("sign", ["#", "//"])
def test_above_or_inside_a_block_it_means_the_block(sign: str) -> None:
    block = 'resource "aws_db_instance" "a" {\n  multi_az = true\n}\n'
    assert only("main.tf", f"{sign} {SAYS}\n{block}").lines == (2, 4)
    inside = block.replace("true", f"true {sign} {SAYS}")
    assert only("main.tf", inside).lines == (1, 3)


def test_at_a_call_it_means_the_module() -> None:
    waiver = only("live/main.tf", f'# {SAYS}\nmodule "db" {{\n  source = "./db"\n}}\n')
    assert (waiver.address, waiver.unit, waiver.lines) == ("module.db", "live", None)


@pytest.mark.parametrize("path", ["a.yml", "Dockerfile", "a.py"])
def test_elsewhere_it_means_its_line_or_the_next(path: str) -> None:
    assert only(path, f"x = 1\n# {SAYS}\n\ny = 2\n").lines == (4, 4)
    assert only(path, f"x = 1  # {SAYS}\ny = 2\n").lines == (1, 1)


@pytest.mark.parametrize("text", [f'x = "# {SAYS}"\n'.replace('reason="rebuilt every night"', "reason=x"), "# waive\n"])
def test_text_is_no_comment(text: str) -> None:
    assert found("a.py", text) == []


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (GATE, "database/backup", "there is no gate 'database/backup'"),
        ("until=2027-01-31 ", "", "until missing"),
        ("owner=data-team ", "", "owner missing"),
        (' reason="rebuilt every night"', "", "reason missing"),
        ("2027-01-31", "2027-13-31", "is no day"),
        ("owner=data-team", "owner=data-team owner=me", "stands twice"),
        ("owner=", "by=me owner=", "'by' is unknown"),
        ("until", "please until", "cannot be read"),
    ],
)
def test_half_a_waiver_is_a_mistake_and_waives_nothing(before: str, after: str, why: str) -> None:
    (mistake,) = found("main.tf", f"# {SAYS.replace(before, after)}\n")
    assert isinstance(mistake, WaiverMistake)
    assert why in mistake.why


def test_what_does_not_parse_waives_its_line_at_most() -> None:
    assert only("main.tf", f"# {SAYS}\nresource {{{{\n").lines == (2, 2)
    assert found("a.py", f"'''\n# {SAYS}\n") == []
