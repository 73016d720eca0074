"""Answers of AWS that the emulator does not give, under Terraform's names."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.model.evidence import Evidence, GapReason
from infraguard.model.values import Default, Unknown
from tests.collectors.aws.conftest import Collect
from tests.emulator.server import ACCOUNT, Emulator

ALARM = {
    "AlarmName": "one",
    "AlarmArn": "arn:one",
    "ActionsEnabled": True,
    "AlarmActions": [],
    "OKActions": [],
    "InsufficientDataActions": [],
    "EvaluationPeriods": 3,
    "Threshold": 1.0,
    "ComparisonOperator": "LessThanThreshold",
}


def answering(aws: Emulator, service: str, **outputs: Any) -> None:
    """Let the operations of a service answer so."""
    aws.overlay([{"service": service, "operation": name, "output": output} for name, output in outputs.items()])


def attributes(evidence: Evidence, kind: str) -> dict[str, Any]:
    (resource,) = [resource for resource in evidence.resources if resource.kind == kind]
    return resource.attributes


def test_what_aws_always_says_and_does_not_say_is_unknown(aws: Emulator, collect: Collect) -> None:
    database = {"DBInstanceIdentifier": "one", "DBInstanceArn": "arn:one", "VpcSecurityGroups": [], "TagList": []}
    answering(aws, "rds", DescribeDBInstances={"DBInstances": [database]})
    seen = attributes(collect({"aws_db_instance"}), "aws_db_instance")
    for name in ("publicly_accessible", "backup_retention_period", "db_subnet_group_name", "port", "multi_az"):
        assert isinstance(seen[name], Unknown), name
        assert seen[name].reason
        assert seen[name].remedy
    assert (seen["vpc_security_group_ids"], seen["tags"]) == ([], {})
    assert "replicate_source_db" not in seen
    assert "kms_key_id" not in seen


def test_a_replica_says_of_what(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    aws.client("rds").create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="billing")
    found = {item.attributes["identifier"]: item.attributes for item in collect({"aws_db_instance"}).resources}
    assert found["copy"]["replicate_source_db"] == "billing"
    assert found["copy"]["id"] != found["billing"]["id"]


def test_members_of_a_cluster_are_a_kind_of_their_own(aws: Emulator, collect: Collect) -> None:
    rds = aws.client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="ledger",
        Engine="aurora-postgresql",
        MasterUsername="owner",
        MasterUserPassword="not-a-secret",
        BackupRetentionPeriod=35,
        DeletionProtection=True,
    )
    rds.create_db_instance(
        DBInstanceIdentifier="ledger-1",
        Engine="aurora-postgresql",
        DBInstanceClass="db.r6g.large",
        DBClusterIdentifier="ledger",
        PubliclyAccessible=True,
    )
    evidence = collect({"aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance"})
    assert {resource.kind for resource in evidence.resources} == {"aws_rds_cluster", "aws_rds_cluster_instance"}
    member = attributes(evidence, "aws_rds_cluster_instance")
    assert (member["cluster_identifier"], member["publicly_accessible"]) == ("ledger", True)
    assert "backup_retention_period" not in member, "that is the cluster's"
    cluster = attributes(evidence, "aws_rds_cluster")
    assert (cluster["cluster_identifier"], cluster["backup_retention_period"]) == ("ledger", 35)
    assert (cluster["deletion_protection"], cluster["port"]) == (True, 5432)


def test_rules_for_all_protocols_and_for_groups(aws: Emulator, collect: Collect) -> None:
    every = {"IpProtocol": "-1", "IpRanges": [], "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "PrefixListIds": []}
    own = [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]
    ping = {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [], "Ipv6Ranges": []}
    group = {
        "GroupId": "sg-1",
        "GroupName": "one",
        "VpcId": "vpc-1",
        "IpPermissions": [
            {**every, "UserIdGroupPairs": own},
            {**ping, "PrefixListIds": [{"PrefixListId": "pl-1"}], "UserIdGroupPairs": []},
        ],
        "IpPermissionsEgress": [],
    }
    answering(aws, "ec2", DescribeSecurityGroups={"SecurityGroups": [group]})
    evidence = collect({"aws_security_group"})
    assert evidence.resources[0].id == "sg-1"
    assert evidence.resources[0].location.arn == ""
    seen = attributes(evidence, "aws_security_group")
    assert seen["ingress"][0] == {
        "protocol": "-1",
        "from_port": 0,
        "to_port": 0,
        "cidr_blocks": [],
        "ipv6_cidr_blocks": ["::/0"],
        "prefix_list_ids": [],
        "security_groups": ["sg-2"],
        "self": True,
    }
    assert (seen["ingress"][1]["from_port"], seen["ingress"][1]["prefix_list_ids"]) == (-1, ["pl-1"])
    assert seen["egress"] == []
    assert isinstance(seen["description"], Unknown)


def test_rules_that_are_not_said_are_unknown(aws: Emulator, collect: Collect) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}
    answering(aws, "ec2", DescribeSecurityGroups={"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [rule]}]})
    seen = attributes(collect({"aws_security_group"}), "aws_security_group")
    unknown = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self")
    assert all(isinstance(seen["ingress"][0][name], Unknown) for name in unknown)
    assert isinstance(seen["egress"], Unknown)


def test_every_target_of_a_route_has_its_name(aws: Emulator, collect: Collect) -> None:
    routes = [
        {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
        {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"},
        {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"},
        {"DestinationPrefixListId": "pl-1", "TransitGatewayId": "tgw-1"},
    ]
    associations = [
        {"RouteTableAssociationId": "a-1", "RouteTableId": "rtb-1", "SubnetId": "subnet-1", "Main": False},
        {"RouteTableAssociationId": "a-2", "RouteTableId": "rtb-1", "Main": True},
        {
            "RouteTableAssociationId": "a-3",
            "RouteTableId": "rtb-1",
            "SubnetId": "subnet-2",
            "Main": False,
            "AssociationState": {"State": "failed"},
        },
    ]
    table = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": routes, "Associations": associations}
    answering(aws, "ec2", DescribeRouteTables={"RouteTables": [table]})
    evidence = collect({"aws_route_table", "aws_route_table_association", "aws_main_route_table_association"})
    assert attributes(evidence, "aws_route_table")["route"] == [
        {"ipv6_cidr_block": "::/0", "egress_only_gateway_id": "eigw-1"},
        {"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"},
        {"destination_prefix_list_id": "pl-1", "transit_gateway_id": "tgw-1"},
    ]
    association = {"id": "a-1", "route_table_id": "rtb-1", "subnet_id": "subnet-1"}
    assert attributes(evidence, "aws_route_table_association") == association
    main = {"id": "a-2", "route_table_id": "rtb-1", "vpc_id": "vpc-1"}
    assert attributes(evidence, "aws_main_route_table_association") == main


def test_a_gateway_without_a_network_has_none(aws: Emulator, collect: Collect) -> None:
    aws.client("ec2").create_internet_gateway()
    assert "vpc_id" not in attributes(collect({"aws_internet_gateway"}), "aws_internet_gateway")


@pytest.mark.parametrize(
    ("association", "is_seen"),
    [
        ({"SubnetId": "subnet-1", "Main": False}, True),
        ({"Main": True}, True),
        ({"SubnetId": "subnet-2", "Main": False}, False),
    ],
)
def test_the_routes_of_a_shared_subnet_may_be_hidden(
    aws: Emulator, collect: Collect, association: dict[str, Any], is_seen: bool
) -> None:
    subnet = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": "222222222222"}
    associations = [{"RouteTableAssociationId": "a", "RouteTableId": "rtb-1", **association}]
    table = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [], "Associations": associations}
    answering(aws, "ec2", DescribeSubnets={"Subnets": [subnet]}, DescribeRouteTables={"RouteTables": [table]})
    evidence = collect({"aws_subnet", "aws_route_table"})
    assert len(evidence.resources) == 2
    assert [gap.reason for gap in evidence.gaps] == ([] if is_seen else [GapReason.UNRESOLVED])
    assert all(gap.may_hide("aws_route_table", ACCOUNT) for gap in evidence.gaps)
    assert not any(gap.may_hide("aws_subnet", ACCOUNT) for gap in evidence.gaps)
    assert collect({"aws_subnet"}).gaps == (), "whoever asks for subnets alone needs no routes"


def test_a_table_whose_associations_are_not_said(aws: Emulator, collect: Collect) -> None:
    answering(aws, "ec2", DescribeRouteTables={"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1"}]})
    evidence = collect({"aws_route_table", "aws_route_table_association"})
    assert isinstance(attributes(evidence, "aws_route_table")["route"], Unknown)
    (gap,) = evidence.gaps
    assert gap.may_hide("aws_route_table_association", ACCOUNT)
    assert not gap.may_hide("aws_route_table", ACCOUNT)


@pytest.mark.parametrize(
    ("protocol", "has_policy"), [("HTTPS", True), ("TLS", True), ("HTTP", False), ("TCP", False), ("TCP_UDP", False)]
)
def test_a_policy_counts_for_protocols_that_speak_tls(
    aws: Emulator, collect: Collect, protocol: str, has_policy: bool
) -> None:
    balancer = {"LoadBalancerArn": "arn:lb", "LoadBalancerName": "one", "Type": "network"}
    listener = {"ListenerArn": "arn:l", "LoadBalancerArn": "arn:lb", "Port": 1, "Protocol": protocol}
    answering(
        aws,
        "elbv2",
        DescribeLoadBalancers={"LoadBalancers": [balancer]},
        DescribeListeners={"Listeners": [{**listener, "SslPolicy": "any", "DefaultActions": []}]},
        DescribeTags={"TagDescriptions": []},
    )
    evidence = collect({"aws_lb", "aws_lb_listener"})
    assert ("ssl_policy" in attributes(evidence, "aws_lb_listener")) is has_policy
    assert isinstance(attributes(evidence, "aws_lb")["internal"], Unknown), "AWS always says the scheme"
    assert isinstance(attributes(evidence, "aws_lb")["tags"], Unknown)


def test_a_listener_that_does_not_say_its_protocol_may_speak_tls(aws: Emulator, collect: Collect) -> None:
    listener = {"ListenerArn": "arn:l", "LoadBalancerArn": "arn:lb", "SslPolicy": "any", "DefaultActions": []}
    answering(
        aws,
        "elbv2",
        DescribeLoadBalancers={"LoadBalancers": [{"LoadBalancerArn": "arn:lb"}]},
        DescribeListeners={"Listeners": [listener]},
    )
    seen = attributes(collect({"aws_lb_listener"}), "aws_lb_listener")
    assert isinstance(seen["protocol"], Unknown)
    assert isinstance(seen["ssl_policy"], Unknown)


def test_gateway_load_balancers_speak_no_protocol(aws: Emulator, collect: Collect) -> None:
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/gwy/one/1"
    listener = {"ListenerArn": "arn:aws:elasticloadbalancing:eu-west-1:1:listener/gwy/one/1/2"}
    answering(
        aws,
        "elbv2",
        DescribeLoadBalancers={"LoadBalancers": [{"LoadBalancerArn": balancer, "Type": "gateway"}]},
        DescribeListeners={"Listeners": [{**listener, "LoadBalancerArn": balancer, "DefaultActions": []}]},
    )
    evidence = collect({"aws_lb", "aws_lb_listener"})
    assert attributes(evidence, "aws_lb")["internal"] is False
    assert attributes(evidence, "aws_lb_listener").keys().isdisjoint({"protocol", "port", "ssl_policy"})


def test_tags_are_read_for_many_at_once(aws: Emulator, collect: Collect) -> None:
    count = 45
    balancers = [{"LoadBalancerArn": f"arn:{n}", "LoadBalancerName": "x", "Type": "network"} for n in range(count)]
    answering(
        aws,
        "elbv2",
        DescribeLoadBalancers={"LoadBalancers": balancers},
        DescribeTags={
            "TagDescriptions": [
                {"ResourceArn": f"arn:{n}", "Tags": [{"Key": "n", "Value": str(n)}]} for n in range(count)
            ]
        },
    )
    evidence = collect({"aws_lb"})
    assert {item.id: item.attributes["tags"] for item in evidence.resources} == {
        f"arn:{n}": {"n": str(n)} for n in range(count)
    }
    assert [entry.operation for entry in aws.log()].count("DescribeTags") == 3


def test_an_alarm_on_an_expression(aws: Emulator, collect: Collect) -> None:
    metric = {"Namespace": "AWS/RDS", "MetricName": "CPUUtilization"}
    metric["Dimensions"] = [{"Name": "DBInstanceIdentifier", "Value": "billing"}]  # type: ignore[assignment]
    queries = [
        {"Id": "e", "Expression": "m / 2", "ReturnData": True},
        {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "p95"}, "ReturnData": False},
    ]
    answering(aws, "cloudwatch", DescribeAlarms={"MetricAlarms": [{**ALARM, "Metrics": queries}]})
    seen = attributes(collect({"aws_cloudwatch_metric_alarm"}), "aws_cloudwatch_metric_alarm")
    assert seen["metric_query"][0] == {"id": "e", "expression": "m / 2", "return_data": True}
    assert seen["metric_query"][1]["metric"] == [
        {
            "namespace": "AWS/RDS",
            "metric_name": "CPUUtilization",
            "dimensions": {"DBInstanceIdentifier": "billing"},
            "period": 60,
            "stat": "p95",
        }
    ]
    assert seen.keys().isdisjoint({"namespace", "metric_name", "statistic", "period"})
    assert seen["dimensions"] == {}


def test_missing_data_that_an_alarm_does_not_mention_stays_missing(aws: Emulator, collect: Collect) -> None:
    single = {**ALARM, "Namespace": "AWS/RDS", "MetricName": "CPUUtilization", "ExtendedStatistic": "p95"}
    answering(aws, "cloudwatch", DescribeAlarms={"MetricAlarms": [single]})
    seen = attributes(collect({"aws_cloudwatch_metric_alarm"}), "aws_cloudwatch_metric_alarm")
    assert isinstance(seen["treat_missing_data"], Default)
    assert seen["treat_missing_data"].value == "missing"
    assert seen["extended_statistic"] == "p95"
    assert seen["alarm_actions"] == []
    assert "datapoints_to_alarm" not in seen


def test_a_composite_alarm_says_what_it_reads(aws: Emulator, collect: Collect) -> None:
    composite = {"AlarmName": "burn", "AlarmArn": "arn:burn", "AlarmRule": 'ALARM("fast")', "ActionsEnabled": False}
    composite |= {key: [] for key in ("AlarmActions", "OKActions", "InsufficientDataActions")}
    answering(aws, "cloudwatch", DescribeAlarms={"MetricAlarms": [ALARM], "CompositeAlarms": [composite]})
    evidence = collect({"aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"})
    assert attributes(evidence, "aws_cloudwatch_metric_alarm")["alarm_name"] == ALARM["AlarmName"]
    seen = attributes(evidence, "aws_cloudwatch_composite_alarm")
    assert (seen["alarm_name"], seen["alarm_rule"]) == ("burn", 'ALARM("fast")')
    assert (seen["actions_enabled"], seen["alarm_actions"]) == (False, [])


def test_a_subscription_that_nobody_confirmed(aws: Emulator, collect: Collect) -> None:
    def subscription(endpoint: str, arn: str = "PendingConfirmation") -> dict[str, str]:
        return {"SubscriptionArn": arn, "TopicArn": "arn:topic", "Protocol": "https", "Endpoint": endpoint}

    answering(
        aws,
        "sns",
        ListTopics={"Topics": [{"TopicArn": "arn:aws:sns:eu-west-1:1:alerts"}]},
        ListSubscriptionsByTopic={
            "Subscriptions": [
                subscription("https://user:word@hooks.example.com/services/secret-one"),
                subscription("https://hooks.example.com/services/secret-two"),
                subscription("https://hooks.example.com?key=secret-three", arn="arn:sub"),
            ]
        },
    )
    evidence = collect({"aws_sns_topic", "aws_sns_topic_subscription"})
    assert attributes(evidence, "aws_sns_topic")["name"] == "alerts"
    subscriptions = [item for item in evidence.resources if item.kind == "aws_sns_topic_subscription"]
    assert len({item.id for item in subscriptions}) == 3
    pending = [item.attributes["pending_confirmation"] for item in subscriptions]
    assert sorted(pending) == [False, True, True]
    assert all(("arn" in item.attributes) is not item.attributes["pending_confirmation"] for item in subscriptions)
    assert {item.attributes["endpoint"] for item in subscriptions} == {"https://hooks.example.com/…"}
    assert "secret" not in repr(evidence)
    assert "word" not in repr(evidence)
