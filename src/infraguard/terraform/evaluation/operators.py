"""Operators over known values. What is unknown is dealt with by the evaluator."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.conversion import to_bool, to_number
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.numbers import Real, Whole, add, divide, multiply, negative, remainder
from infraguard.terraform.evaluation.values import SetValue

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: dict[str, Callable[[float, float], int | float]] = {
    "+": add,
    "-": lambda a, b: add(a, negative(b)),
    "*": multiply,
    "/": divide,
    "%": remainder,
}
#: The same of whole numbers that stay far below what has more bits than are kept.
_SMALL: dict[str, Callable[[int, int], int]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_SMALL_BITS = 200


def compare(symbol: str, left: Value, right: Value) -> Value:
    """`left symbol right` for a comparison of numbers."""
    return _COMPARISONS[symbol](to_number(left), to_number(right))


def calculated(symbol: str, left: Value, right: Value) -> int | float:
    """`left symbol right` for arithmetic."""
    a, b = to_number(left), to_number(right)
    if symbol in _SMALL and type(a) is type(b) is int and a.bit_length() < _SMALL_BITS > b.bit_length():
        return _SMALL[symbol](a, b) if a and b else ARITHMETIC[symbol](a, b)
    if b == 0 and symbol == "%":
        return a
    if b == 0 and symbol == "/":
        raise EvaluationError("zero is divided by zero") if a == 0 else Exhausted("the result is infinite")
    return ARITHMETIC[symbol](a, b)


def apply_unary(symbol: str, operand: Value) -> Value:
    """`!operand` or `-operand`."""
    return not to_bool(operand) if symbol == "!" else negative(to_number(operand))


def same(left: Value, right: Value) -> bool:
    """Whether two known values are equal. Values of different types never are: `"1" == 1` is false."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        if isinstance(left, SetValue) != isinstance(right, SetValue) or len(left) != len(right):
            return False
        return all(same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


def distinct(items: list[Value]) -> list[Value]:
    """The items without repetitions, in their first order."""
    if all(isinstance(item, str) for item in items):
        return list(dict.fromkeys(items))
    result: list[Value] = []
    for item in items:
        if not any(same(item, other) for other in result):
            result.append(item)
    return result


def as_set(items: list[Value]) -> SetValue:
    """The items as a set, in Terraform's order, then null, then whatever is not known."""
    unique = distinct([item for item in items if item is not None and not isinstance(item, Unknown)])
    kinds = set(map(type, unique))
    if kinds <= {str} or kinds <= {int, float, Real, Whole} or kinds <= {bool}:
        unique.sort()
    else:
        unique.sort(key=_order)
    nulls = [None] if None in items else []
    return SetValue([*unique, *nulls, *(item for item in items if isinstance(item, Unknown))])


def _order(value: Value) -> str:
    """The text by which Terraform orders the collections in a set: of what they hold, ended by semicolons."""
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, (int, float)):
        return format(value, ".10g")
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "<" + "".join(f'"{key}":{_order(value[key])};' for key in sorted(value)) + ">"
    if isinstance(value, list):
        return "[" + "".join(f"{_order(item)};" for item in value) + "]"
    return "~" if value is None else "?"
