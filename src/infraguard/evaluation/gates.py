"""Findings to gates: one verdict a gate, one a source, and whether the sources disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from infraguard.evaluation.compare import as_text
from infraguard.model.durations import measure
from infraguard.model.evidence import Source
from infraguard.model.findings import Finding, GateResult, Verdict
from infraguard.model.policy import Parameter, Policy

#: The worst first: a gate has the first verdict that any of its findings has.
_ORDER: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.PASS, Verdict.NOT_APPLICABLE)
_DECLARING: Final = (Source.TF, Source.PLAN, Source.REPO)


def verdict_over(findings: Iterable[Finding]) -> Verdict:
    """The verdict of several findings together; what is suppressed does not count."""
    verdicts = {finding.verdict for finding in findings if not finding.suppression}
    return next((verdict for verdict in _ORDER if verdict in verdicts), Verdict.NOT_APPLICABLE)


def gate_result(policy: Policy, findings: Sequence[Finding], values: Mapping[str, Any]) -> GateResult:
    """One gate over all its findings, judged by these values of its parameters."""
    of_source: dict[Source, list[Finding]] = {}
    for finding in findings:
        of_source.setdefault(finding.source, []).append(finding)
    by_source = {source: verdict_over(of_source[source]) for source in Source if source in of_source}
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
        loosened=_loosened(policy, values),
    )


def _loosened(policy: Policy, values: Mapping[str, Any]) -> str:
    """The parameters that ask for less than the policy does by itself; nothing where none does."""
    return ", ".join(
        f"{name} = {as_text(values[name])} in place of {as_text(parameter.default)}"
        for name, parameter in policy.parameters.items()
        if name in values and parameter.tighter and _is_looser(parameter, values[name])
    )


def _is_looser(parameter: Parameter, value: Any) -> bool:
    if parameter.tighter == "fewer":
        return not set(map(as_text, value)) <= set(map(as_text, parameter.default))
    figure, default = measure(value), measure(parameter.default)
    return bool(figure < default if parameter.tighter == "higher" else figure > default)


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
