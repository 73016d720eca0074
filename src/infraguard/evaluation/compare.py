"""The operators of conditions over plain values, in three-valued logic.

| value is           | equals, in, matches, contains, at_least, at_most, within | not_equals, not_in | exists | absent |
|--------------------|----------------------------------------------------------|--------------------|--------|--------|
| absent             | false                                                    | true               | false  | true   |
| unknown, but set   | unknown                                                  | unknown            | true   | false  |
| unknown or denied  | unknown                                                  | unknown            | unknown| unknown|
| provider default   | as the default                                           | as the default     | false  | true   |

Terraform converts between text, numbers and booleans, so "30" equals 30 and "true" equals true here as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from infraguard.evaluation.kleene import Truth, negate
from infraguard.evaluation.lookup import first_unknown
from infraguard.model.errors import UsageError
from infraguard.model.values import ABSENT, Default, Denied, Unknown, Value, known

_DURATION = re.compile(r"(\d+)\s*(s|m|h|d|w)\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def compare(operator: str, value: Value, operand: Any, now: datetime) -> Truth:
    """What one operator says of one value. `now` is the time that ages are counted from."""
    if operator == "exists":
        return _exists(value)
    if operator == "absent":
        return negate(_exists(value))
    value = known(value)
    if isinstance(value, (Unknown, Denied)):
        return None
    if value is ABSENT:
        return operator in ("not_equals", "not_in")
    if operator in _AGES:
        return _AGES[operator](value, operand, now)
    return _OPERATORS[operator](value, operand)


def _exists(value: Value) -> Truth:
    if value is ABSENT or isinstance(value, Default):
        return False
    if isinstance(value, Unknown):
        return True if value.is_set else None
    return None if isinstance(value, Denied) else True


def as_text(value: Value) -> str:
    """A plain value as Terraform would convert it to text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _same(value: Value, operand: Any) -> bool:
    value = known(value)
    if isinstance(value, list) and isinstance(operand, list):
        return len(value) == len(operand) and all(map(_same, value, operand))
    if isinstance(value, dict) and isinstance(operand, dict):
        return value.keys() == operand.keys() and all(_same(value[key], operand[key]) for key in value)
    if isinstance(value, list | dict) or isinstance(operand, list | dict):
        return False
    if type(value) is type(operand):
        return bool(value == operand)
    left, right = _number(value), _number(operand)
    if left is not None and right is not None:
        return left == right
    return as_text(value) == as_text(operand)


def _equals(value: Value, operand: Any) -> Truth:
    return None if first_unknown(value) is not None else _same(value, operand)


def _in(value: Value, operand: Any) -> Truth:
    return None if first_unknown(value) is not None else any(_same(value, item) for item in operand)


def _contains(value: Value, operand: Any) -> Truth:
    if isinstance(value, str):
        return as_text(operand) in value
    if not isinstance(value, list | dict):
        return False
    if any(_same(item, operand) for item in value if first_unknown(item) is None):
        return True
    return None if any(first_unknown(item) is not None for item in value) else False


def _matches(value: Value, operand: Any) -> Truth:
    return isinstance(value, str | int | float) and _pattern(str(operand)).search(as_text(value)) is not None


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise UsageError(f"{text!r} is no regular expression: {error}") from error


def _number(value: Value) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return value if isinstance(value, int | float) else None


def _at_least(value: Value, operand: Any) -> Truth:
    left, right = _number(value), _number(operand)
    return left is not None and right is not None and left >= right


def _at_most(value: Value, operand: Any) -> Truth:
    left, right = _number(value), _number(operand)
    return left is not None and right is not None and left <= right


def _negated(operator: Callable[[Value, Any], Truth]) -> Callable[[Value, Any], Truth]:
    def opposite(value: Value, operand: Any) -> Truth:
        return negate(operator(value, operand))

    return opposite


def duration(text: Any) -> timedelta:
    """A span such as `30d`, `12h` or `2w`. Raises `UsageError` for anything else."""
    match = _DURATION.match(str(text))
    if not match:
        raise UsageError(f"{text!r} is no duration", hint="write 30d, 12h, 15m or 2w")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _age(value: Value, now: datetime) -> timedelta | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return now - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _older_than(value: Value, operand: Any, now: datetime) -> Truth:
    age = _age(value, now)
    return age is not None and age > duration(operand)


def _within(value: Value, operand: Any, now: datetime) -> Truth:
    age = _age(value, now)
    return age is not None and age <= duration(operand)


_OPERATORS: Final[dict[str, Callable[[Value, Any], Truth]]] = {
    "equals": _equals,
    "not_equals": _negated(_equals),
    "in": _in,
    "not_in": _negated(_in),
    "matches": _matches,
    "contains": _contains,
    "at_least": _at_least,
    "at_most": _at_most,
}
_AGES: Final[dict[str, Callable[[Value, Any, datetime], Truth]]] = {"older_than": _older_than, "within": _within}
