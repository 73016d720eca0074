"""A framework in the console report: its requirements by what the gates say of them."""

from __future__ import annotations

from typing import Final

from infraguard.model.findings import FrameworkResult, RequirementResult, Verdict
from infraguard.reports.page import Page, Piece
from infraguard.reports.words import VERDICT_STYLES, many

#: What a report says of a requirement: its verdict, and of those that people show whether gates show a part.
_FAILED, _UNKNOWN, _PART, _MANUAL, _NOT_COVERED, _PASSED, _NOT_APPLICABLE = (
    "failed", "unknown", "shown in part", "to be shown by a person", "not covered", "passed", "not applicable",
)  # fmt: skip
_WORDS: Final = {
    Verdict.FAIL: _FAILED,
    Verdict.UNKNOWN: _UNKNOWN,
    Verdict.PASS: _PASSED,
    Verdict.NOT_APPLICABLE: _NOT_APPLICABLE,
}
_STYLES: Final = {
    _FAILED: VERDICT_STYLES[Verdict.FAIL],
    _UNKNOWN: VERDICT_STYLES[Verdict.UNKNOWN],
    _PASSED: VERDICT_STYLES[Verdict.PASS],
}
_ORDER: Final = (_FAILED, _UNKNOWN, _PART, _MANUAL, _NOT_COVERED, _PASSED, _NOT_APPLICABLE)
#: What the groups that need it mean.
_MEANING: Final = {
    _PART: "gates hold a part of each, and people show the rest",
    _MANUAL: "a gate of each is answered by a person",
    _NOT_COVERED: "no gate shows anything of these: people or other tools do",
}
#: Groups of which every requirement is listed, also when not everything was asked for.
_LISTED: Final = (_FAILED, _UNKNOWN)


def framework_part(page: Page, result: FrameworkResult, *, verbose: bool) -> None:
    """The requirements, the worst first. Those that nobody has to act on now are listed when all was asked for."""
    page.heading((f"{result.title}, {result.version}", "bold"))
    width = max((len(requirement.id) for requirement in result.requirements), default=0)
    groups: dict[str, list[RequirementResult]] = {words: [] for words in _ORDER}
    for requirement in result.requirements:
        groups[_state(requirement)].append(requirement)
    for words, members in groups.items():
        if members and (verbose or words in _LISTED):
            page.blank()
            page.line((words.capitalize(), _STYLES.get(words, "bold")), indent=2)
            if words in _MEANING:
                page.prose((_MEANING[words], "dim"), indent=2)
            for requirement in members:
                _requirement(page, requirement, width, verbose=verbose)
    counts = [f"{len(members)} {words}" for words, members in groups.items() if members]
    page.blank()
    page.prose(f"{many(len(result.requirements), 'requirement')}: {', '.join(counts)}", indent=2)
    if not verbose:
        page.prose(("--verbose lists all of them, with what is left to people", "dim"), indent=2)


def _state(requirement: RequirementResult) -> str:
    """Which group a requirement stands in. Of those that people show, gates show a part, or nothing that is here."""
    if requirement.verdict is not Verdict.MANUAL:
        return _WORDS[requirement.verdict]
    said = requirement.gates.values()
    if Verdict.MANUAL in said:
        return _MANUAL
    return _PART if Verdict.PASS in said else _NOT_COVERED


def _requirement(page: Page, requirement: RequirementResult, width: int, *, verbose: bool) -> None:
    page.prose(requirement.title, indent=4, label=(f"{requirement.id:<{width}}  ", "cyan"))
    indent = 6 + width
    deciding = [gate for gate, verdict in requirement.gates.items() if verdict is requirement.verdict]
    if deciding and (requirement.verdict in (Verdict.FAIL, Verdict.UNKNOWN) or _state(requirement) == _MANUAL):
        page.prose((", ".join(deciding), "dim"), indent=indent)
    if verbose and requirement.left:
        label: Piece = ("left  ", "dim")
        page.prose((requirement.left, "dim"), indent=indent, label=label)
