"""A predicate for what this source cannot tell: always unknown, with the reason and what to do."""

from __future__ import annotations

from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import Value


def not_told_here(item: Item, _: World, reason: Value, remedy: Value) -> Trace:
    """Unknown: what decides it is kept where this source does not look."""
    return Trace(
        operator="elsewhere",
        truth=None,
        location=item.resource.location,
        reason=str(reason),
        remedy=str(remedy),
        depends_on=(str(reason),),
    )
