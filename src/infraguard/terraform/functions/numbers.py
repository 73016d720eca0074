"""Numeric functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce

from infraguard.model.values import Value
from infraguard.terraform.evaluation.conversion import to_number
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.numbers import (
    COUNTED,
    Whole,
    add,
    from_float,
    is_below,
    negative,
    rounded_down,
    rounded_up,
)
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
    return reduce(add, map(to_number, values))


def _pow(base: float, exponent: float) -> float:
    """A power as Go has it, which squares and multiplies, and may so differ in the last digit."""
    x, y = float(base), float(exponent)
    if x == 0 and y < 0:
        raise Exhausted("the result is infinite")
    if x == 0 or y == 0 or x == 1:
        return _float(lambda: math.pow(x, y))
    if abs(y) == 0.5:
        return _float(lambda: math.sqrt(x) if y > 0 else 1 / math.sqrt(x))
    if y != int(y):
        if x < 0:
            raise EvaluationError("the result is not defined")
        raise Exhausted("the last digits of a power that is not whole are not certain")
    return _float(lambda: _whole_power(x, int(y)))


def _whole_power(base: float, exponent: int) -> float:
    fraction, twos = math.frexp(base)
    result, power, left = 1.0, 0, abs(exponent)
    while left:
        if abs(twos) > 1 << 12:
            power += twos
            break
        if left & 1:
            result *= fraction
            power += twos
        fraction, twos, left = fraction * fraction, twos * 2, left >> 1
        if abs(fraction) < 0.5:
            fraction, twos = fraction * 2, twos - 1
    return math.ldexp(1 / result, -power) if exponent < 0 else math.ldexp(result, power)


def _log(value: float, base: float) -> float:
    if value == 0:
        raise Exhausted("the result is infinite")
    if base == 0:
        return 0
    return _float(lambda: _natural(float(value)) / _natural(float(base)))


#: The logarithm of two in two parts, and the coefficients of the series that Go and most C libraries use.
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ODD = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
_EVEN = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)


def _natural(value: float) -> float:
    """The natural logarithm to the last digit that Go gives, which is not always the nearest."""
    if value < 0:
        raise ValueError(value)
    fraction, twos = math.frexp(value)
    if fraction < math.sqrt(2) / 2:
        fraction, twos = fraction * 2, twos - 1
    f = fraction - 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    odd = s2 * (_ODD[0] + s4 * (_ODD[1] + s4 * (_ODD[2] + s4 * _ODD[3])))
    even = s4 * (_EVEN[0] + s4 * (_EVEN[1] + s4 * _EVEN[2]))
    half = 0.5 * f * f
    return twos * _LN2_HIGH - ((half - (s * (half + odd + even) + twos * _LN2_LOW)) - f)


def _float(work: Callable[[], float]) -> float:
    """What floating point comes to."""
    try:
        return from_float(work())
    except OverflowError as error:
        raise EvaluationError("the result is out of range") from error
    except (ValueError, ZeroDivisionError) as error:
        raise EvaluationError("the result is not defined") from error


def _parse_int(value: Value, base: int) -> int:
    digits = str(value).lower().removeprefix("-") if isinstance(value, str) else ""
    if not 2 <= base <= 36:
        raise EvaluationError("the base must be between 2 and 36")
    if not digits or len(digits) > 200 or any(digit not in _DIGITS[:base] for digit in digits):
        raise EvaluationError(f"cannot parse {value!r} as an integer of base {base}")
    number = int(str(value), base)
    return Whole(number, max(COUNTED, number.bit_length()))


FUNCTIONS = {
    "abs": Function(lambda value: negative(value) if is_below(value) else value, (number,)),
    "ceil": Function(rounded_up, (number,)),
    "floor": Function(rounded_down, (number,)),
    "log": Function(_log, (number, number)),
    "max": _extreme(max),
    "min": _extreme(min),
    "parseint": Function(_parse_int, (anything, whole)),
    "pow": Function(_pow, (number, number)),
    "signum": Function(lambda value: Whole((value > 0) - (value < 0), COUNTED), (whole,)),
    "sum": Function(_sum, (items,)),
}
