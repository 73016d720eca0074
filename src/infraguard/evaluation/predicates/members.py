"""How many members a cluster has, and whether they lie in zones of their own."""

from __future__ import annotations

from typing import Any, Final

from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import first_unknown, lookup
from infraguard.evaluation.relations import refers
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, known

MEMBER: Final = "aws_rds_cluster_instance"
_LINK: Final = "cluster_identifier"


def several_members(item: Item, world: World, *, least: int) -> Trace:
    """Whether at least so many instances certainly belong to the cluster."""
    certain, doubtful = _members(item.resource, world.unit)
    truth: Truth = len(certain) >= least
    return Trace(
        operator="several_members",
        truth=truth or (None if doubtful or world.unit.gaps((MEMBER,)) else False),
        path="members",
        expected=f"at least {least}",
        observed=len(certain),
        location=item.resource.location,
        **({} if truth else _why(doubtful, world.unit)),
    )


def in_several_zones(item: Item, world: World) -> Trace:
    """Whether the members lie in several zones. Where no zone is named, AWS spreads them."""
    certain, doubtful = _members(item.resource, world.unit)
    zones = [known(lookup(member.attributes, "availability_zone")) for member in certain]
    unread = next((zone for zone in zones if isinstance(zone, (Unknown, Denied))), None)
    named = {zone for zone in zones if isinstance(zone, str)}
    together = len(named) == 1 and len(certain) > 1 and all(isinstance(zone, str) for zone in zones)
    truth: Truth = True if len(named) > 1 else None if unread else not together
    # One whose zone is not named is put where AWS finds best; whoever else may be a member changes nothing of that.
    spread = truth is True and (len(named) > 1 or any(not isinstance(zone, str) for zone in zones))
    if not spread and (doubtful or world.unit.gaps((MEMBER,))):
        truth = None
    return Trace(
        operator="in_several_zones",
        truth=truth,
        path="zones",
        expected="more than one",
        observed=", ".join(sorted(named)) or "zones that AWS chooses",
        location=item.resource.location,
        **(why_unread(unread) or _why(doubtful, world.unit) if truth is None else {}),
    )


def _members(cluster: Resource, unit: Unit) -> tuple[list[Resource], list[Resource]]:
    """The instances that certainly belong to the cluster, and those that may."""
    certain: list[Resource] = []
    doubtful: list[Resource] = []
    for member in unit.referring((MEMBER,), _LINK, cluster):
        link = refers(member, _LINK, cluster)
        if link is not False:
            (certain if link and not member.perhaps else doubtful).append(member)
    return certain, doubtful


def _why(doubtful: list[Resource], unit: Unit) -> dict[str, Any]:
    gaps = unit.gaps((MEMBER,))
    if gaps:
        return why_gaps(gaps)
    if not doubtful:
        return {}
    first = doubtful[0]
    return why_unread(first.perhaps or first_unknown(lookup(first.attributes, _LINK)))
