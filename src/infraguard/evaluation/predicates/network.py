"""Routes and security groups as the network applies them, whichever way they are declared."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Final

from infraguard.evaluation import kleene
from infraguard.evaluation.compare import as_text
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import addresses, references_at, refers
from infraguard.evaluation.world import Unit
from infraguard.model.evidence import Resource
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known

ROUTING_KINDS: Final = (
    *("aws_db_subnet_group", "aws_subnet", "aws_vpc", "aws_internet_gateway", "aws_route_table", "aws_route"),
    *("aws_default_route_table", "aws_route_table_association", "aws_main_route_table_association"),
)
SECURITY_GROUP_KINDS: Final = (
    *("aws_security_group", "aws_default_security_group"),
    *("aws_security_group_rule", "aws_vpc_security_group_ingress_rule"),
)
#: Rules beside a group, which may be made anywhere.
RULE_KINDS: Final = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
#: How a rule names the protocol of databases, and every protocol: in words or by number, in any case.
_TCP: Final = ("tcp", "6")
_EVERY_PROTOCOL: Final = ("all", "-1")
_TABLES: Final = ("aws_route_table", "aws_default_route_table")


def subnet_is_public(unit: Unit, subnet: Resource) -> Truth:
    """Whether the subnet's effective route table leads to an internet gateway.

    A subnet without an association of its own uses the main table of its VPC; a VPC made in this configuration has one
    with nothing but the local route (AWS VPC guide, "Route tables").
    """
    own: list[Truth] = []
    perhaps: list[Truth] = []
    for association in unit.referring(("aws_route_table_association",), "subnet_id", subnet):
        mine = _is_of_each(association, subnet) or kleene.every(
            (refers(association, "subnet_id", subnet), _exists(association))
        )
        if mine is not False:
            (own if mine else perhaps).append(_table_named_leads_out(unit, association))
    if not own:
        main = _main_table_leads_out(unit, subnet)
        return main if not perhaps else _same(perhaps, main)
    return kleene.some((*own, *(None if truth else truth for truth in perhaps)))


def _is_of_each(association: Resource, subnet: Resource) -> bool:
    """Whether there is one association for each of several subnets: what nobody knows of them is the same."""
    doubts = (association.perhaps, subnet.perhaps)
    causes = [doubt.depends_on for doubt in doubts if doubt]
    return len(causes) == len(doubts) and causes[0] == causes[1] and refers(association, "subnet_id", subnet) is True


def _main_table_leads_out(unit: Unit, subnet: Resource) -> Truth:
    perhaps: list[Truth] = []
    for main in unit.resources(("aws_main_route_table_association",)):
        mine = kleene.every((_same_network(unit, main, subnet), _exists(main)))
        if mine:
            return _table_named_leads_out(unit, main)
        if mine is None:
            perhaps.append(_table_named_leads_out(unit, main))
    networks = [(refers(subnet, "vpc_id", vpc), vpc) for vpc in unit.named(("aws_vpc",)).by(subnet, "vpc_id")]
    answers = [kleene.every((link, _first_table_leads_out(unit, vpc))) for link, vpc in networks if link is not False]
    first = kleene.some(answers) if any(link for link, _ in networks) else None
    return first if not perhaps else _same(perhaps, first)


def _first_table_leads_out(unit: Unit, network: Resource) -> Truth:
    """Whether the table that a VPC is made with leads out: by what is declared of that table, or routes added to it."""
    answers: list[Truth] = []
    for table in unit.referring(("aws_default_route_table",), "default_route_table_id", network):
        mine = _is_first_table_of(network, table, "default_route_table_id")
        answers.append(kleene.every((mine, _exists(table), table_leads_out(unit, table))))
    for route in unit.referring(("aws_route",), "route_table_id", network):
        mine = _is_first_table_of(network, route, "route_table_id")
        answers.append(kleene.every((mine, _exists(route), _leads_out(unit, route, ""))))
    return kleene.some(answers)


def _is_first_table_of(network: Resource, holder: Resource, path: str) -> Truth:
    """Whether an attribute names the table that the VPC was made with: an attribute of the VPC itself."""
    value = lookup(holder.attributes, path)
    references = references_at(holder, path, value)
    if not references and isinstance(value, (Unknown, Denied)):
        return None
    return any(address in references for address in addresses(network))


def _same(perhaps: list[Truth], otherwise: Truth) -> Truth:
    """What holds whichever of several tables is the one in effect."""
    return otherwise if all(truth is otherwise for truth in perhaps) else None


def _exists(resource: Resource) -> Truth:
    return None if resource.perhaps else True


def _same_network(unit: Unit, left: Resource, right: Resource) -> Truth:
    mine, other = lookup(left.attributes, "vpc_id"), lookup(right.attributes, "vpc_id")
    if isinstance(mine, str) and isinstance(other, str):
        return mine == other
    shared = [
        kleene.every((refers(left, "vpc_id", vpc), refers(right, "vpc_id", vpc)))
        for vpc in unit.resources(("aws_vpc",))
    ]
    return kleene.some(shared) if shared else None


def _table_named_leads_out(unit: Unit, association: Resource) -> Truth:
    """Whether the table that an association names leads out; unknown when it is not certainly one that was read."""
    path = "route_table_id"
    every = unit.named(_TABLES).by(association, path)
    tables = [each for each in every if refers(association, path, each)]
    if tables:
        return kleene.some(table_leads_out(unit, table) for table in tables)
    networks = [vpc for vpc in unit.resources(("aws_vpc",)) if _is_first_table_of(vpc, association, path)]
    return kleene.some(_first_table_leads_out(unit, vpc) for vpc in networks) if networks else None


def table_leads_out(unit: Unit, table: Resource) -> Truth:
    """Whether a route table sends public addresses, be it some only, to an internet gateway."""
    routes = lookup(table.attributes, "route")
    answers: list[Truth] = []
    if isinstance(routes, (Unknown, Denied)):
        answers.append(None)
    elif isinstance(routes, list):
        answers.extend(_leads_out(unit, table, f"route.{index}") for index in range(len(routes)))
    for route in unit.referring(("aws_route",), "route_table_id", table):
        mine = refers(route, "route_table_id", table)
        if mine is not False:
            answers.append(kleene.every((mine, _exists(route), _leads_out(unit, route, ""))))
    return kleene.some(answers)


def _leads_out(unit: Unit, holder: Resource, path: str) -> Truth:
    prefix = f"{path}." if path else ""
    names = ("cidr_block", "ipv6_cidr_block", "destination_cidr_block", "destination_ipv6_cidr_block")
    destinations = [lookup(holder.attributes, prefix + name) for name in names]
    outward = kleene.some(is_public(destination) for destination in destinations if destination is not ABSENT)
    if outward is False and lookup(holder.attributes, f"{prefix}destination_prefix_list_id") is not ABSENT:
        outward = None
    gateway = lookup(holder.attributes, f"{prefix}gateway_id")
    if isinstance(gateway, str):
        return kleene.every((outward, gateway.startswith("igw-")))
    if gateway is ABSENT:
        return False
    to_gateway = [refers(holder, f"{prefix}gateway_id", g) for g in unit.resources(("aws_internet_gateway",))]
    known_elsewhere = bool(holder.references.get(f"{prefix}gateway_id"))
    return kleene.every((outward, kleene.some(to_gateway) if to_gateway or known_elsewhere else None))


def group_is_open(unit: Unit, group: Resource, port: Value) -> Truth:
    """Whether a security group admits public addresses to the port, inline or by rule resources of its own."""
    inline = lookup(group.attributes, "ingress")
    own = _own_ranges(unit)
    answers: list[Truth] = []
    if isinstance(inline, (Unknown, Denied)):
        answers.append(None)
    elif isinstance(inline, list):
        answers.extend(_admits(rule, port, own) for rule in inline)
    for rule in unit.referring(RULE_KINDS, "security_group_id", group):
        mine = refers(rule, "security_group_id", group)
        if mine is not False:
            answers.append(kleene.every((mine, _exists(rule), _is_inward(rule), _admits(rule.attributes, port, own))))
    return kleene.some(answers)


def _is_inward(rule: Resource) -> Truth:
    direction = known(rule.attributes.get("type")) if rule.kind == "aws_security_group_rule" else "ingress"
    return None if isinstance(direction, (Unknown, Denied)) else direction != "egress"


def _own_ranges(unit: Unit) -> frozenset[str]:
    """The variables without a value from which networks and subnets have their ranges: whoever is in them is inside."""
    values = (known(each.attributes.get("cidr_block")) for each in unit.resources(("aws_vpc", "aws_subnet")))
    return frozenset(cause for value in values if isinstance(value, Unknown) for cause in value.depends_on)


def _admits(rule: Value, port: Value, own: frozenset[str]) -> Truth:
    if isinstance(rule, (Unknown, Denied)):
        return None
    return kleene.every((kleene.some(_sources(rule, own)), _covers(rule, port)))


def _sources(rule: dict[str, Value], own: frozenset[str]) -> Iterator[Truth]:
    """Whether each of the rule's sources is public; what a prefix list holds is in no evidence of ours."""
    if any(known(rule.get(name)) for name in ("prefix_list_ids", "prefix_list_id")):
        yield None
    for item in ranges_of(rule):
        is_own = isinstance(item, Unknown) and bool(item.depends_on) and own.issuperset(item.depends_on)
        yield False if is_own else is_public(item)


