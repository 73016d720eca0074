"""Each leg of a database's reachability, alone and together, as Terraform declares it and as an account holds it."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.model.evidence import Evidence, Resource, Source
from infraguard.model.findings import Finding, Verdict
from infraguard.model.values import Default, Unknown
from tests.evaluation.build import evidence, gap, judge, resource

RULE = """
  - sources: [tf, aws]
    each: [aws_db_instance, aws_rds_cluster_instance]
    require: {predicate: closed_to_the_internet}
    message: "{id} is open: {open_legs}"
"""


def after_apply(address: str) -> Unknown:
    return Unknown("known after apply", (address,), is_set=True)


def tf(kind: str, name: str, links: dict[str, str] | None = None, **attributes: Any) -> Resource:
    """A Terraform resource whose `links` are attributes that refer to another resource's id."""
    links = links or {}
    computed: dict[str, Any] = {path: after_apply(f"{target}.id") for path, target in links.items() if "." not in path}
    return resource(
        kind, f"{kind}.{name}", references={path: (target,) for path, target in links.items()}, **attributes, **computed
    )


def network(*, gateway: bool = False, cidr: str = "10.0.0.0/16", **database: Any) -> list[Resource]:
    """A database in a subnet with a route table and a security group of its own."""
    route = {"cidr_block": "0.0.0.0/0", "gateway_id": after_apply("aws_internet_gateway.igw.id")}
    settings = {"publicly_accessible": False, "port": 5432} | database
    return [
        tf("aws_vpc", "main"),
        tf("aws_internet_gateway", "igw", {"vpc_id": "aws_vpc.main"}),
        tf("aws_subnet", "db", {"vpc_id": "aws_vpc.main"}),
        tf(
            "aws_route_table",
            "db",
            {"vpc_id": "aws_vpc.main", "route.0.gateway_id": "aws_internet_gateway.igw"},
            route=[route] if gateway else [],
        ),
        tf("aws_route_table_association", "db", {"subnet_id": "aws_subnet.db", "route_table_id": "aws_route_table.db"}),
        tf(
            "aws_security_group",
            "db",
            ingress=[{"from_port": 5432, "to_port": 5432, "protocol": "tcp", "cidr_blocks": [cidr]}],
        ),
        resource(
            "aws_db_subnet_group",
            "aws_db_subnet_group.db",
            name="db",
            subnet_ids=[after_apply("aws_subnet.db.id")],
            references={"subnet_ids": ("aws_subnet.db",)},
        ),
        resource(
            "aws_db_instance",
            "aws_db_instance.main",
            db_subnet_group_name="db",
            vpc_security_group_ids=[after_apply("aws_security_group.db.id")],
            references={"vpc_security_group_ids": ("aws_security_group.db",)},
            **settings,
        ),
    ]


def found(resources: Evidence) -> Finding:
    return judge(RULE, resources).findings[0]


def test_all_closed_passes() -> None:
    finding = found(evidence(*network()))
    assert (finding.verdict, finding.reason) == (Verdict.PASS, None)


@pytest.mark.parametrize(
    ("change", "leg"),
    [
        ({"publicly_accessible": True}, "publicly_accessible is true"),
        ({"publicly_accessible": "true"}, "publicly_accessible is true"),
        ({"gateway": True}, "subnet aws_subnet.db has a route to an internet gateway"),
        ({"cidr": "0.0.0.0/0"}, "security group aws_security_group.db admits public addresses"),
        ({"cidr": "203.0.113.0/24"}, None),
        ({"cidr": "8.8.8.0/24"}, "security group aws_security_group.db admits public addresses"),
    ],
)
def test_one_open_leg_fails_and_is_named(change: dict[str, Any], leg: str | None) -> None:
    finding = found(evidence(*network(**change)))
    if leg is None:  # a range for documentation (RFC 5737) is routed nowhere
        assert finding.verdict is Verdict.PASS
    else:
        assert (finding.verdict, finding.message) == (Verdict.FAIL, f"aws_db_instance.main is open: {leg}")


def test_all_open_legs_are_named_together() -> None:
    message = found(evidence(*network(publicly_accessible=True, gateway=True, cidr="0.0.0.0/0"))).message
    assert message.count(";") == 2


def test_a_default_is_told_as_one() -> None:
    assert found(evidence(*network(publicly_accessible=Default(False, "aws 5")))).verdict is Verdict.PASS


def test_an_unset_flag_is_unknown_unless_another_leg_is_open() -> None:
    unset = Unknown("var.public has no value", ("var.public",), remedy="set it")
    finding = found(evidence(*network(publicly_accessible=unset)))
    assert (finding.verdict, finding.causes) == (Verdict.UNKNOWN, ("var.public",))
    assert found(evidence(*network(publicly_accessible=unset, gateway=True))).verdict is Verdict.FAIL


def test_a_rule_on_another_port_opens_nothing() -> None:
    assert found(evidence(*network(cidr="0.0.0.0/0", port=6432))).verdict is Verdict.PASS


