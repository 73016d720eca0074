"""Networks, as far as they decide who reaches what: VPCs, subnets, routes, internet gateways and security groups."""

from __future__ import annotations

from collections.abc import Iterator

from infraguard.collectors.aws.answers import Answer, Field, always, at, attributes, each, either, maybe, pairs
from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.failures import Failure
from infraguard.collectors.aws.reader import Reader, listing
from infraguard.model.evidence import GapReason, Resource
from infraguard.model.values import ABSENT, Unknown, Value

_TABLE = "aws_route_table"
_ASSOCIATION = "aws_route_table_association"
_MAIN = "aws_main_route_table_association"
_TABLES = (_TABLE, _ASSOCIATION, _MAIN)
_SUBNET_KIND = "aws_subnet"
#: The attribute by which an association ties its table to subnets.
_ROUTED_BY = {_ASSOCIATION: "subnet_id", _MAIN: "vpc_id"}
#: An association in one of these states has no effect.
_IDLE_ASSOCIATIONS = ("disassociated", "failed")


def _tags(answer: Answer) -> Value:
    """The tags of a thing in EC2, which says nothing about the tags of a thing without any."""
    return {} if "Tags" not in answer else pairs(("Tags",))(answer)


def _routes(answer: Answer) -> Value:
    """The routes of a table but the local one, which every table has and Terraform does not show."""
    routes = each(("Routes",), lambda route: attributes(route, _ROUTE))(answer)
    return [route for route in routes if route.get("gateway_id") != "local"] if isinstance(routes, list) else routes


def _attached(answer: Answer) -> Value:
    """The network that an internet gateway is attached to, of which there is one at most."""
    networks = each(("Attachments",), always("VpcId"))(answer)
    return networks if isinstance(networks, Unknown) else (networks or [ABSENT])[0]


def _permissions(direction: str) -> Field:
    """The rules of a security group in one direction, as Terraform's blocks."""

    def read(answer: Answer) -> Value:
        group = at(answer, ("GroupId",))
        return each((direction,), lambda rule: _permission(rule, group))(answer)

    return read


def _permission(rule: Answer, group: Value) -> dict[str, Value]:
    """One rule. Terraform writes 0 for the ports of a rule for all protocols, and `self` for the group's own id."""
    groups = each(("UserIdGroupPairs",), always("GroupId"))(rule)
    are_known = isinstance(groups, list)
    return {
        "protocol": always("IpProtocol")(rule),
        "from_port": either(0, "FromPort")(rule) if rule.get("IpProtocol") == "-1" else always("FromPort")(rule),
        "to_port": either(0, "ToPort")(rule) if rule.get("IpProtocol") == "-1" else always("ToPort")(rule),
        "cidr_blocks": each(("IpRanges",), always("CidrIp"))(rule),
        "ipv6_cidr_blocks": each(("Ipv6Ranges",), always("CidrIpv6"))(rule),
        "prefix_list_ids": each(("PrefixListIds",), always("PrefixListId"))(rule),
        "security_groups": [source for source in groups if source != group] if are_known else groups,
        "self": group in groups if are_known else groups,
    }


_VPC: dict[str, Field] = {
    "id": always("VpcId"),
    "cidr_block": always("CidrBlock"),
    "instance_tenancy": always("InstanceTenancy"),
    "owner_id": always("OwnerId"),
    "tags": _tags,
}
_SUBNET: dict[str, Field] = {
    "id": always("SubnetId"),
    "arn": maybe("SubnetArn"),
    "vpc_id": always("VpcId"),
    "cidr_block": maybe("CidrBlock"),
    "availability_zone": always("AvailabilityZone"),
    "map_public_ip_on_launch": always("MapPublicIpOnLaunch"),
    "owner_id": always("OwnerId"),
    "tags": _tags,
}
#: One destination and one target are set in each route.
_ROUTE: dict[str, Field] = {
    "cidr_block": maybe("DestinationCidrBlock"),
    "ipv6_cidr_block": maybe("DestinationIpv6CidrBlock"),
    "destination_prefix_list_id": maybe("DestinationPrefixListId"),
    "gateway_id": maybe("GatewayId"),
    "nat_gateway_id": maybe("NatGatewayId"),
    "egress_only_gateway_id": maybe("EgressOnlyInternetGatewayId"),
    "transit_gateway_id": maybe("TransitGatewayId"),
    "vpc_peering_connection_id": maybe("VpcPeeringConnectionId"),
    "network_interface_id": maybe("NetworkInterfaceId"),
    "local_gateway_id": maybe("LocalGatewayId"),
    "carrier_gateway_id": maybe("CarrierGatewayId"),
    "core_network_arn": maybe("CoreNetworkArn"),
}
_ROUTE_TABLE: dict[str, Field] = {
    "id": always("RouteTableId"),
    "vpc_id": always("VpcId"),
    "route": _routes,
    "tags": _tags,
}
_TABLE_ASSOCIATION: dict[str, Field] = {
    "id": always("RouteTableAssociationId"),
    "route_table_id": always("RouteTableId"),
    "subnet_id": maybe("SubnetId"),
    "gateway_id": maybe("GatewayId"),
}
_INTERNET_GATEWAY: dict[str, Field] = {
    "id": always("InternetGatewayId"),
    "vpc_id": _attached,
    "tags": _tags,
}


