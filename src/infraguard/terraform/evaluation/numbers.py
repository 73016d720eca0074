"""Numbers as Terraform has them: binary, with a precision of their own, and the shortest text that leads back to them.

Most have 512 bits. A whole number is an `int`, and a `float` stands for the decimal that it is written as, so that 0.1
is a tenth as nearly as 512 bits have it. All others are a `Real`, or a `Whole`; to everybody else they are the float
or the int that they are nearest to.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, Self

from infraguard.terraform.evaluation.digits import shortest_digits
from infraguard.terraform.evaluation.failures import Exhausted

#: The bits of a number that is written down, and of what is calculated with it.
FULL: Final = 512
#: The bits of a number that counts something, such as a length, and of one that comes from floating point.
COUNTED: Final = 64
FLOATING: Final = 53
#: Numbers of more bits before the point are given up, and those that begin further behind it, so that no expression
#: can grow one without bound.
MOST_BITS: Final = 1023
LEAST_EXPONENT: Final = -4_000


class Whole(int):
    """A whole number of another precision, which shows when it is divided."""

    precision: int

    def __new__(cls, value: int, precision: int) -> Self:
        self = super().__new__(cls, value)
        self.precision = precision
        return self


class Real(float):
    """The number `mantissa * 2 ** exponent`; the mantissa is odd, or zero for the zero that is below zero."""

    __slots__ = ("exponent", "mantissa", "precision")
    mantissa: int
    exponent: int
    precision: int

    def __new__(cls, mantissa: int, exponent: int, precision: int) -> Self:
        self = super().__new__(cls, math.ldexp(float(mantissa), exponent) if mantissa else -0.0)
        self.mantissa, self.exponent, self.precision = mantissa, exponent, precision
        return self

    def __hash__(self) -> int:
        return float.__hash__(self)

    def __eq__(self, other: object) -> bool:
        """Terraform takes numbers for equal whose texts are."""
        if not isinstance(other, (int, float)):
            return False
        return _order(self, other) == 0 or (parts(other)[2] != self.precision and text_of(self) == text_of(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: float) -> bool:
        return _order(self, other) < 0

    def __le__(self, other: float) -> bool:
        return _order(self, other) <= 0

    def __gt__(self, other: float) -> bool:
        return _order(self, other) > 0

    def __ge__(self, other: float) -> bool:
        return _order(self, other) >= 0


def from_text(text: str) -> int | float:
    """The number that a decimal stands for, such as `12.5e-3`."""
    digits, _, power = text.lower().partition("e")
    before, _, after = digits.partition(".")
    shift = int(power or 0) - len(after)
    number = int(before + after)
    if number and shift > MOST_BITS:
        raise Exhausted("a number is too large")
    if shift < LEAST_EXPONENT:
        raise Exhausted("a number is too near to zero")
    if not number:
        return 0
    return _made(number * 10**shift, 0, FULL) if shift >= 0 else _quotient(number, 10**-shift, 0, FULL)


def from_float(number: float) -> int | float:
    """The number that floating point came to."""
    numerator, denominator = number.as_integer_ratio()
    return _made(numerator, 1 - denominator.bit_length(), FLOATING)


def add(a: float, b: float) -> int | float:
    """The sum, with the bits of the one that has more."""
    (m, e, p), (n, f, q) = parts(a), parts(b)
    if not m and not n:
        return Real(0, 0, max(p, q)) if is_below(a) and is_below(b) else _made(0, 0, max(p, q))
    least = min(e, f)
    return _made((m << e - least) + (n << f - least), least, max(p, q))


def negative(a: float) -> int | float:
    """The same number below zero, or above."""
    if a == 0:
        return _made(0, 0, parts(a)[2]) if is_below(a) else Real(0, 0, parts(a)[2])
    if isinstance(a, Real):
        return Real(-a.mantissa, a.exponent, a.precision)
    return Whole(-a, a.precision) if isinstance(a, Whole) else -a


def multiply(a: float, b: float) -> int | float:
    """The product, which gets the bits that it needs where its factors have fewer than all."""
    (m, e, p), (n, f, q) = parts(a), parts(b)
    if not m or not n:
        return _zero(a, b, max(p, q))
    product, exponent = _rounded(m * n, e + f, FULL)
    return _made(product, exponent, max(p, q, product.bit_length()))


def _zero(a: float, b: float, precision: int) -> int | float:
    """A product or quotient of zero, which is below zero where one of the two is."""
    return Real(0, 0, precision) if is_below(a) != is_below(b) else _made(0, 0, precision)


def divide(a: float, b: float) -> int | float:
    """The quotient by what is not zero."""
    (m, e, p), (n, f, q) = parts(a), parts(b)
    return _quotient(m, n, e - f, max(p, q)) if m else _zero(a, b, max(p, q))


def remainder(a: float, b: float) -> int | float:
    """What is left of `a` when it is divided by what is not zero: of its sign, with an error of its precision."""
    (m, e, p), (n, f, _) = parts(a), parts(b)
    taken, shift = _rounded(truncated(divide(a, b)), 0, p)
    taken, shift = _rounded(taken * n, shift + f, p)
    least = min(e, shift)
    return _made((m << e - least) - (taken << shift - least), least, p)


def truncated(number: float) -> int:
    """The whole part, towards zero."""
    mantissa, exponent, _ = parts(number)
    if exponent >= 0:
        return mantissa << exponent
    return mantissa >> -exponent if mantissa >= 0 else -(-mantissa >> -exponent)


def rounded_down(number: float) -> int | float:
    """The nearest whole number that is not larger."""
    mantissa, exponent, precision = parts(number)
    return _made(mantissa << exponent if exponent >= 0 else mantissa >> -exponent, 0, precision)


def rounded_up(number: float) -> int | float:
    """The nearest whole number that is not smaller."""
    mantissa, exponent, precision = parts(number)
    return _made(mantissa << exponent if exponent >= 0 else -(-mantissa >> -exponent), 0, precision)


def is_whole(number: float) -> bool:
    """Whether it has no fraction."""
    return parts(number)[1] >= 0


def plain(number: float) -> int | float:
    """The number as evidence holds it."""
    if isinstance(number, Whole):
        return int(number)
    if isinstance(number, Real):
        return int(text_of(number)) if is_whole(number) else float(number)
    return number


def text_of(number: float) -> str:
    """All digits, without an exponent: the shortest text that leads back to the number."""
    if isinstance(number, Real) and not number.mantissa:
        return "-0"
    if type(number) is int or (isinstance(number, Whole) and number.bit_length() <= number.precision):
        return str(int(number))
    digits, point = shortest(number)
    sign = "-" if number < 0 else ""
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if len(digits) <= point:
        return sign + digits.ljust(point, "0")
    return f"{sign}{digits[:point]}.{digits[point:]}"


def shortest(number: float) -> tuple[str, int]:
    """The shortest digits that lead back to a number that is not zero, and how many stand before its point."""
    return shortest_digits(*parts(number))


def parts(number: float) -> tuple[int, int, int]:
    """The mantissa, the exponent of two, and the precision."""
    if isinstance(number, Real):
        return number.mantissa, number.exponent, number.precision
    if isinstance(number, float):
        return _parts_of_decimal(number)
    return int(number), 0, number.precision if isinstance(number, Whole) else FULL


@lru_cache(maxsize=4096)
def _parts_of_decimal(number: float) -> tuple[int, int, int]:
    digits, _, power = repr(number).partition("e")
    before, _, after = digits.partition(".")
    shift = int(power or 0) - len(after)
    whole = int(before + after)
    if shift >= 0:
        return (*_rounded(whole * 10**shift, 0, FULL), FULL)
    return (*_divided(whole, 10**-shift, 0, FULL), FULL)


def is_below(number: float) -> bool:
    """Whether a number has a sign, which zero can have too."""
    return math.copysign(1, number) < 0


def _order(a: float, b: float) -> int:
    """Below zero where `a` is the smaller one, above where it is the larger one."""
    (m, e, _), (n, f, _) = parts(a), parts(b)
    least = min(e, f)
    left, right = m << e - least, n << f - least
    return (left > right) - (left < right)


def _quotient(numerator: int, denominator: int, exponent: int, precision: int) -> int | float:
    return _of(*_divided(numerator, denominator, exponent, precision), precision)


def _made(mantissa: int, exponent: int, precision: int) -> int | float:
    return _of(*_rounded(mantissa, exponent, precision), precision)


def _of(mantissa: int, exponent: int, precision: int) -> int | float:
    """A number that is rounded already, in its simplest form."""
    if mantissa.bit_length() + exponent > MOST_BITS:
        raise Exhausted("a number is too large")
    if exponent < LEAST_EXPONENT:
        raise Exhausted("a number is too near to zero")
    if exponent >= 0 and mantissa.bit_length() + exponent <= precision:
        whole = mantissa << exponent
        return whole if precision == FULL else Whole(whole, precision)
    found = Real(mantissa, exponent, precision)
    near = float(found)
    same = precision == FULL and not near.is_integer() and _parts_of_decimal(near)[:2] == (mantissa, exponent)
    return near if same else found


def _divided(numerator: int, denominator: int, exponent: int, precision: int) -> tuple[int, int]:
    """`numerator / denominator * 2 ** exponent` rounded; a last bit stands for all that is left."""
    more = max(0, precision + 2 + denominator.bit_length() - numerator.bit_length())
    quotient, left = divmod(abs(numerator) << more, abs(denominator))
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    return _rounded(sign * (quotient << 1 | (left > 0)), exponent - more - 1, precision)


def _rounded(mantissa: int, exponent: int, precision: int) -> tuple[int, int]:
    """The nearest odd mantissa of so many bits; of two as near, the one that was even before zeros are taken away."""
    if not mantissa:
        return 0, 0
    magnitude = abs(mantissa)
    beyond = magnitude.bit_length() - precision
    if beyond > 0:
        half, left = 1 << beyond - 1, magnitude & (1 << beyond) - 1
        magnitude >>= beyond
        magnitude += left > half or (left == half and magnitude & 1)
        exponent += beyond
    zeros = (magnitude & -magnitude).bit_length() - 1
    magnitude >>= zeros
    return magnitude if mantissa > 0 else -magnitude, exponent + zeros