def ranges_of(rule: Mapping[str, Value]) -> Iterator[Value]:
    """The ranges of addresses that a rule of a group names, known or not."""
    for name in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"):
        value = known(rule.get(name))
        yield from value if isinstance(value, list) else [] if value is None else [value]


def is_public(cidr: Value) -> Truth:
    """Whether a range of addresses holds any that is routed on the internet."""
    network = network_of(cidr)
    return None if network is None else network.is_global


def network_of(cidr: Value) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """A range of addresses; None for what is not known, or is none."""
    if isinstance(cidr, (Unknown, Denied)):
        return None
    try:
        return ipaddress.ip_network(str(cidr), strict=False)
    except ValueError:
        return None


def _covers(rule: dict[str, Value], port: Value) -> Truth:
    protocol = known(rule.get("protocol", rule.get("ip_protocol")))
    if isinstance(protocol, (Unknown, Denied)):
        return None
    protocol = as_text(protocol).lower()
    if protocol in _EVERY_PROTOCOL or protocol not in _TCP:
        return protocol in _EVERY_PROTOCOL
    low, high = known(rule.get("from_port")), known(rule.get("to_port"))
    if not isinstance(port, int):
        return None
    try:
        return int(low) <= port <= int(high)
    except (TypeError, ValueError):
        return None