_SECURITY_GROUP: dict[str, Field] = {
    "id": always("GroupId"),
    "arn": maybe("SecurityGroupArn"),
    "vpc_id": always("VpcId"),
    "name": always("GroupName"),
    "description": always("Description"),
    "ingress": _permissions("IpPermissions"),
    "egress": _permissions("IpPermissionsEgress"),
    "tags": _tags,
}


def _subnets_and_routes(calls: Calls, kinds: frozenset[str]) -> Iterator[Resource]:
    """Subnets, and the route tables that they use by name or as the main one of their network."""
    subnets = calls.items("DescribeSubnets", "Subnets", (_SUBNET_KIND,)) if _SUBNET_KIND in kinds else []
    for answer in subnets:
        yield from calls.found(_SUBNET_KIND, "DescribeSubnets", attributes(answer, _SUBNET))
    wanted = kinds.intersection(_TABLES)
    if not wanted:
        return
    routed = set()
    for answer in calls.items("DescribeRouteTables", "RouteTables", wanted):
        for resource in _route_table(calls, answer):
            routed.add(resource.attributes.get(_ROUTED_BY.get(resource.kind, "")))
            if resource.kind in wanted:
                yield resource
    _report_hidden_routes(calls, [subnet for subnet in subnets if routed.isdisjoint(_names(subnet))])


def _names(subnet: Answer) -> set[Value]:
    """By what a route table may be tied to a subnet: its own id, or that of its network."""
    return {at(subnet, ("SubnetId",)), at(subnet, ("VpcId",))}


def _report_hidden_routes(calls: Calls, unrouted: list[Answer]) -> None:
    """A subnet that another account shares with this one has routes, even where they cannot be seen from here."""
    for subnet in unrouted:
        owner = at(subnet, ("OwnerId",))
        if owner is not ABSENT and owner != calls.place.account:
            detail = f"{subnet.get('SubnetId')} belongs to account {owner}, and its routes are not visible here"
            failure = Failure(GapReason.UNRESOLVED, detail, f"scan account {owner} too")
            calls.report("DescribeRouteTables", failure, _TABLES)


def _route_table(calls: Calls, answer: Answer) -> Iterator[Resource]:
    """A route table, and its associations."""
    operation = "DescribeRouteTables"
    table = attributes(answer, _ROUTE_TABLE)
    yield from calls.found(_TABLE, operation, table)
    associations = answer.get("Associations")
    if not isinstance(associations, list):
        calls.report(operation, calls.lacking(operation, "Associations"), (_ASSOCIATION, _MAIN))
        return
    for association in associations:
        if at(association, ("AssociationState", "State")) in _IDLE_ASSOCIATIONS:
            continue
        own = attributes(association, _TABLE_ASSOCIATION)
        if association.get("Main"):
            yield from calls.found(_MAIN, operation, {**own, "vpc_id": table["vpc_id"]})
        else:
            yield from calls.found(_ASSOCIATION, operation, own)


READERS = (
    listing("ec2", "aws_vpc", "DescribeVpcs", "Vpcs", _VPC),
    Reader(
        service="ec2",
        operations={_SUBNET_KIND: ("DescribeSubnets",), **dict.fromkeys(_TABLES, ("DescribeRouteTables",))},
        attributes={
            _SUBNET_KIND: tuple(_SUBNET),
            _TABLE: tuple(_ROUTE_TABLE),
            _ASSOCIATION: tuple(_TABLE_ASSOCIATION),
            _MAIN: (*_TABLE_ASSOCIATION, "vpc_id"),
        },
        read=_subnets_and_routes,
    ),
    listing(*("ec2", "aws_internet_gateway"), *("DescribeInternetGateways", "InternetGateways"), _INTERNET_GATEWAY),
    listing(*("ec2", "aws_security_group"), *("DescribeSecurityGroups", "SecurityGroups"), _SECURITY_GROUP),
)
