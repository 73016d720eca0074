"""JSON documents in attributes: task definitions, policies, event patterns, whole or with parts that are not known."""

from __future__ import annotations

import json
from typing import Any

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_unread
from infraguard.model.evidence import Resource
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known, with_markers


class NoDocument(Exception):
    """An attribute whose document cannot be looked into, with the reason."""

    def __init__(self, **why: Any) -> None:
        super().__init__(why.get("reason"))
        self.why = why


def document_at(resource: Resource, path: str) -> Value:
    """The content of a JSON text, with markers for parts that are not known; `ABSENT` where there is none.

    Raises `NoDocument`.
    """
    value = known(lookup(resource.attributes, path))
    if isinstance(value, Unknown) and value.json:
        return with_markers(json.loads(value.json))
    if isinstance(value, (Unknown, Denied)):
        raise NoDocument(**why_unread(value))
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else ABSENT
    except (ValueError, RecursionError):
        reason = f"{path} of {resource.id} is no JSON"
        raise NoDocument(reason=reason, remedy=f"mend {path}", depends_on=(resource.id,)) from None


def as_list(value: Value) -> list[Value]:
    """The items of what may be written as one or as a list."""
    value = known(value)
    return [] if value is ABSENT or value is None else value if isinstance(value, list) else [value]
