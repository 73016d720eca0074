"""A requirement has what its gates say, and passes only where they show all of it."""

from __future__ import annotations

import pytest

from infraguard.evaluation.frameworks import judge_framework
from infraguard.model.findings import Covers, GateResult, Severity, Verdict
from infraguard.model.frameworks import Framework, Requirement


def verdict_of(covers: Covers, gates: dict[str, Verdict], judged: dict[str, Verdict] | None = None) -> Verdict:
    requirement = Requirement(id="1", title="t", gates=tuple(gates), covers=covers, left="the rest")
    framework = Framework(
        name="f", title="F", publisher="p", version="1", scope="s", reference="r", requirements=(requirement,)
    )
    results = [
        GateResult(policy=gate, title="t", severity=Severity.LOW, verdict=verdict, sources={}, drift=False)
        for gate, verdict in (gates if judged is None else judged).items()
    ]
    (result,) = judge_framework(framework, results).requirements
    return result.verdict


PASS, FAIL, UNKNOWN, MANUAL, NONE = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.UNKNOWN,
    Verdict.MANUAL,
    Verdict.NOT_APPLICABLE,
)


@pytest.mark.parametrize(
    ("covers", "gates", "verdict"),
    [
        ("whole", [PASS, PASS], PASS),
        ("whole", [PASS, NONE], PASS),
        ("whole", [NONE, NONE], NONE),
        ("whole", [PASS, MANUAL], MANUAL),
        ("whole", [PASS, UNKNOWN], UNKNOWN),
        ("whole", [UNKNOWN, FAIL], FAIL),
        ("part", [PASS, PASS], MANUAL),
        ("part", [NONE], MANUAL),
        ("part", [PASS, UNKNOWN], UNKNOWN),
        ("part", [PASS, FAIL], FAIL),
        ("none", [], MANUAL),
    ],
)
def test_a_requirement_is_no_better_than_its_gates(covers: Covers, gates: list[Verdict], verdict: Verdict) -> None:
    assert verdict_of(covers, {f"a/{number}": gate for number, gate in enumerate(gates)}) is verdict


def test_a_gate_that_was_left_out_leaves_its_requirement_unknown() -> None:
    assert verdict_of("whole", {"a/1": PASS, "a/2": PASS}, {"a/1": PASS}) is UNKNOWN
