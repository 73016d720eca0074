"""What a module that nobody has read is about, as its name says it.

A folder called `secrets` holds no trail, and a repository called `terraform-aws-vpc` no budget, whoever wrote it. Each
word of a name must be known here, or say nothing; a module of any other name may make anything.
"""

from __future__ import annotations

import posixpath
from functools import cache
from typing import Final

from infraguard.readers.patterns import pattern
from infraguard.terraform.known_modules.growth import of_same_services

_SECRETS: Final = ("aws_secretsmanager_secret", "aws_ssm_parameter", "aws_kms_key")
_NETWORK: Final = ("aws_vpc", "aws_cloudwatch_log_group", "aws_iam_role", "aws_kms_key", "aws_s3_bucket")
#: What comes with whatever serves or keeps data: its network, keys, rights, logs, alarms, and who is told.
_AROUND: Final = (
    *_SECRETS,
    *(
        "aws_vpc",
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_metric_alarm",
        "aws_cloudwatch_event_rule",
        "aws_sns_topic",
    ),
    *(
        "aws_iam_role",
        "aws_iam_role_policy_attachment",
        "aws_iam_access_key",
        "aws_route53_record",
        "aws_appautoscaling_target",
    ),
)
_DATABASE: Final = (
    *_AROUND,
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_backup_plan",
    "aws_dynamodb_table",
    "aws_lambda_function",
)
_CACHE: Final = (*_AROUND, "aws_elasticache_replication_group", "aws_memorydb_cluster")
_ALARMS: Final = (
    "aws_cloudwatch_metric_alarm",
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_event_rule",
    "aws_sns_topic",
)
_BALANCER: Final = (
    *_AROUND,
    "aws_lb",
    "aws_acm_certificate",
    "aws_s3_bucket",
    "aws_wafv2_web_acl",
    "aws_globalaccelerator_accelerator",
)
_SITE: Final = (*_BALANCER, "aws_cloudfront_distribution", "aws_lambda_function")
#: Types that stand for all of their services, by what a module is called after.
_TOPICS: Final = {
    "secrets": _SECRETS,
    "kms": ("aws_kms_key", "aws_iam_role"),
    "iam": ("aws_iam_role", "aws_iam_user", "aws_iam_openid_connect_provider"),
    "ecr": ("aws_ecr_repository", "aws_kms_key", "aws_iam_role"),
    "s3": (
        "aws_s3_bucket",
        "aws_kms_key",
        "aws_iam_role",
        "aws_sns_topic",
        "aws_sqs_queue",
        "aws_cloudwatch_log_group",
    ),
    "acm": ("aws_acm_certificate", "aws_route53_record"),
    "dns": ("aws_route53_record", "aws_acm_certificate", "aws_cloudwatch_log_group"),
    "label": (),
    "addresses": (),
    "sns": (
        "aws_sns_topic",
        "aws_kms_key",
        "aws_iam_role",
        "aws_chatbot_slack_channel_configuration",
        "aws_lambda_function",
    ),
    "sqs": ("aws_sqs_queue", "aws_kms_key", "aws_iam_role", "aws_cloudwatch_metric_alarm"),
    "sg": (),
    "vpc": _NETWORK,
    "rds": _DATABASE,
    "redis": _CACHE,
    "alarms": (
        *_ALARMS,
        "aws_lambda_function",
        "aws_iam_role",
        "aws_kms_key",
        "aws_synthetics_canary",
        "aws_xray_group",
    ),
    "alb": _BALANCER,
    "cloudfront": _SITE,
}
#: The types of security groups alone, which are of the network as much else is.
_GROUPS: Final = (
    *("aws_security_group", "aws_security_group_rule"),
    *("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"),
)
_WORDS: Final = {
    "secrets": "secret secrets secretsmanager ssm parameter parameters",
    "kms": "kms",
    "iam": "iam role roles oidc",
    "ecr": "ecr registry",
    "s3": "s3 bucket buckets",
    "acm": "acm certificate certificates cert certs",
    "dns": "dns route53 zone zones",
    "label": "label labels tags naming",
    "sns": "sns topic topics",
    "sqs": "sqs queue queues",
    "sg": "sg",
    "vpc": "vpc subnet subnets network networking",
    "rds": "rds database db aurora postgres postgresql mysql",
    "redis": "redis elasticache cache valkey",
    "alarms": "alarm alarms cloudwatch monitoring alerting alerts",
    "alb": "alb nlb lb loadbalancer",
    "cloudfront": "cloudfront cdn",
}
_TOPIC_OF: Final = {word: topic for topic, words in _WORDS.items() for word in words.split()}
#: Pairs of words that mean one thing, and words that say nothing of what is made.
_PAIRS: Final = {
    "load_balancer": "lb",
    "security_groups": "sg",
    "security_group": "sg",
    "secrets_manager": "secrets",
    "parameter_store": "parameters",
    "hosted_zone": "zone",
    "container_registry": "registry",
}
#: How the name of a list of addresses ends, whoever's they are; of a firewall, it is one of its rules.
_LIST: Final = pattern(r"(?:\A|_)(?:(?:allow|deny|block|white|black|ip|cidr)_?lists?|ip_(?:ranges|addresses)|cidrs)\Z")
_LISTS: Final = ("aws_ec2_managed_prefix_list", "aws_ec2_managed_prefix_list_entry", "aws_ssm_parameter")
_EMPTY: Final = frozenset(
    {"terraform", "tf", "aws", "module", "modules", "main", "base", "core", "private", "public", "github"}
)
#: `NAMESPACE/NAME/PROVIDER`, with the host of a private registry before it or without.
_REGISTRY: Final = pattern(r"(?:[\w-]+\.[\w.-]+/)?[\w-]+/[\w-]+/[a-z0-9]+\Z(?<!\.git)")
_SPLIT: Final = pattern(r"[-_.\s]+")


@cache
def topics_of(source: str) -> frozenset[str] | None:
    """What the last part of a source's path is called after; None where a word of it is not known."""
    path = source.partition("?")[0].removesuffix(".git").rstrip("/")
    path = path.rpartition("/")[0] if _REGISTRY.match(path) else path
    name = "_".join(_SPLIT.split(posixpath.basename(path).lower()))
    for pair, word in _PAIRS.items():
        name = name.replace(pair, word)
    words = [word for word in name.split("_") if word not in _EMPTY]
    if _LIST.search(name) and _TOPIC_OF.keys().isdisjoint(words) and "waf" not in words:
        return frozenset({"addresses"})
    if not words or not all(word in _TOPIC_OF for word in words):
        return None
    return frozenset(_TOPIC_OF[word] for word in words)


def named_after(source: str) -> frozenset[str] | None:
    """The types that a module may make whose name says what it is about; None where it does not."""
    topics = topics_of(source)
    if topics is None:
        return None
    own = _GROUPS if "sg" in topics else _LISTS if "addresses" in topics else ()
    return of_same_services(kind for topic in topics for kind in _TOPICS[topic]).union(own)
