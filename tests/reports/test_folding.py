"""Many alike parts are one line for people."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.reports.folding import required_words, seen_lines


@pytest.mark.parametrize(
    ("observed", "lines"),
    [
        ({}, []),
        ({"days": 7}, ["days = 7"]),
        ({"rule.0.limit": None, "rule.1.limit": None}, ["rule.*.limit = not set (2 of them)"]),
        ({"rule.0.limit": None}, ["rule.0.limit = not set"]),
        ({"rule.0.limit": 1, "rule.1.limit": 2}, ["rule.0.limit = 1", "rule.1.limit = 2"]),
        (
            {"a: rule.0": None, "a: rule.1": None, "b: rule.0": None},
            ["a: rule.* = not set (2 of them)", "b: rule.0 = not set"],
        ),
        ({"arn:aws:1.2": 1, "version 1.2": 1}, ["arn:aws:1.2 = 1", "version 1.2 = 1"]),
    ],
)
def test_items_of_which_the_same_is_seen_are_one_line(observed: dict[str, Any], lines: list[str]) -> None:
    assert seen_lines(observed) == lines


def test_a_long_text_of_the_message_is_not_said_twice() -> None:
    tags = "no tag named like owner, team, contact or maintainer"
    assert seen_lines({"tags": tags, "name": "db"}, f"aws_vpc.main has {tags}") == ['name = "db"']
    assert seen_lines({"user": "root"}, "runs as root") == ['user = "root"']


def test_of_many_values_that_are_not_set_some_are_named() -> None:
    observed: dict[str, Any] = {**dict.fromkeys("abcdef"), "x": 1}
    assert seen_lines(observed) == ["a = not set", "b = not set", "c = not set", "x = 1", "3 more = not set"]
    assert len(seen_lines(dict.fromkeys("abcd"))) == len("abcd")


@pytest.mark.parametrize(
    ("required", "words"),
    [
        ("", ""),
        ("days at least 30", "days at least 30"),
        ("rule.0.limit set; rule.1.limit set", "rule.*.limit set"),
        ("rule.0.limit set; protocol TCP", "rule.0.limit set; protocol TCP"),
        ("ratio at least 1.5; ratio at least 1.7", "ratio at least 1.5; ratio at least 1.7"),
    ],
)
def test_what_items_are_asked_alike_is_said_once(required: str, words: str) -> None:
    assert required_words(required) == words
