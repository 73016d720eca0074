"""Conditions in words: the words say what the condition asks, no more and no less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infraguard.model.policy import Parameter, Policy
from infraguard.policies.schema import read_policy
from infraguard.reports.documents.conditions import Vocabulary, rule_node

POLICY = """
title: T
severity: high
parameters:
  days: {{type: integer, default: 30, tighter: higher}}
  pattern: {{type: string, default: "a long pattern that nobody reads twice"}}
rules:
  - sources: [tf]
    each: db
    when: {{days: $days, pattern: $pattern}}
    require: {condition}
    message: "{{id}} | is wrong"
why: because
remediation: mend it
"""


def lines(condition: str) -> list[str]:
    policy: Policy = read_policy(POLICY.format(condition=condition), "a/b.yaml", "a/b")
    words = Vocabulary({"has_tags": "it has tags"}, policy.parameters)
    return list(rule_node(policy.rules[0], words).lines())[4:-1]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("{a: {at_least: $days}}", ["  - passes when `a` is at least `30` (parameter `days`)"]),
        ("{a: {matches: $pattern}}", ["  - passes when `a` matches the parameter `pattern`"]),
        ("{not: {a: {at_least: 3}}}", ["  - passes when `a` is below `3`"]),
        ("{a: {matches: '.'}}", ["  - passes when `a` is given"]),
        ("{not: {a: {matches: '.'}}}", ["  - passes when `a` is empty"]),
        ("{a: {equals: []}}", ["  - passes when `a` is an empty list"]),
        ("{a: 'x`y'}", ["  - passes when `a` is `` x`y ``"]),
        ("{a: true, b: {in: [1, 2]}}", ["  - passes when:", "    - `a` is `true`", "    - `b` is one of `1`, `2`"]),
        ("{not: {any: [{a: 1}, {b: 2}]}}", ["  - passes when:", "    - `a` is not `1`", "    - `b` is not `2`"]),
        (
            "{not: {all: [{a: 1}, {b: 2}]}}",
            ["  - passes when at least one of these holds:", "    - `a` is not `1`", "    - `b` is not `2`"],
        ),
        (
            "{any: [{a: 1, b: 2}, {c: 3}]}",
            [
                "  - passes when at least one of these holds:",
                "    - all of these hold:",
                "      - `a` is `1`",
                "      - `b` is `2`",
                "    - `c` is `3`",
            ],
        ),
        ("{a: {some: exists}}", ["  - passes when at least one item of `a` is set"]),
        ("{not: {a: {some: exists}}}", ["  - passes when no item of `a` is set"]),
        ("{not: {a: {each: {at_most: 3}}}}", ["  - passes when at least one item of `a` is above `3`"]),
        ("{not: {not: {a: 1}}}", ["  - passes when `a` is `1`"]),
        (
            "{related: {each: alarm, by: target, where: {on: true}}}",
            ["  - passes when for every `alarm` whose `target` refers to it, `on` is `true`"],
        ),
        (
            "{not: {related: {each: alarm, by: target, where: {on: true}}}}",
            ["  - passes when there is an `alarm` whose `target` refers to it, where `on` is not `true`"],
        ),
        (
            "{not: {related: {some: [key, alarm], via: keys}}}",
            ["  - passes when there is no `key` or `alarm` that its `keys` refers to"],
        ),
        ("{predicate: {name: has_tags, patterns: [a]}}", ["  - passes when it has tags (patterns: `a`)"]),
        (
            "{not: {predicate: {name: has_tags, patterns: [a]}}}",
            ["  - passes when this is not so: it has tags (patterns: `a`)"],
        ),
    ],
)  # fmt: skip
def test_a_condition_in_words(condition: str, said: list[str]) -> None:
    assert lines(condition) == said


def test_a_rule_says_when_it_counts_and_what_a_fail_says() -> None:
    text = POLICY.format(condition="{on: true}").replace("each: db\n", "some: [db, other]\n    absence: none here\n")
    rule = read_policy(text, "a/b.yaml", "a/b").rules[0]
    assert list(rule_node(rule, Vocabulary()).lines()) == [
        "- At least one `db` or `other`",
        "  - only those where:",
        "    - `days` is the parameter `days`",
        "    - `pattern` is the parameter `pattern`",
        "  - passes when `on` is `true`",
        "  - says of a fail: “{id} | is wrong”",
        "  - says where there is none: “none here”",
    ]


@given(st.text(min_size=1, max_size=60))
def test_any_default_of_a_parameter_stays_on_its_line(default: str) -> None:
    rule = read_policy(POLICY.format(condition="{a: {matches: $pattern}}"), "a/b.yaml", "a/b").rules[0]
    words = Vocabulary({}, {"pattern": Parameter(type="string", default=default)})
    said = list(rule_node(rule, words).lines())
    assert all(line.lstrip().startswith("- ") and "\n" not in line for line in said)
