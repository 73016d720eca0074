"""From an answer of AWS to attributes under Terraform's names.

What AWS always says and an answer lacks is unknown, never absent: only a field whose absence has a meaning may be
absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from infraguard.model.values import ABSENT, Unknown, Value

#: One item of an answer, as boto3 parsed it.
Answer: TypeAlias = Mapping[str, Any]
#: How one attribute is read from an item.
Field: TypeAlias = Callable[[Answer], Value]


def attributes(answer: Answer, fields: Mapping[str, Field]) -> dict[str, Value]:
    """The attributes of an item; those that are absent have no key."""
    read = {name: field(answer) for name, field in fields.items()}
    return {name: value for name, value in read.items() if value is not ABSENT}


def always(*path: str) -> Field:
    """A field that AWS always returns; unknown when it is not there."""
    return lambda answer: _or_unknown(at(answer, path), path)


def maybe(*path: str) -> Field:
    """A field whose absence has a meaning, such as the source of a database that is no replica."""
    return lambda answer: at(answer, path)


def moment(*path: str) -> Field:
    """A point in time whose absence has a meaning, as ISO 8601 text of UTC, whatever clock this machine goes by."""

    def read(answer: Answer) -> Value:
        found = at(answer, path)
        return found.astimezone(UTC).isoformat() if isinstance(found, datetime) else found

    return read


def either(value: Value, *path: str) -> Field:
    """A field that AWS leaves out when it is `value`."""

    def read(answer: Answer) -> Value:
        found = at(answer, path)
        return value if found is ABSENT else found

    return read


def each(path: tuple[str, ...], item: Field) -> Field:
    """A list that AWS always returns, also when it is empty, with `item` read from every element."""

    def read(answer: Answer) -> Value:
        found = at(answer, path)
        return [item(element) for element in found] if isinstance(found, list) else _or_unknown(ABSENT, path)

    return read


def pairs(path: tuple[str, ...], key: str = "Key", value: str = "Value") -> Field:
    """A list of names and values, such as tags, that AWS always returns, as a mapping."""

    def read(answer: Answer) -> Value:
        found = at(answer, path)
        if not isinstance(found, list):
            return _or_unknown(ABSENT, path)
        return {str(item.get(key)): item.get(value) for item in found}

    return read


def not_read(what: str) -> Field:
    """An attribute that Terraform has and that no call of ours reads."""
    reason = f"{what} are not read from AWS"
    return lambda _: Unknown(reason, remedy="judge them in Terraform")


def at(answer: Answer, path: tuple[str, ...]) -> Value:
    """What stands at a path in an item, or `ABSENT`. AWS has no use for null: it means the same."""
    value: Any = answer
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return ABSENT if value is None else value


def _or_unknown(value: Value, path: tuple[str, ...]) -> Value:
    if value is not ABSENT:
        return value
    field = ".".join(path)
    return Unknown(f"the answer of AWS lacks {field}", remedy=f"look up {field} in the AWS console, and scan again")
