"""A report as people think of it: gates that fail, causes that keep gates from being decided, sources that disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from msgspec import Struct

from infraguard.model.evidence import Gap
from infraguard.model.findings import Finding, GateResult, Report, Severity, Verdict
from infraguard.reports.ordering import finding_order, gap_order, source_rank
from infraguard.reports.words import SOURCE_NAMES


class JudgedGate(Struct, frozen=True, kw_only=True):
    """A gate with those of its findings that a reader must see, and what to do about them.

    `witnesses` is filled when sources disagree: one telling finding of each source, in the order of `Source`.
    """

    gate: GateResult
    fails: tuple[Finding, ...] = ()
    suppressed: int = 0
    remediations: tuple[str, ...] = ()
    witnesses: tuple[Finding, ...] = ()


class Blocker(Struct, frozen=True, kw_only=True):
    """One cause with everything it keeps from being decided, so that a reader mends it once.

    `what` names the cause; `reads` are the reads that failed for it: what was answered, with all that answered so.
    """

    what: str
    reads: tuple[tuple[str, tuple[str, ...]], ...] = ()
    remedies: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


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


def blockers(report: Report) -> tuple[Blocker, ...]:
    """Causes of unknown findings and of gaps, each once: those that block the worst gates come first."""
    undecided = [f for f in report.findings if f.verdict is Verdict.UNKNOWN and f.suppression is None]
    undecided.sort(key=finding_order)
    gaps = _by_kind(report.gaps)
    home = {f"{gap.source}:{gap.scope}": key for key, group in gaps.items() for gap in group}
    blocked: dict[tuple[str, ...], list[Finding]] = {}
    for finding in undecided:
        key = next((home[cause] for cause in finding.causes if cause in home), None)
        blocked.setdefault(key or ("cause", *(finding.causes or (finding.reason or "",))), []).append(finding)
    found = [_unread(group, blocked.pop(key, ())) for key, group in gaps.items()]
    found += [_undecided(findings) for findings in blocked.values()]
    return tuple(sorted(found, key=_urgency))


def _by_kind(gaps: Iterable[Gap]) -> dict[tuple[str, ...], list[Gap]]:
    """Gaps of one source with one reason and one remedy are one thing to mend."""
    kinds: dict[tuple[str, ...], list[Gap]] = {}
    for gap in sorted(gaps, key=gap_order):
        kinds.setdefault((gap.source.value, gap.reason.value, gap.remedy), []).append(gap)
    return kinds


def _unread(gaps: list[Gap], findings: Iterable[Finding]) -> Blocker:
    first = gaps[0]
    answers: dict[str, dict[str, None]] = {}
    for gap in gaps:
        scope, detail = _scope_and_detail(gap)
        answers.setdefault(detail, {})[scope] = None
    return Blocker(
        what=f"{SOURCE_NAMES[first.source]}: {first.reason.value.replace('_', ' ')}",
        reads=tuple((detail, tuple(scopes)) for detail, scopes in answers.items()),
        remedies=(first.remedy,) if first.remedy else (),
        findings=tuple(findings),
    )


def _scope_and_detail(gap: Gap) -> tuple[str, str]:
    """The place of a gap and what is wrong there, without the place a second time."""
    if gap.location is None or not gap.location.file:
        return gap.scope, gap.detail
    return str(gap.location), re.sub(rf"\A{re.escape(gap.location.file)}(:\d+)*:\s*", "", gap.detail)


def _undecided(findings: list[Finding]) -> Blocker:
    reasons = tuple(dict.fromkeys(finding.reason for finding in findings if finding.reason))
    return Blocker(
        what=reasons[0] if reasons else "no reason was given",
        reads=tuple((reason, ()) for reason in reasons[1:]),
        remedies=tuple(dict.fromkeys(finding.remedy for finding in findings if finding.remedy)),
        findings=tuple(findings),
    )


def _urgency(blocker: Blocker) -> tuple[Any, ...]:
    worst = min((finding.severity.rank for finding in blocker.findings), default=len(Severity))
    return (worst, -len(blocker.findings), blocker.what, blocker.reads)
