"""An explanation for programs: `infraguard/explanation/v1`, whose findings and gaps are those of the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infraguard.model.explanations import Derivation, Explanation, Figure
from infraguard.model.findings import Trace
from infraguard.reports.json_v1 import finding_v1, gap_v1, gate_v1, location_v1
from infraguard.reports.observed import as_data
from infraguard.reports.text import to_json


def render_explanations_json(explanations: Sequence[Explanation]) -> str:
    """Every explanation whole: nothing is counted or cut."""
    return to_json(
        {"schema": "infraguard/explanation/v1", "explanations": [_explanation(each) for each in explanations]}
    )


def _explanation(explanation: Explanation) -> dict[str, Any]:
    finding, policy = explanation.finding, explanation.policy
    return {
        "finding": finding_v1(finding),
        "gate": gate_v1(explanation.gate),
        "title": policy.title,
        "call": (finding.location.call if finding.location else "") or None,
        "rule": {"file": f"{policy.id}.yaml", "line": explanation.rule.line or None},
        "required": finding.required or None,
        "causes": list(finding.causes),
        "figures": [_figure(figure) for figure in explanation.figures],
        "trace": _trace(finding.trace) if finding.trace else None,
        "derivations": [_derivation(derivation) for derivation in explanation.derivations],
        "gaps": [gap_v1(gap) for gap in explanation.gaps],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": figure.value,
        "default": figure.default,
        "location": location_v1(figure.location),
    }


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "operator": trace.operator,
        "truth": trace.truth,
        "path": trace.path or None,
        "expected": as_data(trace.expected),
        "observed": as_data(trace.observed),
        "origin": trace.origin or None,
        "reason": trace.reason or None,
        "remedy": trace.remedy or None,
        "depends_on": list(trace.depends_on),
        "location": location_v1(trace.location),
        "children": [_trace(child) for child in trace.children],
    }


def _derivation(derivation: Derivation) -> dict[str, Any]:
    return {
        "role": derivation.role.value,
        "name": derivation.name or None,
        "value": as_data(derivation.value),
        "location": location_v1(derivation.location),
        "children": [_derivation(child) for child in derivation.children],
    }
