"""Whether the internet can reach a database: the flag, the routes of its subnets and its security groups together."""

from __future__ import annotations

from typing import Final

from infraguard.evaluation import kleene
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.predicates import network
from infraguard.evaluation.predicates.layers import followed_there
from infraguard.evaluation.predicates.legs import Leg, followed, leg_trace, shown_of, unread_leg, weighed
from infraguard.evaluation.predicates.placement import routes_leg
from infraguard.evaluation.relations import refers
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
_CLUSTER: Final = "aws_rds_cluster"
#: By what a database names the one that it lies beside, and the kind of that.
_FOLLOWS: Final = {"aws_db_instance": "replicate_source_db", "aws_rds_cluster_instance": "cluster_identifier"}
_HOLDERS: Final = {"aws_db_instance": "aws_db_instance", "aws_rds_cluster_instance": _CLUSTER}


def closed_to_the_internet(item: Item, world: World) -> Trace:
    """Whether the internet is shut out three times: by the flag, by the routes and by the security groups.

    One open leg already fails: each is one change away from the others, and a private database needs none of them.
    A cluster as a whole has no flag in Terraform, so routes and groups decide for it.
    """
    database = item.resource
    holder = _cluster_of(database, world.unit) or database
    legs = (
        *(() if database.kind == _CLUSTER else (_flag(database),)),
        _routes(holder, world),
        _security_groups(holder, database, world),
    )
    children = tuple(leg_trace(leg) for leg in legs)
    return Trace(
        operator="closed_to_the_internet",
        truth=kleene.every(child.truth for child in children),
        path="open_legs",
        expected="flag, routes and security groups closed",
        observed="; ".join(leg.found for leg in legs if leg.is_open) or None,
        location=next((leg.location for leg in legs if leg.is_open), database.location),
        children=children,
    )


def _flag(database: Resource) -> Leg:
    name = "publicly_accessible"
    value = lookup(database.attributes, name)
    place = Item.whole(database).place(name)
    if isinstance(value, (Unknown, Denied)):
        return unread_leg(name, value, place)
    if value is ABSENT:
        return Leg(name, None, f"{name} was not read", place, f"{name} is missing from the answer", "scan again")
    is_open = known(value) in (True, "true")
    by_default = " by default" if isinstance(value, Default) else ""
    return Leg(name, is_open, f"{name} is {'true' if is_open else 'false'}{by_default}", place)


def _routes(database: Resource, world: World) -> Leg:
    name = "routes"
    database, problem = _placed_like(database, world.unit, name)
    return problem or routes_leg(name, database, world, "db_subnet_group_name", "aws_db_subnet_group")


def _placed_like(database: Resource, unit: Unit, name: str) -> tuple[Resource, Leg | None]:
    """The resource whose subnet group counts: a member follows its cluster, and a replica in its region its source.

    A source that is named by ARN is in another region (provider, `aws_db_instance.replicate_source_db`).
    """
    path = _FOLLOWS.get(database.kind, "")
    value = known(lookup(database.attributes, path)) if path else ABSENT
    alone = value in (ABSENT, "") or (isinstance(value, str) and value.startswith("arn:"))
    is_by_arn = isinstance(value, Unknown) and any(cause.endswith(".arn") for cause in value.depends_on)
    if lookup(database.attributes, "db_subnet_group_name") is not ABSENT or alone or is_by_arn:
        return database, None
    place = Item.whole(database).place(path)
    found, problem = followed(database, path, (_HOLDERS[database.kind],), unit, name, place)
    return (found[0], None) if found else (database, problem)


def _security_groups(holder: Resource, database: Resource, world: World) -> Leg:
    name = "security_groups"
    attribute = "vpc_security_group_ids"
    place = Item.whole(holder).place(attribute)
    value = lookup(holder.attributes, attribute)
    if value is ABSENT or value == []:
        return _default_group(holder, world.unit, name, attribute)
    kinds = ("aws_security_group", "aws_default_security_group")
    groups, unit, problem = followed_there(holder, attribute, kinds, world, name, place)
    if problem:
        return problem
    port = _port(holder, database)
    answers = [(network.group_is_open(unit, group, port), group) for group in groups]
    shown = shown_of(
        answers,
        ("security group {} admits public addresses", "security groups {} admit public addresses"),
        "its security groups admit no public address",
    )
    # the groups themselves are read, with what stands in them
    return weighed(name, answers, shown, unit, network.RULE_KINDS)


def _default_group(holder: Resource, unit: Unit, name: str, attribute: str) -> Leg:
    """The default group of the network, which admits its own members alone in a network that is made here."""
    place, shown = Item.whole(holder).place(attribute), "the default security group of the VPC"
    networks = _networks(holder, unit, name, place)
    if networks:
        changed = [each for each in unit.resources(network.SECURITY_GROUP_KINDS) if _may_change(each, networks)]
        if not changed:
            return weighed(name, [(False, each) for each in networks], shown, unit, network.SECURITY_GROUP_KINDS)
    return Leg(
        name,
        None,
        shown,
        place,
        f"{holder.id} names no security group, and the rules of the default one are not here",
        f"give it {attribute} with a group of its own",
        (f"{holder.id}.{attribute}",),
    )


def _networks(holder: Resource, unit: Unit, name: str, place: Location) -> list[Resource]:
    """The networks that the subnets of a database certainly lie in; none where one of them is not here."""
    groups, problem = followed(holder, "db_subnet_group_name", ("aws_db_subnet_group",), unit, name, place)
    found: list[Resource] = []
    for group in groups:
        subnets, lost = followed(group, "subnet_ids", ("aws_subnet",), unit, name, place)
        problem = problem or lost
        for subnet in subnets:
            networks, lost = followed(subnet, "vpc_id", ("aws_vpc",), unit, name, place)
            problem = problem or lost
            found += networks
    return [] if problem else found


def _may_change(rule: Resource, networks: list[Resource]) -> bool:
    """Whether this is the default group of a network, or may be a rule of it."""
    if rule.kind == "aws_default_security_group":
        return True
    if rule.kind == "aws_security_group":
        return False
    value = lookup(rule.attributes, "security_group_id")
    names = value.depends_on if isinstance(value, Unknown) else ()
    return not names or any(f"{each.id}.default_security_group_id" in names for each in networks)


def _cluster_of(database: Resource, unit: Unit) -> Resource | None:
    """The cluster that holds the network settings of an instance of it, where the instance has none of its own."""
    if database.kind != "aws_rds_cluster_instance" or "vpc_security_group_ids" in database.attributes:
        return None
    clusters = unit.named((_CLUSTER,)).by(database, "cluster_identifier")
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
