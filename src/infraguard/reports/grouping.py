"""A report as people think of it: gates that fail, causes that keep gates from being decided, sources that disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from infraguard.model.evidence import EVERY_UNIT, Gap, GapReason, Source
from infraguard.model.findings import Finding, GateResult, Report, Severity, Verdict
from infraguard.reports.ordering import finding_order, gap_order, source_rank
from infraguard.reports.words import SOURCE_NAMES, place_words


class JudgedGate(Struct, frozen=True, kw_only=True):
    """A gate with those of its findings that a reader must see, and what to do about them.

    `witnesses` is filled when sources disagree: one telling finding of each source, in the order of `Source`.
    """

    gate: GateResult
    fails: tuple[Finding, ...] = ()
    suppressed: int = 0
    remediations: tuple[str, ...] = ()
    witnesses: tuple[Finding, ...] = ()


class Unread(Struct, frozen=True, kw_only=True):
    """Reads that failed alike: what was answered, to which of them, and what to do."""

    answer: str
    scopes: tuple[str, ...]
    remedy: str


class Waived(Struct, frozen=True, kw_only=True):
    """What one waiver covers of one gate; `words` say who accepted it, why, and until when."""

    policy: str
    words: str
    findings: tuple[Finding, ...]


class Blocker(Struct, frozen=True, kw_only=True):
    """One cause with everything it keeps from being decided, so that a reader mends it once.

    `what` names the cause. For reads that failed, `reads` says which; for anything else, `remedies` says what to do.
    `places` is in how many places that is to be done.
    """

    what: str
    findings: tuple[Finding, ...]
    reads: tuple[Unread, ...] = ()
    remedies: tuple[str, ...] = ()
    places: int = 1

    @property
    def count(self) -> int:
        """How many things must be mended."""
        return len(self.reads) or self.places


def judged_gates(report: Report) -> tuple[JudgedGate, ...]:
    """The gates with their findings: failed ones first, the worst of them first, then by id."""
    ordered = sorted(report.findings, key=finding_order)
    findings = {policy: tuple(group) for policy, group in groupby(ordered, key=lambda finding: finding.policy)}
    gates = sorted(report.gates, key=lambda g: (g.verdict is not Verdict.FAIL, g.severity.rank, g.policy))
    return tuple(_judged(gate, findings.get(gate.policy, ())) for gate in gates)


def _judged(gate: GateResult, findings: tuple[Finding, ...]) -> JudgedGate:
    fails = [finding for finding in findings if finding.verdict is Verdict.FAIL]
    seen = tuple(finding for finding in fails if finding.suppression is None)
    return JudgedGate(
        gate=gate,
        fails=seen,
        suppressed=len(fails) - len(seen),
        remediations=tuple(dict.fromkeys(finding.remediation for finding in seen if finding.remediation)),
        witnesses=_witnesses(gate, findings) if gate.drift else (),
    )


def _witnesses(gate: GateResult, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding for each source that disagrees: of its verdict, and as close as can be to what fails elsewhere."""
    telling = [
        f for f in findings if gate.sources.get(f.source) is f.verdict and f.verdict is not Verdict.NOT_APPLICABLE
    ]
    pivot = next((finding.resource for finding in telling if finding.verdict is Verdict.FAIL), None)

    def distance(finding: Finding) -> tuple[bool, bool]:
        subject = finding.resource
        return (
            pivot is not None and subject.kind != pivot.kind,
            pivot is not None and subject.environment != pivot.environment,
        )

    by_source = groupby(sorted(telling, key=lambda f: source_rank(f.source)), key=lambda f: f.source)
    return tuple(min(group, key=distance) for _, group in by_source)


