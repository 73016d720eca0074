"""Predicates on resources of any kind: what they are, what their texts mention, and what no text of theirs tells."""

from __future__ import annotations

import re

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import identities
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known


def not_told_here(item: Item, _: World, reason: Value, remedy: Value) -> Trace:
    """Whether it holds, which is always unknown here: what decides it is kept where this source does not look."""
    return Trace(
        operator="elsewhere",
        truth=None,
        location=item.resource.location,
        reason=str(reason),
        remedy=str(remedy),
        depends_on=(str(reason),),
    )


def is_one_of(item: Item, _: World, kinds: Value) -> Trace:
    """Whether the resource is of one of these kinds, in a rule on several."""
    return Trace(operator="kind", truth=item.resource.kind in kinds, location=item.resource.location)


def mentions(item: Item, _: World, path: Value, pattern: Value) -> Trace:
    """Whether a text holds a pattern. In JSON of which parts are unknown, what is known can prove that it does."""
    value = known(lookup(item.value, str(path)))
    place = item.place(str(path))
    if isinstance(value, (Unknown, Denied)):
        found = isinstance(value, Unknown) and re.search(str(pattern), value.json) is not None
        why = {} if found else why_unread(value)
        return Trace(operator="mentions", truth=found or None, path=str(path), location=place, **why)
    text = "" if value is ABSENT else str(value)
    return Trace(operator="mentions", truth=re.search(str(pattern), text) is not None, path=str(path), location=place)


def is_named(item: Item, _: World, pattern: Value) -> Trace:
    """Whether a resource's own name or its address holds a pattern. The address is known where the name is not."""
    resource = item.resource
    names = [resource.id, *(text for text in identities(resource) if isinstance(text, str))]
    truth = any(re.search(str(pattern), name) for name in names)
    return Trace(operator="named", truth=truth, path="name", observed=names[-1], location=resource.location)
