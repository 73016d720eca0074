"""Routes and security groups as the network applies them, whichever way they are declared."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Final

from infraguard.evaluation import kleene
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import refers
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
_RULES: Final = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
_TABLES: Final = ("aws_route_table", "aws_default_route_table")


def subnet_is_public(unit: Unit, subnet: Resource) -> Truth:
    """Whether the subnet's effective route table leads to an internet gateway.

    A subnet without an association of its own uses the main table of its VPC; a VPC made in this configuration has one
    with nothing but the local route (AWS VPC guide, "Route tables").
    """
    answers: list[Truth] = []
    for association in unit.referring(("aws_route_table_association",), "subnet_id", subnet):
        mine = refers(association, "subnet_id", subnet)
        if mine is not False:
            answers.append(kleene.every((mine, _tables_lead_out(unit, association, "route_table_id"))))
    if not answers:
        return _main_table_leads_out(unit, subnet)
    return kleene.some(answers)


def _main_table_leads_out(unit: Unit, subnet: Resource) -> Truth:
    mains: list[Truth] = []
    for main in unit.resources(("aws_main_route_table_association",)):
        same = _same_network(unit, main, subnet)
        if same is not False:
            mains.append(kleene.every((same, _tables_lead_out(unit, main, "route_table_id"))))
    mains.extend(table_leads_out(unit, table) for table in unit.resources(("aws_default_route_table",)))
    if mains:
        return kleene.some(mains)
    made_here = any(refers(subnet, "vpc_id", vpc) is True for vpc in unit.named(("aws_vpc",)).by(subnet, "vpc_id"))
    return False if made_here else None


def _same_network(unit: Unit, left: Resource, right: Resource) -> Truth:
    mine, other = lookup(left.attributes, "vpc_id"), lookup(right.attributes, "vpc_id")
    if isinstance(mine, str) and isinstance(other, str):
        return mine == other
    shared = [
        kleene.every((refers(left, "vpc_id", vpc), refers(right, "vpc_id", vpc)))
        for vpc in unit.resources(("aws_vpc",))
    ]
    return kleene.some(shared) if shared else None


def _tables_lead_out(unit: Unit, association: Resource, path: str) -> Truth:
    tables = [(refers(association, path, table), table) for table in unit.named(_TABLES).by(association, path)]
    linked = [(link, table) for link, table in tables if link is not False]
    if not linked:
        return None
    return kleene.some(kleene.every((link, table_leads_out(unit, table))) for link, table in linked)


def table_leads_out(unit: Unit, table: Resource) -> Truth:
    """Whether a route table sends everything that is not local to an internet gateway."""
    routes = lookup(table.attributes, "route")
    answers: list[Truth] = []
    if isinstance(routes, (Unknown, Denied)):
        answers.append(None)
    elif isinstance(routes, list):
        answers.extend(_leads_out(unit, table, f"route.{index}") for index in range(len(routes)))
    for route in unit.referring(("aws_route",), "route_table_id", table):
        mine = refers(route, "route_table_id", table)
        if mine is not False:
            answers.append(kleene.every((mine, _leads_out(unit, route, ""))))
    return kleene.some(answers)


def _leads_out(unit: Unit, holder: Resource, path: str) -> Truth:
    prefix = f"{path}." if path else ""
    names = ("cidr_block", "ipv6_cidr_block", "destination_cidr_block", "destination_ipv6_cidr_block")
    everywhere = kleene.some(_is_everywhere(lookup(holder.attributes, prefix + name)) for name in names)
    if everywhere is False and lookup(holder.attributes, f"{prefix}destination_prefix_list_id") is not ABSENT:
        everywhere = None
    gateway = lookup(holder.attributes, f"{prefix}gateway_id")
    if isinstance(gateway, str):
        return kleene.every((everywhere, gateway.startswith("igw-")))
    if gateway is ABSENT:
        return False
    to_gateway = [refers(holder, f"{prefix}gateway_id", g) for g in unit.resources(("aws_internet_gateway",))]
    known_elsewhere = bool(holder.references.get(f"{prefix}gateway_id"))
    return kleene.every((everywhere, kleene.some(to_gateway) if to_gateway or known_elsewhere else None))


def _is_everywhere(value: Value) -> Truth:
    if isinstance(value, (Unknown, Denied)):
        return None
    return value in ("0.0.0.0/0", "::/0")


def group_is_open(unit: Unit, group: Resource, port: Value) -> Truth:
    """Whether a security group admits public addresses to the port, inline or by rule resources of its own."""
    inline = lookup(group.attributes, "ingress")
    answers: list[Truth] = []
    if isinstance(inline, (Unknown, Denied)):
        answers.append(None)
    elif isinstance(inline, list):
        answers.extend(_admits(rule, port) for rule in inline)
    for rule in unit.referring(_RULES, "security_group_id", group):
        mine = refers(rule, "security_group_id", group)
        outward = rule.kind == "aws_security_group_rule" and known(rule.attributes.get("type")) == "egress"
        if mine is not False and not outward:
            answers.append(kleene.every((mine, _admits(rule.attributes, port))))
    return kleene.some(answers)


def _admits(rule: Value, port: Value) -> Truth:
    if isinstance(rule, (Unknown, Denied)):
        return None
    return kleene.every((kleene.some(_sources(rule)), _covers(rule, port)))


def _sources(rule: dict[str, Value]) -> Iterator[Truth]:
    """Whether each of the rule's sources is public; what a prefix list holds is in no evidence of ours."""
    if any(known(rule.get(name)) for name in ("prefix_list_ids", "prefix_list_id")):
        yield None
    for name in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"):
        value = known(rule.get(name))
        for item in value if isinstance(value, list) else [] if value is None else [value]:
            yield is_public(item)


def is_public(cidr: Value) -> Truth:
    """Whether a range of addresses holds any that is routed on the internet."""
    if isinstance(cidr, (Unknown, Denied)):
        return None
    try:
        network = ipaddress.ip_network(str(cidr), strict=False)
    except ValueError:
        return None
    return network.is_global


def _covers(rule: dict[str, Value], port: Value) -> Truth:
    protocol = known(rule.get("protocol", rule.get("ip_protocol")))
    if protocol in ("-1", -1, "all"):
        return True
    low, high = known(rule.get("from_port")), known(rule.get("to_port"))
    if not isinstance(port, int):
        return None
    try:
        return int(low) <= port <= int(high)
    except (TypeError, ValueError):
        return None
