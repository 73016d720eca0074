from __future__ import annotations

import json

import pytest
from hypothesis import given

from infraguard.model.values import ABSENT, Default, Denied, Unknown, Value
from infraguard.reports.observed import as_data, in_words
from infraguard.reports.text import MAX_VALUE, to_json
from tests.reports.strategies import VALUES


@pytest.mark.parametrize(
    ("value", "data", "words"),
    [
        (7, 7, "7"),
        ("a b", "a b", '"a b"'),
        (None, None, "not set"),
        (ABSENT, None, "not set"),
        (float("nan"), "nan", '"nan"'),
        ([1, {"k": None}], [1, {"k": None}], "[1, {k: null}]"),
        ((1, 2), [1, 2], "[1, 2]"),
        (
            Default(0, "provider aws 6"),
            {"$default": {"value": 0, "origin": "provider aws 6"}},
            "0, by default",
        ),
        (
            Denied("no", "rds:Describe"),
            {"$denied": {"reason": "no", "permission": "rds:Describe"}},
            "not readable: no",
        ),
        (
            Unknown("var.x has no value", ("var.x",), is_set=True),
            {"$unknown": {"reason": "var.x has no value", "depends_on": ["var.x"], "is_set": True}},
            "unknown: var.x has no value",
        ),
        ({"$unknown": {"reason": "mine"}}, {"$$unknown": {"reason": "mine"}}, '{$unknown: {reason: "mine"}}'),
    ],
)
def test_a_value_as_data_and_in_words(value: Value, data: Value, words: str) -> None:
    assert as_data(value) == data
    assert in_words(value) == words


def test_long_values_are_cut_for_people_only() -> None:
    value = "x" * 1000
    assert as_data(value) == value
    assert len(in_words(value)) == MAX_VALUE


@given(VALUES)
def test_any_value_is_json(value: Value) -> None:
    json.loads(to_json(as_data(value)))
    assert "\n" not in in_words(value)
