"""A framework on the console: what fails is named with the gate that fails it, and the rest is counted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from infraguard.model.findings import FrameworkResult, RequirementResult, Verdict
from infraguard.reports.console import render_console
from infraguard.reports.options import RenderOptions
from tests.reports.sample import REPORT


def requirement(name: str, verdict: Verdict, **gates: Verdict) -> RequirementResult:
    return RequirementResult(
        id=name,
        title=f"Title of {name}",
        verdict=verdict,
        covers="part",
        left="What people show.",
        gates={gate.replace("_", "/"): value for gate, value in gates.items()},
    )


FRAMEWORK = FrameworkResult(
    name="soc2",
    title="SOC 2",
    version="2017",
    requirements=(
        requirement("CC1", Verdict.FAIL, a_one=Verdict.FAIL, a_two=Verdict.PASS),
        requirement("CC2", Verdict.UNKNOWN, a_three=Verdict.UNKNOWN),
        requirement("CC3", Verdict.MANUAL, a_two=Verdict.PASS),
        requirement("CC4", Verdict.MANUAL, a_two=Verdict.PASS, a_four=Verdict.MANUAL),
        requirement("CC5", Verdict.MANUAL, a_five=Verdict.NOT_APPLICABLE),
    ),
)


@pytest.fixture
def text() -> str:
    return render_console(replace(REPORT, framework=FRAMEWORK), RenderOptions())


def test_what_fails_is_named_with_its_gate(text: str) -> None:
    lines = text.splitlines()
    row = lines.index("    CC1  Title of CC1")
    assert lines[row + 1].strip() == "a/one"
    assert "    CC2  Title of CC2" in lines


def test_what_nobody_has_to_mend_is_counted_and_listed_on_demand(text: str) -> None:
    assert "    CC3  Title of CC3" not in text.splitlines()
    counted = "5 requirements: 1 failed, 1 unknown, 1 shown in part, 1 to be shown by a person, 1 not covered"
    assert counted in " ".join(text.split())
    verbose = render_console(replace(REPORT, framework=FRAMEWORK), RenderOptions(verbose=True))
    assert "    CC3  Title of CC3" in verbose.splitlines()
    assert "left  What people show." in verbose


@pytest.mark.parametrize(
    ("group", "member"),
    [("Shown in part", "CC3"), ("To be shown by a person", "CC4"), ("Not covered", "CC5")],
)
def test_what_people_show_is_told_apart(group: str, member: str) -> None:
    lines = render_console(replace(REPORT, framework=FRAMEWORK), RenderOptions(verbose=True)).splitlines()
    below = lines[lines.index(f"  {group}") + 2]
    assert below.split()[0] == member
