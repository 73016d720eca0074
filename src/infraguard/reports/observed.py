"""Observed values on their way into a report.

`as_data` is the one door: every value that was read from a target passes it before any format shows it.

A known value is written as it is. What stands where a plain value cannot is an object with one key:

- `{"$unknown": {"reason": ..., "depends_on": [...], "is_set": ...}}`: it could not be worked out;
- `{"$denied": {"reason": ..., "permission": ...}}`: we were not allowed to read it;
- `{"$default": {"value": ..., "origin": ...}}`: the source is silent, and the provider puts this.

What is absent is null. A key of a scanned file that begins with `$` gets a second one, so that it is no marker.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

from infraguard.model.values import ABSENT, Default, Denied, Unknown, Value
from infraguard.readers.patterns import pattern
from infraguard.reports.text import printable, shortened

_LINE_BREAK: Final = pattern(r"[ \t]*\r?\n\s*")


def as_data(value: Value) -> Any:
    """The value as plain JSON data."""
    if isinstance(value, Unknown):
        words = {"reason": value.reason, "depends_on": list(value.depends_on), "is_set": value.is_set}
        return {"$unknown": words}
    if isinstance(value, Denied):
        return {"$denied": {"reason": value.reason, "permission": value.permission}}
    if isinstance(value, Default):
        return {"$default": {"value": as_data(value.value), "origin": value.origin}}
    if value is ABSENT:
        return None
    if isinstance(value, dict):
        return {_key(str(key)): as_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_data(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def in_words(value: Value) -> str:
    """The value as a person reads it, on one line: `7`, `"db"`, `0, by default`, `not set`."""
    data = as_data(value)
    return "not set" if data is None else shortened(printable(_words(data)))


def _words(data: Any) -> str:
    if isinstance(data, list):
        return f"[{', '.join(map(_words, data))}]"
    if isinstance(data, str):
        return f'"{_LINE_BREAK.sub(" ", data.strip())}"'
    if not isinstance(data, dict):
        return json.dumps(data)
    match tuple(data.items()):
        case (("$unknown", {"reason": reason}),):
            return f"unknown: {reason}"
        case (("$denied", {"reason": reason}),):
            return f"not readable: {reason}"
        case (("$default", {"value": inner}),):
            return f"{_words(inner)}, by default"
    pairs = ", ".join(f"{key.removeprefix('$')}: {_words(value)}" for key, value in data.items())
    return f"{{{pairs}}}"


def _key(key: str) -> str:
    return f"${key}" if key.startswith("$") else key
