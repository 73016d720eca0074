"""A predicate on checklists."""

from __future__ import annotations

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import Value


def has_points(item: Item, world: World, points: Value) -> Trace:
    """Whether a checklist has all of the points that are documented, by their lists and names."""
    del world
    there = lookup(item.value, "points")
    missing = [point for point in points if not (isinstance(there, list) and point in there)]
    return Trace(
        operator="has_points",
        truth=not missing,
        path="missing",
        expected="no documented point",
        observed=", ".join(map(str, missing)) or "none",
        location=item.place("points"),
    )
