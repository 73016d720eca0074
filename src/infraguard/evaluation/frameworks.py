"""Gates to requirements: what a scan says of an outside catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from infraguard.model.findings import FrameworkResult, GateResult, RequirementResult, Verdict
from infraguard.model.frameworks import Framework, Requirement

#: The worst first.
_ORDER: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.PASS, Verdict.NOT_APPLICABLE)


def judge_framework(framework: Framework, gates: Iterable[GateResult]) -> FrameworkResult:
    """Every requirement with the verdicts of its gates."""
    verdicts = {gate.policy: gate.verdict for gate in gates}
    return FrameworkResult(
        name=framework.name,
        title=framework.title,
        version=framework.version,
        requirements=tuple(_judged(requirement, verdicts) for requirement in framework.requirements),
    )


def _judged(requirement: Requirement, verdicts: Mapping[str, Verdict]) -> RequirementResult:
    """A gate that was left out of the scan leaves its requirement unknown."""
    gates = {gate: verdicts.get(gate, Verdict.UNKNOWN) for gate in requirement.gates}
    return RequirementResult(
        id=requirement.id,
        title=requirement.title,
        verdict=_verdict(requirement, gates),
        covers=requirement.covers,
        left=requirement.left,
        gates=gates,
    )


def _verdict(requirement: Requirement, gates: Mapping[str, Verdict]) -> Verdict:
    worst = next((verdict for verdict in _ORDER if verdict in gates.values()), Verdict.MANUAL)
    if requirement.covers == "whole" or worst in (Verdict.FAIL, Verdict.UNKNOWN):
        return worst
    return Verdict.MANUAL