def test_a_port_that_is_unknown_leaves_the_group_unknown() -> None:
    unset = Unknown("var.port has no value", ("var.port",))
    assert found(evidence(*network(cidr="0.0.0.0/0", port=unset))).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "rule",
    [
        tf(
            "aws_vpc_security_group_ingress_rule",
            "open",
            {"security_group_id": "aws_security_group.db"},
            cidr_ipv4="0.0.0.0/0",
            ip_protocol="-1",
        ),
        tf(
            "aws_security_group_rule",
            "open",
            {"security_group_id": "aws_security_group.db"},
            type="ingress",
            ipv6_cidr_blocks=["::/0"],
            from_port=0,
            to_port=65535,
            protocol="tcp",
        ),
    ],
)
def test_rules_in_resources_of_their_own_count(rule: Resource) -> None:
    assert found(evidence(*network(), rule)).verdict is Verdict.FAIL


def test_a_prefix_list_may_hold_anything() -> None:
    rule = tf(
        "aws_vpc_security_group_ingress_rule",
        "list",
        {"security_group_id": "aws_security_group.db"},
        prefix_list_id="pl-1",
        ip_protocol="-1",
    )
    assert found(evidence(*network(), rule)).verdict is Verdict.UNKNOWN


def test_an_egress_rule_does_not_count() -> None:
    rule = tf(
        "aws_security_group_rule",
        "out",
        {"security_group_id": "aws_security_group.db"},
        type="egress",
        cidr_blocks=["0.0.0.0/0"],
        from_port=0,
        to_port=0,
        protocol="-1",
    )
    assert found(evidence(*network(), rule)).verdict is Verdict.PASS


def test_a_route_in_a_resource_of_its_own_counts() -> None:
    route = tf(
        "aws_route",
        "out",
        {"route_table_id": "aws_route_table.db", "gateway_id": "aws_internet_gateway.igw"},
        destination_cidr_block="0.0.0.0/0",
    )
    assert found(evidence(*network(), route)).verdict is Verdict.FAIL


def test_no_subnet_group_means_the_default_vpc() -> None:
    resources = network()
    resources[-1].attributes.pop("db_subnet_group_name")
    assert "default VPC" in found(evidence(*resources)).message


@pytest.mark.parametrize("kind", ["aws_db_subnet_group", "aws_subnet", "aws_security_group"])
def test_what_is_declared_elsewhere_is_unknown_and_named(kind: str) -> None:
    finding = found(evidence(*(entry for entry in network() if entry.kind != kind)))
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.reason
    assert finding.remedy


@pytest.mark.parametrize("kind", ["aws_route_table", "aws_route", "aws_security_group_rule", "aws_subnet"])
def test_a_gap_in_any_leg_is_never_a_pass(kind: str) -> None:
    assert found(evidence(*network(), gaps=(gap(kind),))).verdict is Verdict.UNKNOWN


def test_a_subnet_without_association_uses_the_main_table() -> None:
    resources = [entry for entry in network() if entry.kind != "aws_route_table_association"]
    assert found(evidence(*resources)).verdict is Verdict.PASS
    main = tf(
        "aws_main_route_table_association", "main", {"vpc_id": "aws_vpc.main", "route_table_id": "aws_route_table.open"}
    )
    table = tf(
        "aws_route_table",
        "open",
        {"route.0.gateway_id": "aws_internet_gateway.igw"},
        route=[{"cidr_block": "0.0.0.0/0", "gateway_id": after_apply("aws_internet_gateway.igw.id")}],
    )
    assert found(evidence(*resources, main, table)).verdict is Verdict.FAIL


def live(kind: str, /, live_id: str, **attributes: Any) -> Resource:
    return resource(kind, live_id, source=Source.AWS, unit="111111111111", id=live_id, **attributes)


def account(*, gateway: str = "local", cidr: str = "10.0.0.0/16") -> list[Resource]:
    return [
        live("aws_subnet", "subnet-1", vpc_id="vpc-1"),
        live("aws_db_subnet_group", "db", name="db", subnet_ids=["subnet-1"]),
        live("aws_route_table", "rtb-1", vpc_id="vpc-1", route=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway}]),
        live("aws_main_route_table_association", "assoc", vpc_id="vpc-1", route_table_id="rtb-1"),
        live(
            "aws_security_group",
            "sg-1",
            ingress=[{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": [cidr]}],
        ),
        live(
            "aws_db_instance",
            "arn:db",
            publicly_accessible=False,
            engine="postgres",
            db_subnet_group_name="db",
            vpc_security_group_ids=["sg-1"],
        ),
    ]


def test_a_live_account_is_judged_by_the_same_legs() -> None:
    assert found(evidence(*account())).verdict is Verdict.PASS
    assert "subnet-1 has a route" in found(evidence(*account(gateway="igw-1"))).message
    assert "sg-1 admits" in found(evidence(*account(cidr="0.0.0.0/0"))).message


def test_a_cluster_instance_takes_its_network_from_its_cluster() -> None:
    resources = [entry for entry in account(cidr="0.0.0.0/0") if entry.kind != "aws_db_instance"]
    resources += [
        live(
            "aws_rds_cluster",
            "portal",
            cluster_identifier="portal",
            engine="aurora-postgresql",
            db_subnet_group_name="db",
            vpc_security_group_ids=["sg-1"],
        ),
        live("aws_rds_cluster_instance", "one", cluster_identifier="portal", publicly_accessible=False),
    ]
    assert found(evidence(*resources)).message == "one is open: security group sg-1 admits public addresses"
