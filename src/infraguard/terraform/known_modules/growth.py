"""What a release that nobody has read may make: how modules have grown is known of thousands of releases."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from infraguard.terraform.provider_schema import schema

#: Beginnings of types that belong together: networks, and servers.
_FAMILIES: Final = (
    frozenset(
        {"customer", "default", "egress", "eip", "flow", "internet", "main", "nat", "network", "route"}
        | {"security", "subnet", "vpc", "vpn"}
    ),
    frozenset({"ami", "autoscaling", "ebs", "ec2", "instance", "key", "launch", "placement", "spot"}),
    frozenset({"db", "rds"}),
    frozenset({"alb", "lb"}),
)
#: Types that a gate reads and that some module came to make beside the services that it was about. A test finds them
#: anew in the data.
COMPANIONS: Final = frozenset(
    {
        "aws_acm_certificate",
        "aws_appautoscaling_policy",
        "aws_appautoscaling_target",
        "aws_autoscaling_group",
        "aws_chatbot_slack_channel_configuration",
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_metric_alarm",
        "aws_ecs_service",
        "aws_ecs_task_definition",
        "aws_efs_file_system",
        "aws_flow_log",
        "aws_iam_access_key",
        "aws_iam_role",
        "aws_iam_role_policy_attachment",
        "aws_instance",
        "aws_kms_alias",
        "aws_kms_external_key",
        "aws_kms_key",
        "aws_kms_replica_key",
        "aws_lambda_function",
        "aws_lambda_permission",
        "aws_launch_template",
        "aws_lb_listener_rule",
        "aws_network_acl_rule",
        "aws_redshift_subnet_group",
        "aws_route",
        "aws_route53_record",
        "aws_s3_bucket",
        "aws_scheduler_schedule",
        "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_rotation",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_sns_topic",
        "aws_sqs_queue",
        "aws_ssm_parameter",
        "aws_vpc_security_group_ingress_rule",
        "aws_wafv2_web_acl",
        "aws_wafv2_web_acl_association",
    }
)


def service_of(kind: str) -> str:
    """What a type is about: the service in its name, or one name for services that belong together.

    A group of subnets is of the network, whichever service is put into it.
    """
    start = kind.split("_")[1] if kind.startswith("aws_") else kind
    start = "subnet" if kind.endswith("_subnet_group") else start
    return next((min(family) for family in _FAMILIES if start in family), start)


def may_grow_to(kinds: Iterable[str]) -> frozenset[str]:
    """The types that a module of these may come to make: any of the same services, and what comes with them."""
    made = frozenset(kinds)
    services = {service_of(kind) for kind in made}
    return made | COMPANIONS | {kind for service in services for kind in _types().get(service, ())}


@cache
def _types() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind in schema().types:
        found.setdefault(service_of(kind), []).append(kind)
    return found