def waived(report: Report) -> tuple[Waived, ...]:
    """What is waived, by gate and waiver."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(report.findings, key=finding_order):
        if finding.suppression is not None:
            found.setdefault((finding.policy, finding.suppression), []).append(finding)
    return tuple(
        Waived(policy=policy, words=words, findings=tuple(findings)) for (policy, words), findings in found.items()
    )


def blockers(report: Report, folder: str = "") -> tuple[Blocker, ...]:
    """Causes of unknown findings and of gaps, each once: those that block the worst gates come first.

    Gaps of one source and reason that keep the same gates open are one cause, in however many roots or regions. A
    finding that waits for several causes stands under each of them. `folder` goes before the names of files.
    """
    undecided = [f for f in report.findings if f.verdict is Verdict.UNKNOWN and f.suppression is None]
    undecided.sort(key=finding_order)
    gaps = sorted(report.open_gaps, key=gap_order)
    names = {_name(gap) for gap in gaps}
    waiting = _Waiting(undecided)
    unread: dict[tuple[Source, GapReason, frozenset[str]], list[Gap]] = {}
    for gap in gaps:
        blocked = frozenset(finding.policy for finding in waiting.of([gap]))
        unread.setdefault((gap.source, gap.reason, blocked), []).append(gap)
    unsettled: dict[tuple[str, ...], list[Finding]] = {}
    for finding in undecided:
        others = tuple(cause for cause in finding.causes if cause not in names)
        if others or not finding.causes:
            unsettled.setdefault(others or (finding.reason or "",), []).append(finding)
    found = [_of_gaps(group, waiting.of(group), folder) for group in unread.values()]
    found += _told_together(_of_findings(findings) for findings in unsettled.values())
    return tuple(sorted(found, key=_urgency))


def _told_together(blockers: Iterable[Blocker]) -> list[Blocker]:
    """Those in the same words as one: the same is to be done in each of their places."""
    found: dict[tuple[Any, ...], list[Blocker]] = {}
    for each in blockers:
        found.setdefault((each.what, each.remedies), []).append(each)
    return [
        replace(
            group[0],
            findings=tuple(sorted((f for each in group for f in each.findings), key=finding_order)),
            places=len(group),
        )
        for group in found.values()
    ]


def _name(gap: Gap) -> str:
    """How findings call a gap among their causes."""
    return f"{gap.source}:{gap.scope}"


class _Waiting:
    """The findings that wait for a gap; one of the same name in another unit is another gap."""

    def __init__(self, undecided: list[Finding]) -> None:
        self._undecided = undecided
        self._named: dict[str, list[int]] = {}
        self._placed: dict[tuple[str, str], list[int]] = {}
        for number, finding in enumerate(undecided):
            for cause in dict.fromkeys(finding.causes):
                self._named.setdefault(cause, []).append(number)
                self._placed.setdefault((cause, finding.resource.unit), []).append(number)

    def of(self, gaps: Iterable[Gap]) -> tuple[Finding, ...]:
        """Those that wait for any of these gaps, in the order of all."""
        numbers: set[int] = set()
        for gap in gaps:
            name = _name(gap)
            if gap.unit == EVERY_UNIT:
                numbers.update(self._named.get(name, ()))
            else:
                numbers.update(self._placed.get((name, gap.unit), ()))
                numbers.update(self._placed.get((name, EVERY_UNIT), ()))
        return tuple(self._undecided[number] for number in sorted(numbers))


def _of_gaps(gaps: list[Gap], findings: tuple[Finding, ...], folder: str) -> Blocker:
    reads: dict[tuple[str, str], dict[str, None]] = {}
    for gap in gaps:
        scope, answer = _scope_and_detail(gap, folder)
        reads.setdefault((gap.remedy, answer), {})[scope] = None
    remedies = list(dict.fromkeys(remedy for remedy, _ in reads))
    return Blocker(
        what=f"{SOURCE_NAMES[gaps[0].source]}: {gaps[0].reason.value.replace('_', ' ')}",
        findings=findings,
        reads=tuple(
            Unread(answer=answer, scopes=tuple(scopes), remedy=remedy)
            for (remedy, answer), scopes in sorted(reads.items(), key=lambda r: (remedies.index(r[0][0]), -len(r[1])))
        ),
    )


def _scope_and_detail(gap: Gap, folder: str) -> tuple[str, str]:
    """The place of a gap and what is wrong there, without the place a second time."""
    if gap.location is None or not gap.location.file:
        return gap.scope, gap.detail
    return place_words(gap.location, folder), re.sub(rf"\A{re.escape(gap.location.file)}(:\d+)*:\s*", "", gap.detail)


def _of_findings(findings: list[Finding]) -> Blocker:
    reasons = tuple(dict.fromkeys(finding.reason for finding in findings if finding.reason))
    shortest = [each for each in reasons if not any(each != other and each.endswith(other) for other in reasons)]
    return Blocker(
        what="; ".join(shortest) or "no reason was given",
        findings=tuple(findings),
        remedies=tuple(dict.fromkeys(finding.remedy for finding in findings if finding.remedy)),
    )


def _urgency(blocker: Blocker) -> tuple[Any, ...]:
    worst = min((finding.severity.rank for finding in blocker.findings), default=len(Severity))
    return (worst, -len(blocker.findings), blocker.what, [read.scopes for read in blocker.reads])
