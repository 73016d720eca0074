"""Whether the internet can reach a database: the flag, the routes of its subnets and its security groups together."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from infraguard.evaluation import kleene
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import first_unknown, lookup
from infraguard.evaluation.predicates import network
from infraguard.evaluation.relations import refers
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Default, Denied, Location, Unknown, Value, known

#: Ports that RDS engines listen on when none is given (Amazon RDS user guide, "Choose a port").
_PORTS: Final = {
    "postgres": 5432,
    "aurora-postgresql": 5432,
    "mysql": 3306,
    "aurora-mysql": 3306,
    "mariadb": 3306,
    "oracle": 1521,
    "sqlserver": 1433,
    "db2": 50000,
}


class Leg(NamedTuple):
    """One thing that must be open for a packet from the internet to arrive, and what was found of it."""

    name: str
    is_open: Truth
    found: str
    location: Location
    reason: str = ""
    remedy: str = ""
    depends_on: tuple[str, ...] = ()


def closed_to_the_internet(item: Item, world: World) -> Trace:
    """True when all three legs are closed, false when any is open, with the open ones named.

    One open leg already fails: each is one change away from the others, and a private database needs none of them.
    """
    database = item.resource
    holder = _cluster_of(database, world.unit) or database
    legs = (
        _flag(database),
        _routes(holder, world.unit),
        _security_groups(holder, database, world.unit),
    )
    children = tuple(_leg_trace(leg) for leg in legs)
    return Trace(
        operator="closed_to_the_internet",
        truth=kleene.every(child.truth for child in children),
        path="open_legs",
        expected="flag, routes and security groups closed",
        observed="; ".join(leg.found for leg in legs if leg.is_open) or None,
        location=next((leg.location for leg in legs if leg.is_open), database.location),
        children=children,
    )


def _leg_trace(leg: Leg) -> Trace:
    return Trace(
        operator="leg",
        truth=kleene.negate(leg.is_open),
        path=leg.name,
        expected="closed",
        observed={True: "open", False: "closed", None: "unknown"}[leg.is_open],
        location=leg.location,
        reason=leg.reason,
        remedy=leg.remedy,
        depends_on=leg.depends_on,
    )


def _flag(database: Resource) -> Leg:
    name = "publicly_accessible"
    value = lookup(database.attributes, name)
    place = Item.whole(database).place(name)
    if isinstance(value, (Unknown, Denied)):
        return _unread(name, value, place)
    if value is ABSENT:
        return Leg(name, None, f"{name} was not read", place, f"{name} is missing from the answer", "scan again")
    is_open = known(value) in (True, "true")
    by_default = " by default" if isinstance(value, Default) else ""
    return Leg(name, is_open, f"{name} is {'true' if is_open else 'false'}{by_default}", place)


def _routes(database: Resource, unit: Unit) -> Leg:
    name = "routes"
    place = Item.whole(database).place("db_subnet_group_name")
    if lookup(database.attributes, "db_subnet_group_name") is ABSENT:
        found = "no subnet group, so the default VPC, whose subnets are public"
        return Leg(name, True, found, place)
    groups, problem = _followed(database, "db_subnet_group_name", ("aws_db_subnet_group",), unit, name, place)
    if problem:
        return problem
    answers: list[tuple[Truth, Resource]] = []
    for group in groups:
        subnets, problem = _followed(group, "subnet_ids", ("aws_subnet",), unit, name, place)
        if problem:
            return problem
        answers.extend((network.subnet_is_public(unit, subnet), subnet) for subnet in subnets)
    shown = _shown(
        answers,
        ("subnet {} has a route to an internet gateway", "subnets {} have routes to an internet gateway"),
        "its subnets have no route to the internet",
    )
    return _weighed(name, answers, shown, unit, network.ROUTING_KINDS)


def _security_groups(holder: Resource, database: Resource, unit: Unit) -> Leg:
    name = "security_groups"
    attribute = "vpc_security_group_ids"
    place = Item.whole(holder).place(attribute)
    value = lookup(holder.attributes, attribute)
    if value is ABSENT or value == []:
        return Leg(
            name,
            None,
            "the default security group of the VPC",
            place,
            f"{holder.id} names no security group, and the rules of the default one are not here",
            f"give it {attribute} with a group of its own",
            (f"{holder.id}.{attribute}",),
        )
    groups, problem = _followed(
        holder, attribute, ("aws_security_group", "aws_default_security_group"), unit, name, place
    )
    if problem:
        return problem
    port = _port(holder, database)
    answers = [(network.group_is_open(unit, group, port), group) for group in groups]
    shown = _shown(
        answers,
        ("security group {} admits public addresses", "security groups {} admit public addresses"),
        "its security groups admit no public address",
    )
    return _weighed(name, answers, shown, unit, network.SECURITY_GROUP_KINDS)


def _followed(
    source: Resource, path: str, kinds: tuple[str, ...], unit: Unit, name: str, place: Location
) -> tuple[list[Resource], Leg | None]:
    """The resources that an attribute names, or the leg as unknown when one of them cannot be found."""
    candidates = unit.named(kinds)
    links = [(refers(source, path, candidate), candidate) for candidate in candidates.by(source, path)]
    linked = [candidate for link, candidate in links if link is True]
    value = lookup(source.attributes, path)
    outside = candidates.lacks(source, path)
    if linked and not outside and None not in [link for link, _ in links]:
        return linked, None
    gaps = unit.gaps(kinds)
    if gaps:
        return [], Leg(name, None, f"{path} was not followed", place, **why_gaps(gaps))
    if isinstance(value, (Unknown, Denied)) and not outside:
        return [], _unread(name, value, place)
    missing = outside[0] if outside else path
    return [], Leg(
        name,
        None,
        f"{path} leads to {missing}",
        place,
        f"{missing}, which {source.id} names, is not in what was read",
        "scan the configuration that makes it, or the live account",
        (missing,),
    )


def _weighed(name: str, answers: list[tuple[Truth, Resource]], shown: str, unit: Unit, kinds: tuple[str, ...]) -> Leg:
    """One leg over several subnets or groups. What looks closed is unknown while rules may be missing."""
    is_open = kleene.some(truth for truth, _ in answers)
    decisive = next((resource for truth, resource in answers if truth is is_open), answers[0][1])
    if is_open is True:
        return Leg(name, True, shown, decisive.location)
    gaps = unit.gaps(kinds)
    if gaps:
        return Leg(name, None, shown, decisive.location, **why_gaps(gaps))
    if is_open is None:
        return Leg(name, None, shown, decisive.location, **_undecided(decisive, unit, kinds))
    return Leg(name, False, shown, decisive.location)


def _undecided(decisive: Resource, unit: Unit, kinds: tuple[str, ...]) -> dict[str, Any]:
    """Why it cannot be said what a subnet or group lets through: the first value that nothing gives."""
    for resource in (decisive, *unit.resources(kinds)):
        for value in resource.attributes.values():
            unread = first_unknown(value)
            if isinstance(unread, Denied) or (isinstance(unread, Unknown) and not unread.is_set):
                return why_unread(unread)
    return {
        "reason": f"what {decisive.id} lets through cannot be worked out",
        "remedy": "give its rules known values",
        "depends_on": (decisive.id,),
    }


def _shown(answers: list[tuple[Truth, Resource]], is_open: tuple[str, str], closed: str) -> str:
    """What was found of a leg, with the offenders named: a sentence for one and one for several."""
    offenders = [resource.id for truth, resource in answers if truth]
    return is_open[len(offenders) > 1].format(" and ".join(offenders)) if offenders else closed


def _unread(name: str, value: Unknown | Denied, place: Location) -> Leg:
    return Leg(name, None, f"{name} is not known", place, **why_unread(value))


def _cluster_of(database: Resource, unit: Unit) -> Resource | None:
    """The cluster that holds the network settings of an instance of it, where the instance has none of its own."""
    if database.kind != "aws_rds_cluster_instance" or "vpc_security_group_ids" in database.attributes:
        return None
    clusters = unit.named(("aws_rds_cluster",)).by(database, "cluster_identifier")
    return next((cluster for cluster in clusters if refers(database, "cluster_identifier", cluster)), None)


def _port(holder: Resource, database: Resource) -> Value:
    port = known(database.attributes.get("port", holder.attributes.get("port")))
    if isinstance(port, str) and port.isdecimal():
        return int(port)
    if port is not None:
        return port
    engine = known(database.attributes.get("engine", holder.attributes.get("engine")))
    prefixes = (number for name, number in _PORTS.items() if isinstance(engine, str) and engine.startswith(name))
    return next(prefixes, None)
