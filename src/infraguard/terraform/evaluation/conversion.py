"""Conversions between strings, numbers and booleans, as Terraform does them without being asked."""

from __future__ import annotations

from infraguard.model.values import Value
from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.numbers import from_text, is_whole, text_of, truncated
from infraguard.terraform.evaluation.values import kind_of

_NUMBER = pattern(r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,3})?\Z")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def to_text(value: Value) -> str:
    """A value where a string is needed. Raises `EvaluationError` for null and for collections."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        return text_of(value)
    raise EvaluationError(_needed("a string", value))


def to_number(value: Value) -> int | float:
    """A value where a number is needed; a string must be a decimal number in full."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not _NUMBER.match(value):
            raise EvaluationError(f'a number is required, and "{value[:40]}" is none')
        return from_text(value)
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
    if not is_whole(number):
        raise EvaluationError(f"a whole number is required, and {to_text(number)} has a fraction")
    return truncated(number)


def _needed(what: str, value: Value) -> str:
    return (
        f"{what} is required, and the value is null" if value is None else f"{what} is required, not a {kind_of(value)}"
    )
