"""GitHub's expressions in an `if`: what the file alone decides, and what it leaves to others."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infraguard.collectors.repository.actions.expressions import Answer, Grade, condition_of

PUSH = {
    "github.event_name": "push",
    "github.ref": "refs/heads/main",
    "github.ref_name": "main",
    "github.event.action": None,
}


def grade(text: str) -> Grade:
    return condition_of(text, PUSH).grade


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "github.ref == 'refs/heads/main'",
        "${{ github.ref == 'refs/heads/main' }}",
        "github.ref == 'REFS/heads/MAIN'",
        "GitHub.Event_Name != 'pull_request'",
        "github.event_name == 'push' && github.ref_name == 'main'",
        "github.event_name == 'schedule' || github.ref_name == 'main'",
        "!(github.event_name == 'schedule')",
        "! false",
        "startsWith(github.ref, 'refs/heads/')",
        "endsWith(github.ref, '/main') && contains(github.ref, 'heads')",
        "github['event_name'] == 'push'",
        "github.event.action == ''",
        "'it''s' == 'IT''S'",
        "always()",
        "success() && true",
        "vars.ON == 'x' || true",
        "1",
    ],
)
def test_what_certainly_runs(text: str) -> None:
    assert grade(text) is Grade.ALWAYS


@pytest.mark.parametrize(
    "text",
    [
        "false",
        "github.event_name == 'pull_request'",
        "${{ github.event_name == 'schedule' }}",
        "startsWith(github.ref, 'refs/tags/')",
        "failure()",
        "cancelled() || false",
        "vars.ON == 'x' && false",
        "needs.a.result == 'success' && github.ref_name == 'other'",
        "!true",
        "null",
        "0",
        "''",
    ],
)
def test_what_certainly_does_not_run(text: str) -> None:
    assert grade(text) is Grade.NEVER


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("vars.DEPLOY == 'yes'", "vars.DEPLOY"),
        ("inputs.environment", "inputs.environment"),
        ("secrets.KEY != ''", "secrets.KEY"),
        ("!vars.OFF", "vars.OFF"),
        ("github.ref_name == 'main' && vars.ON", "vars.ON"),
        ("contains(vars.LIST, 'a')", "vars.LIST"),
        ("needs.a.result == 'x' && vars.ON", "vars.ON"),
    ],
)
def test_what_stands_outside_of_the_files_is_named(text: str, outside: str) -> None:
    assert condition_of(text, PUSH) == Answer(Grade.OUTSIDE, outside)


@pytest.mark.parametrize(
    "text",
    [
        "needs.build.outputs.changed == 'true'",
        "steps.test.outcome == 'failure'",
        "github.actor != 'dependabot[bot]'",
        "hashFiles('x') != ''",
        "fromJSON(needs.a.outputs.b)",
        "1 < 2",
        "needs.a.result == 'x' || vars.ON",
        "github.ref ==",
        "(((",
        "'not closed",
        "a b",
        "&& true",
        "(" * 60 + "true" + ")" * 60,
        "x" * 5000,
    ],
)
def test_what_a_run_decides_or_nobody_can_read_is_open(text: str) -> None:
    assert grade(text) is Grade.OPEN


#: An expression, and what it is for values of the variable and of the output that it may name.
Expression = tuple[str, Callable[[bool, bool], bool]]
ATOMS: tuple[Expression, ...] = (
    ("true", lambda *_: True),
    ("false", lambda *_: False),
    ("github.ref_name == 'main'", lambda *_: True),
    ("github.event_name == 'schedule'", lambda *_: False),
    ("vars.ON == 'yes'", lambda variable, _: variable),
    ("vars.ON != 'yes'", lambda variable, _: not variable),
    ("needs.a.outputs.b == 'yes'", lambda _, output: output),
)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def both(pair: tuple[Expression, Expression]) -> Expression:
        (left, first), (right, second) = pair
        return f"({left}) && ({right})", lambda *values: first(*values) and second(*values)

    def either(pair: tuple[Expression, Expression]) -> Expression:
        (left, first), (right, second) = pair
        return f"({left}) || ({right})", lambda *values: first(*values) or second(*values)

    def opposite(one: Expression) -> Expression:
        text, value = one
        return f"!({text})", lambda *values: not value(*values)

    return st.tuples(inner, inner).map(both) | st.tuples(inner, inner).map(either) | inner.map(opposite)


@settings(max_examples=300, deadline=None)
@given(st.recursive(st.sampled_from(ATOMS), _larger, max_leaves=8))
def test_a_certain_answer_holds_whatever_others_decide(expression: Expression) -> None:
    text, value = expression
    answers = {value(*values) for values in product((True, False), repeat=2)}
    said = grade(text)
    assert said is not Grade.ALWAYS or answers == {True}
    assert said is not Grade.NEVER or answers == {False}


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="()!&|='<>,. abvt0[]\n${}", max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(condition_of(text, PUSH), Answer)
