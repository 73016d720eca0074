"""A predicate on dates that are still to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known


def lasts(item: Item, world: World, path: Value, days: Value) -> Trace:
    """Whether the date at a path is further away than so many days. What has no date is not known to last."""
    value = known(lookup(item.value, str(path)))
    shown = Trace(operator="lasts", truth=None, path=str(path), observed=None, location=item.place(str(path)))
    if isinstance(value, (Unknown, Denied)):
        return _unread(shown, **why_unread(value))
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        what = "is not given" if value is ABSENT else "is no date"
        return _unread(shown, reason=f"{path} of {item.resource.id} {what}", remedy="look it up")
    left = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - world.now
    return Trace(
        operator="lasts",
        truth=left > timedelta(days=float(days)),
        path=str(path),
        expected=days,
        observed=str(value),
        location=shown.location,
    )


def _unread(shown: Trace, **why: str) -> Trace:
    return replace(shown, **why)
