"""What the service is about, as its repository says: gates on money or on reports ask only services that have any."""

from __future__ import annotations

from typing import Any

from infraguard.evaluation import kleene
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, Value, known


def service_has(_: Item, world: World, fact: Value) -> Trace:
    """Whether the service handles what a gate is about. Where no repository was read, every service is asked."""
    path = str(fact)
    if not world.repositories:
        return Trace(operator="service", truth=True, path=path, observed="not told: no repository was read")
    values = [known(lookup(one.attributes, path)) for one in world.repositories]
    truth = kleene.some(_truth(value) for value in values)
    deciding = next(index for index, value in enumerate(values) if _truth(value) is truth)
    value, repository = values[deciding], world.repositories[deciding]
    why: dict[str, Any] = why_unread(value) if isinstance(value, (Unknown, Denied)) else {}
    place = repository.places.get(path, repository.location)
    return Trace(operator="service", truth=truth, path=path, observed=None if why else value, location=place, **why)


def _truth(value: Value) -> Truth:
    return None if isinstance(value, (Unknown, Denied)) else value is True
