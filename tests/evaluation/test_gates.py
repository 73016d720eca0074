"""Gates over findings: parameters that ask for less than the policy does are said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evaluation.build import evidence, judge, resource

HEAD = """parameters:
  days: {type: integer, default: 30, tighter: higher}
  errors: {type: integer, default: 0, tighter: lower}
  names: {type: list, default: [a, b], tighter: fewer}
  age: {type: string, default: 30d, tighter: higher}
  other: {type: string, default: x}"""
RULES = """
  - sources: [tf]
    each: db
    when: {made: {within: $age}}
    require: {days: {at_least: $days}, errors: {at_most: $errors}, name: {in: $names}, other: $other}
    message: "{id}"
"""


@pytest.mark.parametrize(
    ("parameters", "loosened"),
    [
        ({}, ""),
        ({"days": 35, "errors": 0, "names": ["b"], "other": "y"}, ""),
        ({"days": 1}, "days = 1 in place of 30"),
        ({"age": "5w"}, ""),
        ({"age": "9d"}, "age = 9d in place of 30d"),
        ({"errors": 5}, "errors = 5 in place of 0"),
        ({"names": ["a", "c"]}, "names = ['a', 'c'] in place of ['a', 'b']"),
        ({"days": 29, "errors": 1}, "days = 29 in place of 30, errors = 1 in place of 0"),
    ],
)
def test_what_asks_for_less_is_said(parameters: dict[str, Any], loosened: str) -> None:
    (gate,) = judge(RULES, evidence(resource("db", "db.main", days=99)), HEAD, **parameters).gates
    assert gate.loosened == loosened
