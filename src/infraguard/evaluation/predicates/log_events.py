"""A predicate on a service: whether it logs each kind of event that somebody will ask for."""

from __future__ import annotations

from typing import Any, Final

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, known

EVENT: Final = "log_event"
_KINDS: Final = {
    "authentication": "logins",
    "authorization": "refusals",
    "error": "errors",
    "slow": "slow operations",
}
#: What only a service in which money moves has to log.
_MONEY: Final = ("financial", "what happens to money")


def logs_every_event(item: Item, world: World) -> Trace:
    """Whether logins, refusals, errors and slow operations are logged, and where money moves what happens to it."""
    seen = [known(lookup(each.attributes, "category")) for each in world.unit.resources((EVENT,))]
    missing = [words for category, words in _KINDS.items() if category not in seen]
    domains = known(lookup(item.value, "domains"))
    is_open = isinstance(domains, (Unknown, Denied))
    moves_money = isinstance(domains, list) and "transactions" in domains
    category, words = _MONEY
    if category not in seen and moves_money:
        missing.append(words)
    why: dict[str, Any] = {}
    if missing:
        hidden = next((each for each in seen if isinstance(each, (Unknown, Denied))), None)
        why = world.unit.why_missing((EVENT,)) or why_unread(hidden)
    elif is_open and category not in seen:
        why = why_unread(domains)
    truth = None if why else not missing
    return Trace(
        operator="logs",
        truth=truth,
        path="missing",
        observed=", ".join(missing) or "nothing",
        location=item.resource.location,
        **why,
    )
