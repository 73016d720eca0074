"""Numeric functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from infraguard.model.values import Value
from infraguard.terraform.evaluation.conversion import PRECISION, exact, simplest, to_number
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.functions.signature import Function, anything, items, number, whole

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _extreme(pick: Callable[[tuple[float, ...]], float]) -> Function:
    def run(*numbers: float) -> float:
        if not numbers:
            raise EvaluationError("at least one number is required")
        return pick(numbers)

    return Function(run, rest=number)


def _sum(values: list[Value]) -> float:
    if not values:
        raise EvaluationError("a list of at least one number is required")
    total = Decimal(0)
    for value in values:
        total = PRECISION.add(total, exact(to_number(value)))
    return simplest(total)


def _pow(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        raise Exhausted("the result is infinite")
    try:
        return _float(math.pow(base, exponent))
    except (OverflowError, ValueError) as error:
        raise EvaluationError("the result is out of range") from error


def _log(value: float, base: float) -> float:
    try:
        return _float(math.log(value) / math.log(base))
    except (ValueError, ZeroDivisionError) as error:
        raise EvaluationError("the logarithm is not defined") from error


def _float(value: float) -> float:
    return simplest(Decimal(repr(value)))


def _parse_int(value: Value, base: int) -> int:
    digits = str(value).lower().removeprefix("-") if isinstance(value, str) else ""
    if not 2 <= base <= 36:
        raise EvaluationError("the base must be between 2 and 36")
    if not digits or len(digits) > 200 or any(digit not in _DIGITS[:base] for digit in digits):
        raise EvaluationError(f"cannot parse {value!r} as an integer of base {base}")
    return int(str(value), base)


FUNCTIONS = {
    "abs": Function(abs, (number,)),
    "ceil": Function(math.ceil, (number,)),
    "floor": Function(math.floor, (number,)),
    "log": Function(_log, (number, number)),
    "max": _extreme(max),
    "min": _extreme(min),
    "parseint": Function(_parse_int, (anything, whole)),
    "pow": Function(_pow, (number, number)),
    "signum": Function(lambda value: (value > 0) - (value < 0), (whole,)),
    "sum": Function(_sum, (items,)),
}
