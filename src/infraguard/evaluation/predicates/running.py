"""How often something that has a schedule runs."""

from __future__ import annotations

from datetime import timedelta

from infraguard.evaluation.compare import as_text
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.schedules import longest_gap
from infraguard.model.values import ABSENT, Denied, Unknown, known


def runs_within(item: Item, _: World, *, attribute: str, days: float) -> Trace:
    """Whether no more than so many days lie between two runs of a schedule."""
    value = known(lookup(item.value, attribute))
    is_read = not isinstance(value, (Unknown, Denied))
    gap = longest_gap(as_text(value)) if is_read and value is not ABSENT else None
    truth: Truth = gap <= timedelta(days=days) if gap else False if value is ABSENT else None
    why = why_unread(value)
    if truth is None and is_read:
        why = {
            "reason": f"{as_text(value)} is no schedule that is understood here",
            "remedy": "write it as cron or rate",
        }
    return Trace(
        operator="runs_within",
        truth=truth,
        path=item.join(attribute),
        expected=f"every {as_text(days)} days",
        observed=None if value is ABSENT else value,
        location=item.place(attribute),
        **why,
    )
