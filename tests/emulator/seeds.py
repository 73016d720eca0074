"""Accounts to judge: one that passes the gates of the spine, and one that fails each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Makes a boto3 client by service name, in the region that is seeded.
Clients = Callable[[str], Any]

TLS_1_3_ONLY = "ELBSecurityPolicy-TLS13-1-3-2021-06"
TLS_1_0 = "ELBSecurityPolicy-2016-08"


@dataclass(frozen=True)
class Seeded:
    """What a seed made, by the names that AWS gave."""

    region: str
    vpc: str
    subnets: tuple[str, ...]
    route_table: str
    security_group: str
    database: str
    load_balancer: str
    listener: str
    alarm: str
    topic: str


def good(clients: Clients, region: str) -> Seeded:
    """A private production database with 30 days of backups, TLS 1.3 only, and people who are told."""
    return _account(clients, region, is_good=True)


def bad(clients: Clients, region: str) -> Seeded:
    """A production database that the internet reaches, 7 days of backups, old TLS, and alarms that tell nobody."""
    return _account(clients, region, is_good=False)


def _account(clients: Clients, region: str, *, is_good: bool) -> Seeded:
    name = "billing" if is_good else "legacy"
    vpc, subnets, table = _network(clients("ec2"), region, public=not is_good)
    group = _security_group(clients("ec2"), vpc, name, "10.0.0.0/16" if is_good else "0.0.0.0/0")
    _database(clients("rds"), name, subnets, group, public=not is_good, days=30 if is_good else 7)
    balancer, listener = _listener(clients, name, subnets, TLS_1_3_ONLY if is_good else TLS_1_0)
    topic = clients("sns").create_topic(Name=f"{name}-alerts")["TopicArn"]
    alarm = _alarm(clients("cloudwatch"), name, topic, enabled=is_good)
    _service(clients("ecs"), name)
    if is_good:
        clients("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="on-call@example.com")
        _event_subscription(clients("rds"), name, topic)
    return Seeded(region, vpc, subnets, table, group, name, balancer, listener, alarm, topic)


def _network(ec2: Any, region: str, *, public: bool) -> tuple[str, tuple[str, ...], str]:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    if public:
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    subnets = []
    for index, zone in enumerate("ab"):
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{region}{zone}")
        subnets.append(subnet["Subnet"]["SubnetId"])
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[-1])
    return vpc, tuple(subnets), table


def _security_group(ec2: Any, vpc: str, name: str, source: str) -> str:
    group: str = ec2.create_security_group(GroupName=f"{name}-database", Description="database", VpcId=vpc)["GroupId"]
    port = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": source}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[port])
    return group


def _database(rds: Any, name: str, subnets: tuple[str, ...], group: str, *, public: bool, days: int) -> None:
    rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=list(subnets))
    rds.create_db_instance(
        DBInstanceIdentifier=name,
        Engine="postgres",
        EngineVersion="16.4",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=100,
        MasterUsername="owner",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName=name,
        VpcSecurityGroupIds=[group],
        PubliclyAccessible=public,
        BackupRetentionPeriod=days,
        MultiAZ=not public,
        StorageEncrypted=not public,
        DeletionProtection=not public,
        Tags=[{"Key": "Environment", "Value": "production"}],
    )


def _listener(clients: Clients, name: str, subnets: tuple[str, ...], policy: str) -> tuple[str, str]:
    elb = clients("elbv2")
    tags = [{"Key": "Environment", "Value": "production"}]
    made = elb.create_load_balancer(Name=name, Subnets=list(subnets), Scheme="internet-facing", Tags=tags)
    balancer: str = made["LoadBalancers"][0]["LoadBalancerArn"]
    certificate = clients("acm").request_certificate(DomainName=f"{name}.example.com")["CertificateArn"]
    listener = elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        SslPolicy=policy,
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "redirect", "RedirectConfig": redirect}],
    )
    return balancer, listener["Listeners"][0]["ListenerArn"]


def _alarm(cloudwatch: Any, name: str, topic: str, *, enabled: bool) -> str:
    alarm = f"{name}-database-unavailable"
    cloudwatch.put_metric_alarm(
        AlarmName=alarm,
        Namespace="AWS/RDS",
        MetricName="DatabaseConnections",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": name}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=3,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        TreatMissingData="breaching" if enabled else "missing",
        ActionsEnabled=enabled,
        AlarmActions=[topic],
        OKActions=[topic],
    )
    return alarm


def _service(ecs: Any, name: str) -> None:
    tags = [{"key": "Environment", "value": "production"}]
    ecs.create_cluster(clusterName=name, tags=tags)
    container = {"name": "app", "image": "registry/app:7", "memory": 512}
    ecs.register_task_definition(family=name, containerDefinitions=[container])
    ecs.create_service(cluster=name, serviceName="app", taskDefinition=name, desiredCount=1)


def _event_subscription(rds: Any, name: str, topic: str) -> None:
    rds.create_event_subscription(
        SubscriptionName=f"{name}-events",
        SnsTopicArn=topic,
        SourceType="db-instance",
        SourceIds=[name],
        EventCategories=["availability", "failure"],
        Enabled=True,
    )
