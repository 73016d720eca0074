"""CloudWatch's metric math over given values; what cannot be foretold is refused."""

from __future__ import annotations

import math

import pytest

from infraguard.evaluation.predicates.metric_math import NotWorkedOut, result

VALUES = {"req": 1000.0, "e": 20.0, "zero": 0.0}


def worked(expression: str) -> float:
    return result(expression, VALUES.__getitem__, lambda: list(VALUES.values()))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("e / req", 0.02),
        ("100 * e / req", 2),
        ("100*(e+e)/req", 4),
        ("-e + 2 ^ 3", -12),
        ("IF(req > 0, 100 * e / req, 0)", 2),
        ("IF(zero > 0 AND req > 0, 1, 7)", 7),
        ("IF(zero > 0 || req >= 1000, 1, 7)", 1),
        ("FILL(e, 0) - FILL(e / zero, 5)", 15),
        ("SUM([e, req])", 1020),
        ("SUM(METRICS())", 1020),
        ("AVG([e, zero])", 10),
        ("MAX([e, req]) - MIN([e, req])", 980),
        ("CEIL(e / 3) + FLOOR(e / 3) + ABS(-1)", 14),
        ("1 - 2 - 3", -4),
        ("e == 20", 1),
        ("e != 20", 0),
    ],
)
def test_what_it_gives(expression: str, value: float) -> None:
    assert worked(expression) == pytest.approx(value)


@pytest.mark.parametrize("expression", ["e / zero", "IF(zero, 1)", "CEIL(e / zero)", "(0 - 8) ^ 0.5"])
def test_what_has_no_value_is_no_number(expression: str) -> None:
    assert math.isnan(worked(expression))


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "e +",
        "(e",
        "e e",
        "RATE(e)",
        "ANOMALY_DETECTION_BAND(e, 2)",
        "IF(e)",
        "METRICS()",
        "e ; 1",
        "FILL()",
        "(" * 60,
    ],
)
def test_what_cannot_be_foretold_is_refused(expression: str) -> None:
    with pytest.raises(NotWorkedOut):
        worked(expression)


def test_a_name_that_is_not_there_is_the_callers_to_refuse() -> None:
    with pytest.raises(KeyError):
        worked("other")
