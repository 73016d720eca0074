"""A predicate on a service: whether it logs each kind of event that somebody will ask for."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, Value, known

EVENT: Final = "log_event"
_KINDS: Final = {
    "authentication": "logins",
    "authorization": "refusals",
    "error": "errors",
    "slow": "slow operations",
}
#: What only a service in which money moves has to log.
_MONEY: Final = ("financial", "what happens to money")


class _Event(NamedTuple):
    category: Value
    #: Why it is left open whether production logs it; empty where it does.
    doubt: dict[str, Any]

    @classmethod
    def of(cls, event: Resource) -> _Event:
        category, seen = (known(lookup(event.attributes, name)) for name in ("category", "is_seen"))
        return cls(category, why_unread(seen))


def logs_every_event(item: Item, world: World) -> Trace:
    """Whether logins, refusals, errors and slow operations are logged, and where money moves what happens to it."""
    events = [_Event.of(each) for each in world.unit.resources((EVENT,))]
    seen = [each.category for each in events if not each.doubt]
    doubts = {str(each.category): each.doubt for each in events if each.doubt}
    domains = known(lookup(item.value, "domains"))
    moves_money = isinstance(domains, list) and "transactions" in domains
    asked = dict((*_KINDS.items(), *([_MONEY] if moves_money else [])))
    missing = {category: words for category, words in asked.items() if category not in seen}
    why: dict[str, Any] = {}
    if missing:
        hidden = next((each for each in seen if isinstance(each, (Unknown, Denied))), None)
        why = world.unit.why_missing((EVENT,)) or why_unread(hidden)
        if not why and missing.keys() <= doubts.keys():
            why = next(iter(doubts[category] for category in missing))
    elif isinstance(domains, (Unknown, Denied)) and _MONEY[0] not in seen:
        why = why_unread(domains)
    truth = None if why else not missing
    return Trace(
        operator="logs",
        truth=truth,
        path="missing",
        observed=", ".join(missing.values()) or "nothing",
        location=item.resource.location,
        **why,
    )
