"""Findings to gates: one verdict a gate, one a source, and whether the sources disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from infraguard.model.evidence import Source
from infraguard.model.findings import Finding, GateResult, Verdict
from infraguard.model.policy import Policy

#: The worst first: a gate has the first verdict that any of its findings has.
_ORDER: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.PASS, Verdict.NOT_APPLICABLE)
_DECLARING: Final = (Source.TF, Source.PLAN, Source.REPO)


def verdict_over(findings: Iterable[Finding]) -> Verdict:
    """The verdict of several findings together; a suppressed fail does not count."""
    verdicts = {
        finding.verdict for finding in findings if not (finding.verdict is Verdict.FAIL and finding.suppression)
    }
    return next((verdict for verdict in _ORDER if verdict in verdicts), Verdict.NOT_APPLICABLE)


def gate_result(policy: Policy, findings: Sequence[Finding]) -> GateResult:
    """One gate over all its findings."""
    by_source = {
        source: verdict_over([finding for finding in findings if finding.source is source])
        for source in Source
        if any(finding.source is source for finding in findings)
    }
    verdict = verdict_over(findings)
    if policy.manual:
        verdict = Verdict.MANUAL
    drift = {Verdict.PASS, Verdict.FAIL} <= set(by_source.values())
    return GateResult(
        policy=policy.id,
        title=policy.title,
        severity=policy.severity,
        verdict=verdict,
        sources={str(source): found for source, found in by_source.items()},
        drift=drift,
        detail=_drift(by_source) if drift else _unjudged(policy, by_source),
    )


def _drift(by_source: dict[Source, Verdict]) -> str:
    """In words, how the sources disagree."""
    passing = [source for source, verdict in by_source.items() if verdict is Verdict.PASS]
    failing = [source for source, verdict in by_source.items() if verdict is Verdict.FAIL]
    declared = any(source in _DECLARING for source in passing)
    if declared and Source.AWS in failing:
        return "declared, not deployed"
    if Source.AWS in passing and any(source in _DECLARING for source in failing):
        return "deployed, not declared"
    if declared and Source.RESULTS in failing:
        return "declared, not reached"
    if Source.TF in passing and Source.PLAN in failing:
        return "declared, not planned"
    if Source.PLAN in passing and Source.TF in failing:
        return "planned, not declared"
    return f"{', '.join(passing)} passes, {', '.join(failing)} fails"


def _unjudged(policy: Policy, by_source: dict[Source, Verdict]) -> str:
    if by_source or policy.manual:
        return ""
    return f"nothing here decides it: it is judged on {', '.join(policy.sources)}"
