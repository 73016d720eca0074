"""What stands to the right of an operator: a literal or a parameter, of a kind that the operator can work with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from infraguard.model.durations import duration
from infraguard.model.errors import UsageError
from infraguard.model.nearest import nearest
from infraguard.model.policy import Parameter
from infraguard.model.values import Value
from infraguard.policies.cursor import Cursor


def read_operand(cursor: Cursor, parameters: Mapping[str, Parameter], operator: str = "") -> Value:
    """A literal, or `{"$": name}` for `$name`. `$$` at the start is a plain dollar.

    Raises `PolicyError` for a parameter that is not declared, and for what the operator cannot compare with: such a
    test would come out the same whatever is judged.
    """
    data = cursor.data
    name = data[1:] if isinstance(data, str) and data.startswith("$") and not data.startswith("$$") else ""
    if name and name not in parameters:
        cursor.fail(f"no parameter {name!r}", nearest(name, parameters) or "declare it under `parameters`")
    value = parameters[name].default if name else data
    if value is None:
        cursor.fail("nothing is compared with null", "write `absent` for an attribute that is not set")
    if isinstance(value, dict) and "$" in value:
        cursor.fail("the key '$' is kept for parameters", "write $name for the value of a parameter")
    if isinstance(value, list):
        _refuse_names_inside(cursor, value, parameters)
    fits, wanted = _NEEDS.get(operator, (_anything, ""))
    if not fits(value):
        cursor.fail(f"`{operator}` needs {wanted}" + (f", and the default of {name!r} is none" if name else ""))
    if name:
        return {"$": name}
    return data[1:] if isinstance(data, str) and data.startswith("$$") else data


def _refuse_names_inside(cursor: Cursor, items: list[Value], parameters: Mapping[str, Parameter]) -> None:
    for item in items:
        if isinstance(item, str) and item.startswith("$") and item[1:] in parameters:
            cursor.fail(f"{item!r} is plain text inside a list", "declare one parameter of the type list")


def _anything(_: Value) -> bool:
    return True


def _is_list(value: Value) -> bool:
    return isinstance(value, list)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_pattern(value: Value) -> bool:
    try:
        re.compile(str(value))
    except re.error:
        return False
    return True


def _is_duration(value: Value) -> bool:
    try:
        duration(value)
    except UsageError:
        return False
    return True


_NEEDS: Final[dict[str, tuple[Callable[[Value], bool], str]]] = {
    "in": (_is_list, "a list"),
    "not_in": (_is_list, "a list"),
    "at_least": (_is_number, "a number"),
    "at_most": (_is_number, "a number"),
    "matches": (_is_pattern, "a regular expression"),
    "older_than": (_is_duration, "a span of time such as 30d, 12h, 15m or 2w"),
    "within": (_is_duration, "a span of time such as 30d, 12h, 15m or 2w"),
}
