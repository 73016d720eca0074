"""Filling in the expressions of a text that its matrix, its inputs and its variables decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from infraguard.collectors.repository.actions.matrix import EXPRESSION
from infraguard.readers.patterns import pattern

_NAME = pattern(r"[A-Za-z_][\w-]*(?:\.[\w-]+)+\Z")
_FORMAT = pattern(r"format\(\s*'((?:[^']|'')*)'\s*,(.*)\)\Z", re.DOTALL)
_HOLE = pattern(r"\{(\d+)\}")

Scope = Mapping[str, Any]


def filled(value: Any, scope: Scope) -> Any:
    """A value with every expression replaced whose names are in the scope; the others stay as they are written."""
    if isinstance(value, str):
        return EXPRESSION.sub(lambda match: _replaced(match, scope), value) if "${{" in value else value
    if isinstance(value, dict):
        return {key: filled(item, scope) for key, item in value.items()}
    return [filled(item, scope) for item in value] if isinstance(value, list) else value


def _replaced(match: re.Match[str], scope: Scope) -> str:
    value = _value(match[1], scope)
    return match[0] if value is None else as_github(value)


def _value(expression: str, scope: Scope) -> Any:
    """What an expression comes to; None where something in it is not in the scope."""
    for alternative in expression.split("||"):
        value = _single(alternative.strip(), scope)
        if value is None or value not in ("", False, 0):
            return value
    return ""


def _single(text: str, scope: Scope) -> Any:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if template := _FORMAT.match(text):
        parts = [_single(part.strip(), scope) for part in template[2].split(",")]
        if None in parts:
            return None
        return _HOLE.sub(lambda hole: as_github(parts[int(hole[1])]) if int(hole[1]) < len(parts) else "", template[1])
    if not _NAME.match(text):
        return None
    if text in scope:
        value = scope[text]
        return None if isinstance(value, dict | list) or "${{" in str(value) else value
    head = text.partition(".")[0]
    return "" if head in scope.get("", ()) else None


def as_github(value: Any) -> str:
    """A value as GitHub writes it into a text."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def scope_of(*, complete: Iterable[str] = (), **contexts: Mapping[str, Any]) -> dict[str, Any]:
    """A scope of contexts by name (`matrix`, `inputs`, `env`).

    Of a context that is complete, a name that it does not have is empty, as GitHub has it.
    """
    found: dict[str, Any] = {"": tuple(complete)}
    for context, values in contexts.items():
        found |= _flat(context, values)
    return found


def _flat(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        found[f"{prefix}.{key}"] = value
        if isinstance(value, dict):
            found |= _flat(f"{prefix}.{key}", value)
    return found
