"""A framework in the console report: its requirements by what the gates say of them."""

from __future__ import annotations

from typing import Final

from infraguard.model.findings import FrameworkResult, RequirementResult, Verdict
from infraguard.reports.page import Page, Piece
from infraguard.reports.words import VERDICT_STYLES, many

_ORDER: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.PASS, Verdict.NOT_APPLICABLE)
_WORDS: Final = {
    Verdict.FAIL: "failed",
    Verdict.UNKNOWN: "unknown",
    Verdict.MANUAL: "to be shown by a person",
    Verdict.PASS: "passed",
    Verdict.NOT_APPLICABLE: "not applicable",
}
#: Verdicts of which every requirement is listed, also when not everything was asked for.
_LISTED: Final = (Verdict.FAIL, Verdict.UNKNOWN)


def framework_part(page: Page, result: FrameworkResult, *, verbose: bool) -> None:
    """The requirements, the worst first. Those that nobody has to act on now are listed when all was asked for."""
    page.heading((f"{result.title}, {result.version}", "bold"))
    width = max((len(requirement.id) for requirement in result.requirements), default=0)
    for verdict in _ORDER:
        members = [requirement for requirement in result.requirements if requirement.verdict is verdict]
        if members and (verbose or verdict in _LISTED):
            page.blank()
            page.line((_WORDS[verdict].capitalize(), VERDICT_STYLES.get(verdict, "bold")), indent=2)
            for requirement in members:
                _requirement(page, requirement, width, verbose=verbose)
    counts = [f"{result.count(verdict)} {_WORDS[verdict]}" for verdict in _ORDER if result.count(verdict)]
    page.blank()
    page.prose(f"{many(len(result.requirements), 'requirement')}: {', '.join(counts)}", indent=2)


def _requirement(page: Page, requirement: RequirementResult, width: int, *, verbose: bool) -> None:
    page.prose(requirement.title, indent=4, label=(f"{requirement.id:<{width}}  ", "cyan"))
    indent = 6 + width
    deciding = [gate for gate, verdict in requirement.gates.items() if verdict is requirement.verdict]
    if deciding and requirement.verdict in _LISTED:
        page.prose((", ".join(deciding), "dim"), indent=indent)
    if verbose and requirement.left:
        label: Piece = ("left  ", "dim")
        page.prose((requirement.left, "dim"), indent=indent, label=label)
