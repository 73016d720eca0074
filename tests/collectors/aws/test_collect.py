"""What a healthy account gives."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest
from msgspec import structs

from infraguard.collectors.aws.catalogue import KINDS
from infraguard.model.evidence import Environment, Evidence, GapReason, Resource, Source, Target
from infraguard.model.values import with_markers
from tests.collectors.aws.conftest import Collect
from tests.emulator.seeds import TLS_1_0, TLS_1_3_ONLY
from tests.emulator.server import ACCOUNT, Emulator


def of_kind(evidence: Evidence, kind: str) -> list[Resource]:
    return [resource for resource in evidence.resources if resource.kind == kind]


def only(evidence: Evidence, kind: str) -> Resource:
    (resource,) = of_kind(evidence, kind)
    return resource


def test_a_good_account(aws: Emulator, collect: Collect) -> None:
    seeded = aws.seed_good()
    evidence = collect(read_at="2026-11-23T12:00:00Z")
    assert evidence.gaps == ()
    assert evidence.targets == (Target(source=Source.AWS, name=ACCOUNT),)
    (collected,) = evidence.collected
    assert (collected.source, collected.unit, collected.read_at) == (Source.AWS, ACCOUNT, "2026-11-23T12:00:00Z")
    assert collected.kinds == tuple(sorted(KINDS))
    for resource in evidence.resources:
        assert set(resource.attributes) <= set(collected.attributes[resource.kind])

    database = only(evidence, "aws_db_instance")
    assert database.id == f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:billing"
    assert database.environment is Environment.PRODUCTION
    assert (database.location.account, database.location.region) == (ACCOUNT, "eu-west-1")
    assert database.location.call == "rds:DescribeDBInstances"
    seen = database.attributes
    assert (seen["publicly_accessible"], seen["backup_retention_period"]) == (False, 30)
    assert (seen["identifier"], seen["port"], seen["multi_az"]) == ("billing", 5432, True)
    assert seen["vpc_security_group_ids"] == [seeded.security_group]
    assert "replicate_source_db" not in seen

    group = only(evidence, "aws_db_subnet_group").attributes
    assert group["name"] == seen["db_subnet_group_name"]
    assert sorted(group["subnet_ids"]) == sorted(seeded.subnets)

    alarm = only(evidence, "aws_cloudwatch_metric_alarm").attributes
    assert alarm["dimensions"] == {"DBInstanceIdentifier": "billing"}
    assert (alarm["alarm_actions"], alarm["actions_enabled"]) == ([seeded.topic], True)
    assert "metric_query" not in alarm
    subscription = only(evidence, "aws_sns_topic_subscription").attributes
    assert (subscription["topic_arn"], subscription["pending_confirmation"]) == (seeded.topic, False)
    events = only(evidence, "aws_db_event_subscription").attributes
    assert (events["sns_topic"], events["source_ids"]) == (seeded.topic, ["billing"])
    assert events["event_categories"] == ["availability", "failure"]


def test_the_network_around_a_private_database(aws: Emulator, collect: Collect) -> None:
    seeded = aws.seed_good()
    evidence = collect()
    subnets = {resource.attributes["id"]: resource.attributes for resource in of_kind(evidence, "aws_subnet")}
    assert {subnets[subnet]["vpc_id"] for subnet in seeded.subnets} == {seeded.vpc}
    tables = {resource.id: resource.attributes for resource in of_kind(evidence, "aws_route_table")}
    assert tables[seeded.route_table]["route"] == []
    by_subnet = {
        resource.attributes["subnet_id"]: resource.attributes["route_table_id"]
        for resource in of_kind(evidence, "aws_route_table_association")
    }
    assert by_subnet == dict.fromkeys(seeded.subnets, seeded.route_table)
    main = {
        resource.attributes["vpc_id"]: resource.attributes["route_table_id"]
        for resource in of_kind(evidence, "aws_main_route_table_association")
    }
    assert main[seeded.vpc] in tables
    assert main[seeded.vpc] != seeded.route_table


def test_a_bad_account(aws: Emulator, collect: Collect) -> None:
    seeded = aws.seed_bad()
    evidence = collect()
    assert evidence.gaps == ()
    database = only(evidence, "aws_db_instance").attributes
    assert (database["publicly_accessible"], database["backup_retention_period"]) == (True, 7)

    gateway = only(evidence, "aws_internet_gateway").attributes
    assert gateway["vpc_id"] == seeded.vpc
    table = next(table for table in of_kind(evidence, "aws_route_table") if table.id == seeded.route_table)
    assert table.attributes["route"] == [{"cidr_block": "0.0.0.0/0", "gateway_id": gateway["id"]}]
    groups = {group.attributes["id"]: group.attributes for group in of_kind(evidence, "aws_security_group")}
    assert groups[seeded.security_group]["ingress"] == [
        {
            "protocol": "tcp",
            "from_port": 5432,
            "to_port": 5432,
            "cidr_blocks": ["0.0.0.0/0"],
            "ipv6_cidr_blocks": [],
            "prefix_list_ids": [],
            "security_groups": [],
            "self": False,
        }
    ]
    assert only(evidence, "aws_cloudwatch_metric_alarm").attributes["actions_enabled"] is False
    assert of_kind(evidence, "aws_sns_topic_subscription") == []


@pytest.mark.parametrize(("seed", "policy"), [("seed_good", TLS_1_3_ONLY), ("seed_bad", TLS_1_0)])
def test_only_listeners_that_speak_tls_have_a_policy(aws: Emulator, collect: Collect, seed: str, policy: str) -> None:
    getattr(aws, seed)()
    evidence = collect({"aws_lb_listener"})
    listeners = {resource.attributes["protocol"]: resource for resource in evidence.resources}
    assert listeners["HTTPS"].attributes["ssl_policy"] == policy
    assert listeners["HTTPS"].attributes["certificate_arn"].startswith("arn:aws:acm:")
    assert "ssl_policy" not in listeners["HTTP"].attributes
    redirect = {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}
    action = listeners["HTTP"].attributes["default_action"][0]
    assert (action["type"], action["redirect"][0].items() >= redirect.items()) == ("redirect", True)
    assert {listener.environment for listener in listeners.values()} == {Environment.PRODUCTION}


def test_two_regions_in_the_same_order_every_time(aws: Emulator, collect: Collect) -> None:
    aws.seed_good("eu-west-1")
    aws.seed_bad("us-east-1")
    regions = ("us-east-1", "eu-west-1")
    aws.faults([{"kind": "slow", "p": 0.3, "delay": 0.05}])
    first = collect(regions=regions)
    aws.faults([{"kind": "slow", "region": "us-east-1", "p": 0.3, "delay": 0.05}])
    again = collect(regions=regions[::-1], max_workers=3)
    assert first == again
    assert {resource.location.region for resource in of_kind(first, "aws_db_instance")} == set(regions)
    assert len({(resource.kind, resource.id) for resource in first.resources}) == len(first.resources)


def test_a_region_named_twice_is_read_once(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    assert len(collect({"aws_db_instance"}, regions=("eu-west-1", "eu-west-1")).resources) == 1


def test_a_role_leads_to_its_own_account(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    evidence = collect(
        {"aws_db_instance"}, role_arn="arn:aws:iam::111111111111:role/auditor", external_id="not-a-secret"
    )
    assert [target.name for target in evidence.targets] == ["111111111111"]
    assert evidence.resources == ()
    assert evidence.gaps == ()


@pytest.mark.parametrize(
    ("tags", "environment"),
    [
        ({}, Environment.STAGING),
        ({"Environment": "prod"}, Environment.PRODUCTION),
        ({"environment": "development"}, Environment.DEVELOPMENT),
        ({"env": "prd"}, Environment.PRODUCTION),
        ({"env": "dev", "Environment": "production"}, Environment.PRODUCTION),
        ({"Environment": "blue"}, Environment.STAGING),
        ({"Name": "production"}, Environment.STAGING),
    ],
)
def test_tags_say_the_environment_before_the_account_does(
    aws: Emulator, collect: Collect, tags: dict[str, str], environment: Environment
) -> None:
    aws.client("ec2").create_security_group(
        GroupName="one",
        Description="one",
        TagSpecifications=[
            {"ResourceType": "security-group", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        ]
        if tags
        else [],
    )
    evidence = collect({"aws_security_group"}, environments={ACCOUNT: Environment.STAGING})
    group = next(group for group in evidence.resources if group.attributes["name"] == "one")
    assert group.environment is environment


def test_kinds_without_a_reader_are_gaps(aws: Emulator, collect: Collect) -> None:
    evidence = collect({"aws_db_instance", "aws_moon_base"})
    (gap,) = evidence.gaps
    assert (gap.reason, gap.kinds, gap.unit) == (GapReason.UNSUPPORTED, ("aws_moon_base",), ACCOUNT)
    assert gap.remedy
    assert evidence.collected[0].kinds == ("aws_db_instance", "aws_moon_base")


def test_evidence_can_be_saved(aws: Emulator, collect: Collect) -> None:
    aws.seed_bad()
    evidence = collect()
    again = msgspec.json.decode(msgspec.json.encode(evidence), type=Evidence)
    resources = tuple(structs.replace(item, attributes=with_markers(item.attributes)) for item in again.resources)
    assert structs.replace(again, resources=resources) == evidence


def test_importing_the_collector_loads_no_boto3() -> None:
    code = "import sys, infraguard.collectors.aws; print([m for m in sys.modules if m.startswith('boto')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
