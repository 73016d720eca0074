"""What is open to everywhere, in what subnets things lie, and which environment a network serves."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.model.evidence import Resource
from infraguard.model.findings import Finding, Verdict
from infraguard.model.values import Unknown
from tests.evaluation.build import evidence, gap, judge, resource

UNREAD = Unknown("var.x has no value", ("var.x",))
RULE = """
  - sources: [tf]
    each: {kind}
    require: {{predicate: {predicate}}}
    message: "open: {{open_ports}}"
"""
ONLY = "{name: opens_only, ports: [80, 443]}"


def of(predicate: str, kind: str, *resources: Resource, **more: Any) -> Finding:
    return judge(RULE.format(kind=kind, predicate=predicate), evidence(*resources, **more)).findings[0]


def group(**rule: Any) -> Resource:
    opened = {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"], **rule}
    return resource("aws_security_group", "sg", id="sg", ingress=[opened])


BALANCER = resource("aws_lb", "lb", security_groups=["sg"])


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({}, Verdict.PASS),
        ({"from_port": "443", "to_port": "443"}, Verdict.PASS),
        ({"to_port": 444}, Verdict.FAIL),
        ({"protocol": "udp"}, Verdict.PASS),
        ({"protocol": "-1"}, Verdict.FAIL),
        ({"protocol": "icmp", "from_port": -1, "to_port": -1}, Verdict.PASS),
        ({"cidr_blocks": ["0.0.0.0/1"], "from_port": 22, "to_port": 22}, Verdict.FAIL),
        ({"cidr_blocks": ["10.0.0.0/8"], "from_port": 22, "to_port": 22}, Verdict.PASS),
        ({"cidr_blocks": [], "ipv6_cidr_blocks": ["::/0"], "from_port": 22, "to_port": 22}, Verdict.FAIL),
        ({"cidr_blocks": UNREAD}, Verdict.PASS),
        ({"cidr_blocks": UNREAD, "from_port": 22, "to_port": 22}, Verdict.UNKNOWN),
        ({"from_port": UNREAD}, Verdict.UNKNOWN),
    ],
)
def test_what_the_group_of_a_load_balancer_may_open(rule: dict[str, Any], verdict: Verdict) -> None:
    assert of(ONLY, "aws_security_group", group(**rule), BALANCER).verdict is verdict


def test_load_balancers_that_may_be_missing_leave_an_open_port_unknown() -> None:
    assert of(ONLY, "aws_security_group", group(), gaps=(gap("aws_lb"),)).verdict is Verdict.UNKNOWN
    assert of(ONLY, "aws_security_group", group()).verdict is Verdict.FAIL


def test_a_rule_of_a_group_from_elsewhere_is_unknown_on_443_and_a_fail_on_22() -> None:
    def rule(port: int) -> Resource:
        return resource(
            "aws_vpc_security_group_ingress_rule",
            "rule",
            security_group_id="sg-elsewhere",
            cidr_ipv4="0.0.0.0/0",
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
        )

    assert of(ONLY, "aws_vpc_security_group_ingress_rule", rule(443)).verdict is Verdict.UNKNOWN
    assert of(ONLY, "aws_vpc_security_group_ingress_rule", rule(22)).verdict is Verdict.FAIL
