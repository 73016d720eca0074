"""What validation blocks, types and conditionals prove of a value that is not known, and what they do not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infraguard.evaluation.compare import compare
from infraguard.evaluation.lookup import lookup
from infraguard.model.values import Bounds, Unknown
from infraguard.terraform.evaluation.failures import EvaluationError
from tests.terraform.evaluating import resources, unknown, value
from tests.terraform.test_console import evaluated

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def bounds(condition: str, *, expression: str = "var.x", type_: str = "number", more: str = "") -> Bounds | None:
    """What is proved of an expression when `var.x` has a validation of this condition and no value."""
    validation = f'  validation {{\n    condition     = {condition}\n    error_message = "No."\n  }}\n'
    return unknown(expression, beside=f'variable "x" {{\n  type = {type_}\n{validation}}}\n{more}').bounds


@pytest.mark.parametrize(
    ("condition", "proved"),
    [
        ("var.x >= 30", Bounds(least=30)),
        ("30 <= var.x", Bounds(least=30)),
        ("var.x > 30", Bounds(least=30)),
        ("var.x <= 35 && var.x >= 30", Bounds(least=30, most=35)),
        ("!(var.x < 30)", Bounds(least=30)),
        ("!(var.x < 30 || var.x > 35)", Bounds(least=30, most=35)),
        ("var.x >= 30 || var.x == 7", Bounds(least=7)),
        ("var.x == 30 || var.x == 35", Bounds(among=(30, 35))),
        ("contains([30, 35], var.x)", Bounds(among=(30, 35))),
        ("contains([7, 30, 35], var.x) && var.x >= 30", Bounds(among=(30, 35))),
        ("contains(range(30, 33), var.x)", Bounds(among=(30, 31, 32))),
        ("alltrue([var.x >= 30, var.x <= 35])", Bounds(least=30, most=35)),
        ("anytrue([var.x == 1, var.x == 2])", Bounds(among=(1, 2))),
        ("var.x != null ? var.x >= 30 : false", Bounds(least=30)),
        ("var.x >= local.least", Bounds(least=30)),
        ("false || var.x >= 30", Bounds(least=30)),
    ],
)
def test_what_a_condition_proves(condition: str, proved: Bounds) -> None:
    assert bounds(condition, more="locals {\n  least = 30\n}\n") == proved


@pytest.mark.parametrize(
    "condition",
    [
        "var.x == null || var.x >= 30",
        "var.x == null ? true : var.x >= 30",
        "true || var.x >= 30",
        "try(var.x >= 30, true)",
        "can(var.x >= 30)",
        "var.x != 7",
        "!contains([30], var.x)",
        "!(var.x >= 30 && false)",
        "var.y >= 30",
        "var.x >= var.y",
        "var.x >= var.x",
        "contains([30, var.y], var.x)",
        "contains([30, null], var.x) || var.x == null",
        'contains(["30"], var.x)',
        "var.x >= 30 && var.x <= 7",
        "false",
        "var.x + 1 >= 30",
        "var.x >= 30 ? true : true",
        'var.x >= "many"',
        "length(var.x) >= 30",
    ],
)
def test_what_proves_nothing(condition: str) -> None:
    assert bounds(condition, more='variable "y" {}\n') is None


def test_null_is_excluded_where_the_variable_refuses_it() -> None:
    found = bounds("var.x == null || var.x >= 30", type_="number\n  nullable = false")
    assert found == Bounds(least=30)


@pytest.mark.parametrize(
    ("condition", "type_", "proved"),
    [
        ("!var.x", "bool", Bounds(among=(False,))),
        ("var.x", "bool", Bounds(among=(True,))),
        ("var.x == false", "bool", Bounds(among=(False,))),
        ("var.x != null", "bool", Bounds(among=(True, False))),
        ('contains(["a", "b"], var.x)', "string", Bounds(among=("a", "b"))),
        ('contains(["a", "b"], var.x)', "any", Bounds(among=("a", "b"))),
        ('var.x == "a" || var.x == "b" || var.x == "c"', "string", Bounds(among=("a", "b", "c"))),
        ("contains([1, 2], var.x)", "string", None),
        ('var.x == "a" || var.x >= 30', "string", None),
    ],
)
def test_types_decide_with_it(condition: str, type_: str, proved: Bounds | None) -> None:
    assert bounds(condition, type_=type_) == proved


@pytest.mark.parametrize(
    ("expression", "proved"),
    [
        ("local.x", Bounds(least=30)),
        ("[var.x, 1][0]", Bounds(least=30)),
        ("{ a = var.x }.a", Bounds(least=30)),
        ('"${var.x}"', Bounds(least=30)),
        ("true ? var.x : 1", Bounds(least=30)),
        ("terraform.workspace == 1 ? var.x : 35", Bounds(least=30)),
        ("terraform.workspace == 1 ? 30 : 35", Bounds(among=(30, 35))),
        ("terraform.workspace == 1 ? var.x : 7", Bounds(least=7)),
        ("max(var.x, 40)", Bounds(least=40)),
        ("max(var.y, 40)", Bounds(least=40)),
        ("min(var.x, 35)", Bounds(least=30, most=35)),
        ("min(var.y, 35)", Bounds(most=35)),
        ("coalesce(var.x, 40)", Bounds(least=30)),
        ("tonumber(var.x)", Bounds(least=30)),
        ("sensitive(var.x)", Bounds(least=30)),
        ("{ a = 30, b = 35 }[var.y]", Bounds(among=(30, 35))),
        ("lookup({ a = 30, b = 35 }, var.y, 31)", Bounds(among=(30, 35, 31))),
        ("element([30, 35], var.y)", Bounds(among=(30, 35))),
        ("module.m.out", Bounds(least=30, most=40)),
    ],
)
def test_bounds_go_with_the_value(expression: str, proved: Bounds) -> None:
    inner = (
        'variable "x" {\n  validation {\n    condition = var.x <= 40\n    error_message = "No."\n  }\n}\n'
        'output "out" {\n  value = var.x\n}\n'
    )
    beside = (
        'variable "x" {\n  validation {\n    condition = var.x >= 30\n    error_message = "No."\n  }\n}\n'
        'variable "y" {}\nlocals {\n  x = var.x\n}\nmodule "m" {\n  source = "./m"\n  x = var.x\n}\n'
    )
    assert unknown(expression, beside=beside, m__main_tf=inner).bounds == proved


@pytest.mark.parametrize(
    "expression",
    [
        "-var.x",
        "var.x + 1",
        "var.x - 100",
        "var.x.days",
        "var.x[0]",
        "var.x[*]",
        '"${var.x}0"',
        "try(var.x, 7)",
        "try(max(var.y, 30), 7)",
        "try([max(var.y, 30)], [7])[0]",
        "one(var.x[*])",
        "terraform.workspace == 1 ? var.x : null",
        "terraform.workspace == 1 ? var.x : var.y",
        "lookup({ a = 30, b = var.y }, var.y, 31)",
        "lookup({ a = 30, b = null }, var.y, 31)",
        "coalesce(var.x, var.y)",
        "coalesce(var.y, 30)",
        "signum(var.x)",
        "length([for i in var.x : i])",
        "max(var.y, var.z)",
        "[1, 2, var.y][var.z]",
    ],
)
def test_what_is_worked_out_from_it_has_none(expression: str) -> None:
    beside = 'variable "y" {}\nvariable "z" {}\n'
    assert bounds("var.x >= 30", expression=expression, more=beside) is None


def test_the_reason_says_what_is_proved() -> None:
    beside = 'variable "x" {\n  validation {\n    condition = contains(["a", "b"], var.x)\n  }\n}\n'
    found = unknown("var.x", beside=beside)
    assert found.reason == 'var.x has no value, and must be one of "a", "b"'
    assert found.is_set


@pytest.mark.parametrize(
    ("proved", "operator", "operand", "said"),
    [
        (Bounds(least=30), "at_least", 30, True),
        (Bounds(least=30), "at_least", 31, None),
        (Bounds(least=30), "at_least", "30", True),
        (Bounds(least=30), "at_most", 29, False),
        (Bounds(least=30), "at_most", 30, None),
        (Bounds(most=7), "at_least", 30, False),
        (Bounds(most=7), "at_most", 7, True),
        (Bounds(least=30), "equals", 7, False),
        (Bounds(least=30), "equals", 30, None),
        (Bounds(least=30), "equals", "never", None),
        (Bounds(least=30), "not_equals", 7, True),
        (Bounds(least=30, most=35), "in", [7, 40], False),
        (Bounds(least=30, most=35), "not_in", [7, 40], True),
        (Bounds(least=30, most=35), "in", [7, 31], None),
        (Bounds(least=30), "matches", "3", None),
        (Bounds(least=30), "contains", "3", None),
        (Bounds(least=30), "exists", None, True),
        (Bounds(least=30), "absent", None, False),
        (Bounds(among=("a", "b")), "in", ["a", "b", "c"], True),
        (Bounds(among=("a", "b")), "in", ["a"], None),
        (Bounds(among=("a", "b")), "not_in", ["c"], True),
        (Bounds(among=("a", "b")), "at_least", 30, False),
        (Bounds(among=(30, 35)), "at_least", 30, True),
        (Bounds(among=(7, 35)), "at_least", 30, None),
        (Bounds(among=(False,)), "equals", False, True),
        (Bounds(among=(False,)), "equals", True, False),
        (Bounds(among=(30,)), "matches", "^30$", None),
        (Bounds(), "at_least", 30, None),
    ],
)
def test_what_a_policy_may_conclude(proved: Bounds, operator: str, operand: object, said: bool | None) -> None:
    assert compare(operator, Unknown("", bounds=proved), operand, NOW) is said


def test_a_proof_says_nothing_of_the_parts_of_a_value() -> None:
    proved = Unknown("", bounds=Bounds(least=30))
    assert lookup({"days": proved}, "days") is proved
    assert lookup({"days": proved}, "days.least") == Unknown("")


_NUMBER = st.integers(-5, 5)
_LEAF = st.one_of(
    st.builds("var.x {} {}".format, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), _NUMBER),
    st.builds("{} {} var.x".format, _NUMBER, st.sampled_from(["<", "<=", ">", ">=", "==", "!="])),
    st.builds("contains({}, var.x)".format, st.lists(_NUMBER, max_size=4)),
    st.sampled_from(["var.x == null", "var.x != null", "true", "false", "can(var.x + 1)"]),
)
_CONDITION = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("alltrue([{}, {}])".format, inner, inner),
        st.builds("anytrue([{}, {}])".format, inner, inner),
    ),
    max_leaves=6,
)
_COMPARISON = st.one_of(
    st.tuples(st.sampled_from(["at_least", "at_most", "equals", "not_equals"]), _NUMBER),
    st.tuples(st.sampled_from(["in", "not_in"]), st.lists(_NUMBER, max_size=3)),
)


@given(condition=_CONDITION, comparison=_COMPARISON)
def test_no_value_that_a_condition_lets_in_contradicts_a_proof(condition: str, comparison: tuple[str, Any]) -> None:
    """Of every condition: what is said of the unknown holds of each value that Terraform would take for it."""
    proved = bounds(condition, type_="number")
    operator, operand = comparison
    if proved is None:
        return
    said = compare(operator, Unknown("", bounds=proved), operand, NOW)
    for candidate in [None, *range(-7, 8)]:
        try:
            accepted = evaluated(condition.replace("var.x", f"({'null' if candidate is None else candidate})"))
        except EvaluationError:
            continue
        if accepted is True:
            assert candidate is not None
            assert said in (None, compare(operator, candidate, operand, NOW))


@pytest.mark.parametrize(
    ("expression", "decided"),
    [
        ("var.x >= 30", True),
        ("var.x > 29", True),
        ("var.x < 30", False),
        ("29 < var.x", True),
        ("var.x <= 35", True),
        ("var.x > 35", False),
        ("var.x == 29", None),
        ("var.x > 30", None),
        ("var.x >= 31", None),
        ("var.x + 1 >= 30", None),
        ('var.x >= 30 ? "long" : "short"', "long"),
        ("var.x < 7 ? 0 : 1", 1),
        ("min(var.x, 40) >= 30", True),
        ("max(var.x, 40) > 39", True),
    ],
)
def test_what_is_proved_decides_conditions(expression: str, decided: Any) -> None:
    validation = 'validation {\n    condition = var.x >= 30 && var.x <= 35\n    error_message = "No."\n  }\n'
    found = value(expression, beside=f'variable "x" {{\n  type = number\n  {validation}}}\n')
    assert isinstance(found, Unknown) if decided is None else found == decided


@pytest.mark.parametrize(
    ("expression", "decided"),
    [
        ('var.e == "dev"', False),
        ('var.e != "dev"', True),
        ('var.e == "prod"', None),
        ('(var.e == "prod" ? "x" : "x") == "x"', True),
        ('var.e == "dev" ? 0 : 1', 1),
        ("var.e == null", False),
    ],
)
def test_a_list_of_all_that_is_possible_decides_equality(expression: str, decided: Any) -> None:
    validation = 'validation {\n    condition = contains(["prod", "live"], var.e)\n    error_message = "No."\n  }\n'
    found = value(expression, beside=f'variable "e" {{\n  type = string\n  {validation}}}\n')
    assert isinstance(found, Unknown) if decided is None else found == decided


@pytest.mark.parametrize(
    ("count", "certain"),
    [
        ("var.n", True),
        ("var.n >= 1 ? 1 : 0", True),
        ("var.n - 1", False),
        ("var.m", False),
        ("var.m == 0 ? 2 : 3", True),
    ],
)
def test_a_count_that_is_proved_to_be_one_or_more_leaves_no_doubt(count: str, certain: bool) -> None:
    validation = 'validation {\n    condition = var.n >= 1\n    error_message = "No."\n  }\n'
    variables = f'variable "n" {{\n  type = number\n  {validation}}}\nvariable "m" {{\n  type = number\n}}\n'
    found = resources(f'{variables}resource "x" "y" {{\n  count = {count}\n}}\n')
    assert [(each.id.startswith("x.y["), each.perhaps is None) for each in found.values()] == [(True, certain)]
    inside = {
        "main.tf": f'{variables}module "m" {{\n  source = "./m"\n  count = {count}\n}}\n',
        "m/main.tf": 'resource "x" "y" {}\n',
    }
    assert [each.perhaps is None for each in resources(inside).values()] == [certain]
