"""Versions compared by their numbers: as text, 9 would be more than 14."""

from __future__ import annotations

import re

from infraguard.evaluation.compare import as_text
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known


def version_at_least(item: Item, _: World, *, attribute: str, least: float) -> Trace:
    """Whether the version that an attribute gives is not older than `least`."""
    value = known(lookup(item.value, attribute))
    truth = _at_least(value, least)
    return Trace(
        operator="at_least",
        truth=truth,
        path=item.join(attribute),
        expected=least,
        observed=None if value is ABSENT else value,
        origin="absent" if value is ABSENT else "",
        location=item.place(attribute),
        **(why_unread(value) if truth is None else {}),
    )


def _at_least(value: Value, least: float) -> Truth:
    if isinstance(value, Unknown) and value.bounds is not None and value.bounds.among:
        truths = {_at_least(each, least) for each in value.bounds.among}
        return truths.pop() if len(truths) == 1 else None
    if isinstance(value, (Unknown, Denied)):
        return None
    return _numbers(value) >= _numbers(least)


def _numbers(value: Value) -> tuple[int, ...]:
    """The leading numbers of a version; none where it has none."""
    found = re.match(r"v?(\d+(?:\.\d+)*)", as_text(value))
    return tuple(int(part) for part in found[1].split(".")) if found else ()
