"""Conversions between strings, numbers and booleans, as Terraform does them without being asked."""

from __future__ import annotations

from decimal import Context, Decimal

from infraguard.model.values import Value
from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.values import kind_of

_NUMBER = pattern(r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,3})?\Z")
#: So many digits of a fraction are those that Terraform has as well.
DIGITS = 15
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
#: Terraform calculates with 512 bits, which are so many decimal digits.
PRECISION = Context(prec=154)
_KEPT = Context(prec=150)
#: Numbers beyond this are refused, so that no expression can grow one without bound.
LARGEST = 10**300


def to_text(value: Value) -> str:
    """A value where a string is needed. Raises `EvaluationError` for null and for collections."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _fraction_text(Decimal(repr(value)).normalize())
    raise EvaluationError(_needed("a string", value))


def _fraction_text(number: Decimal) -> str:
    if len(number.as_tuple().digits) > DIGITS:
        raise Exhausted("a fraction without end has more digits in Terraform than are kept here")
    return format(number, "f")


def to_number(value: Value) -> int | float:
    """A value where a number is needed; a string must be a decimal number in full."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not _NUMBER.match(value):
            raise EvaluationError(f'a number is required, and "{value[:40]}" is none')
        return simplest(Decimal(value))
    raise EvaluationError(_needed("a number", value))


def to_bool(value: Value) -> bool:
    """A value where a condition is needed; of strings only `true` and `1`, `false` and `0` will do."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value not in _BOOLEANS:
            raise EvaluationError(f'a bool is required, and "{value[:40]}" is none')
        return _BOOLEANS[value]
    raise EvaluationError(_needed("a bool", value))


def to_whole(value: Value) -> int:
    """A value where a whole number is needed, such as an index or a count."""
    number = to_number(value)
    if isinstance(number, float):
        raise EvaluationError(f"a whole number is required, and {to_text(number)} has a fraction")
    return number


def simplest(number: Decimal) -> int | float:
    """An int where the number is whole, else a float; the last digits that are calculated with do not count."""
    if abs(number) > LARGEST:
        raise EvaluationError("a number is too large")
    number = _KEPT.plus(number)
    return int(number) if number == number.to_integral_value(context=PRECISION) else float(number)


def exact(number: float) -> Decimal:
    """The number as it is written, so that 0.1 + 0.2 is 0.3 as it is in Terraform."""
    return Decimal(number) if isinstance(number, int) else Decimal(repr(number))


def _needed(what: str, value: Value) -> str:
    return (
        f"{what} is required, and the value is null" if value is None else f"{what} is required, not a {kind_of(value)}"
    )
