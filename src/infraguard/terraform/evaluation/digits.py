"""Decimal digits of binary numbers.

A number is its digits, without zeros at the end, and how many of them stand before the point.
"""

from __future__ import annotations


def shortest_digits(mantissa: int, exponent: int, precision: int) -> tuple[str, int]:
    """The shortest digits that are rounded to `mantissa * 2 ** exponent` in so many bits; of several, the nearest."""
    mantissa = abs(mantissa)
    half = precision + 1 - mantissa.bit_length()  # one bit more: the half of a last place
    mantissa, exponent = (mantissa << half, exponent - half) if half >= 0 else (mantissa >> -half, exponent - half)
    digits, point = exact_digits(mantissa, exponent)
    lower, upper = exact_digits(mantissa - 1, exponent)[0], exact_digits(mantissa + 1, exponent)[0]
    inclusive = not mantissa & 2
    for index, digit in enumerate(digits):
        low, high = lower[index : index + 1] or "0", upper[index : index + 1] or "0"
        down = low != digit or (inclusive and index + 1 == len(lower))
        up = digit != high and (inclusive or int(digit) + 1 < int(high) or index + 1 < len(upper))
        if down or up:
            return cut(digits, point, index + 1, up=up and (not down or _is_nearer_above(digits, index + 1)))
    return digits, point


def cut(digits: str, point: int, length: int, *, up: bool) -> tuple[str, int]:
    """The first digits of a number, one more in the last place when it is rounded `up`, without zeros at the end."""
    kept = digits[:length]
    if up:
        kept = str(int(kept or "0") + 1).zfill(len(kept))
        point += len(kept) > max(length, 0)
    return kept.rstrip("0") or "0", point


def rounded_digits(digits: str, point: int, length: int) -> tuple[str, int]:
    """The nearest number of so many digits; of two as near, the even one."""
    if length >= len(digits):
        return digits, point
    if length < 0:
        return "0", point
    return cut(digits, point, length, up=_is_nearer_above(digits, length))


def exact_digits(mantissa: int, exponent: int) -> tuple[str, int]:
    """All digits of `mantissa * 2 ** exponent`, which is not below zero, and how many stand before its point."""
    text = str(mantissa << exponent) if exponent >= 0 else str(mantissa * 5**-exponent)
    return text.rstrip("0") or "0", len(text) + min(exponent, 0)


def _is_nearer_above(digits: str, length: int) -> bool:
    if digits[length:] == "5":
        return length > 0 and digits[length - 1] in "13579"
    return digits[length : length + 1] >= "5"
