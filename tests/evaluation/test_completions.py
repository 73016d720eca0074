"""Predicates and what is not known: a verdict that is given without a value holds whatever the value turns out to be.

Each attribute of a resource is hidden in turn; the verdict without it is unknown, or that of the whole resource.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from infraguard.model.evidence import Environment, Evidence, Resource, Source
from infraguard.model.findings import Verdict
from infraguard.model.values import Denied, Unknown
from tests.evaluation.build import evidence, judge, resource

HIDDEN = (Unknown("var.x has no value", ("var.x",)), Denied("not allowed", "x:Read"))
ISSUER = "token.actions.githubusercontent.com"
SCHEDULES = ("rate(1 day)", "rate(40 days)", "cron(0 5 1 * ? *)", "cron(0 5 ? * MON *)", "never")
TEXTS = ("", "x", "change-me", "password=hunter22", "AKIAABCDEFGHIJKLMNOP", "arn:aws:secretsmanager:a:b:c")
CIDRS = ("0.0.0.0/0", "10.0.0.0/8", "0.0.0.0/1", "::/0")


def trust(*subjects: str, effect: str = "Allow", issuer: str = ISSUER) -> str:
    condition = {"StringLike": {f"{ISSUER}:sub": list(subjects)}} if subjects else {}
    statement = {
        "Effect": effect,
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::1:oidc-provider/{issuer}"},
        "Condition": condition,
    }
    return json.dumps({"Statement": [statement]})


SUBJECTS = ("repo:o/r:environment:production", "repo:o/r:*", "repo:o@1/r@2:ref:refs/heads/main", "*")
TRUSTS = st.builds(
    trust,
    *([st.sampled_from(SUBJECTS)]),
    effect=st.sampled_from(("Allow", "Deny")),
    issuer=st.sampled_from((ISSUER, "accounts.google.com")),
)
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": st.just("app")},
        optional={
            "user": st.sampled_from(("root", "0", "0:0", "1000", "app", "00:1")),
            "logConfiguration": st.sampled_from(({"logDriver": "awslogs"}, {"logDriver": "json-file"}, {})),
        },
    ),
    min_size=1,
    max_size=3,
).map(json.dumps)
TAGS = st.dictionaries(st.sampled_from(("Environment", "Owner", "CostCenter", "Name")), st.just("x"), max_size=4)


def mapping(**optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Resources with any of these attributes."""
    return st.fixed_dictionaries({}, optional=optional)


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


#: A predicate as a policy writes it, the kind that it is about, and its attributes.
PREDICATES: dict[str, tuple[str, str, st.SearchStrategy[dict[str, Any]]]] = {
    "growth": (
        "{name: at_least_times, high: max, low: min, factor: 10}",
        "aws_autoscaling_group",
        mapping(max=one_of(0, 1, 9, 10, 20, "10", "many"), min=one_of(0, 1, 2, "1")),
    ),
    "shares": (
        "forwards_to_several",
        "aws_lb_listener",
        mapping(
            default_action=one_of(
                [{"forward": {"target_group": [{"arn": "a"}, {"arn": "b"}]}}],
                [{"forward": {"target_group": [{"arn": "a"}]}}],
                [{"type": "redirect"}],
            ),
            action=one_of([{"target_group_arn": "a"}], [{"forward": {"target_group": [{}, {}]}}]),
        ),
    ),
    "user": ("containers_have_user", "aws_ecs_task_definition", mapping(container_definitions=CONTAINERS)),
    "log": (
        "{name: containers_log_to, drivers: [awslogs, awsfirelens]}",
        "aws_ecs_task_definition",
        mapping(container_definitions=CONTAINERS),
    ),
    "tags": (
        "{name: has_tags, patterns: ['^Environment$', '^Owner$']}",
        "aws_sqs_queue",
        mapping(tags=TAGS, tags_all=TAGS),
    ),
    "tag blocks": (
        "{name: has_tags, patterns: ['^Owner$']}",
        "aws_autoscaling_group",
        mapping(tag=st.lists(one_of({"key": "Owner", "value": "x"}, {"key": "Name", "value": "y"}), max_size=2)),
    ),
    "lasts": (
        "{name: lasts, path: not_after, days: 30}",
        "aws_acm_certificate",
        mapping(not_after=one_of("2026-03-02T00:00:00Z", "2026-03-03", "2026-01-31T00:00:01+00:00", "soon")),
    ),
    "mentions": ("{name: mentions, path: text, pattern: 'ab'}", "thing", mapping(text=one_of("", "ab", "xaby", "b"))),
    "version": (
        "{name: version_at_least, attribute: engine_version, least: 14}",
        "aws_db_instance",
        mapping(engine_version=one_of("13.16", "14", "14.0", "9.6", 15, "v16.1", "latest")),
    ),
    "schedule": (
        "{name: runs_within, attribute: schedule_expression, days: 31}",
        "aws_scheduler_schedule",
        mapping(schedule_expression=one_of(*SCHEDULES)),
    ),
    "own key": (
        "{name: own_key, attribute: kms_key_id}",
        "aws_db_instance",
        mapping(kms_key_id=one_of("", "alias/aws/rds", "arn:aws:kms:a:b:key/c", "alias/own")),
    ),
    "any key": (
        "{name: encrypted_with, attribute: kms_key_id, own: false}",
        "aws_secretsmanager_secret",
        mapping(kms_key_id=one_of("", "alias/aws/secretsmanager", "alias/own")),
    ),
    "state": (
        "{name: kept_out_of_state, attribute: secret_string, placeholder: 'change'}",
        "aws_secretsmanager_secret_version",
        mapping(secret_string=one_of(*TEXTS)),
    ),
    "written": (
        "{name: no_secret_written, attributes: [user_data, more]}",
        "aws_instance",
        mapping(user_data=one_of(*TEXTS), more=one_of({"db_password": "x"}, {"db_password": "arn:x"}, ["a"])),
    ),
    "store": (
        "{name: from_store, attribute: password}",
        "aws_db_instance",
        mapping(password=one_of(*TEXTS)),
    ),
    "named": (
        "named_for_its_environment",
        "aws_secretsmanager_secret",
        mapping(name=one_of("production/db", "staging/db", "db"), name_prefix=one_of("production/", "x")),
    ),
    "trusts": ("trusts_workflows", "aws_iam_role", mapping(assume_role_policy=TRUSTS)),
    "subjects": ("trusts_exact_subjects", "aws_iam_role", mapping(assume_role_policy=TRUSTS)),
    "issuer": (
        "trusted_issuer",
        "aws_acm_certificate",
        mapping(
            certificate_authority_arn=one_of("", "arn:aws:acm-pca:x"),
            certificate_body=one_of("-----BEGIN CERTIFICATE-----"),
            issuer=one_of("CN=a", "CN=b"),
            subject=one_of("CN=a"),
        ),
    ),
    "issuer as ACM has it": (
        "trusted_issuer",
        "aws_acm_certificate",
        mapping(
            type=one_of("PRIVATE", "IMPORTED", "AMAZON_ISSUED"), issuer=one_of("CN=a", "CN=b"), subject=one_of("CN=a")
        ),
    ),
    "open": (
        "{name: opens_only, ports: [80, 443]}",
        "aws_security_group_rule",
        mapping(
            type=one_of("ingress", "egress"),
            protocol=one_of("tcp", "-1", "udp"),
            from_port=one_of(22, 443, 0),
            to_port=one_of(22, 443, 65535),
            cidr_blocks=st.lists(one_of(*CIDRS), max_size=2),
        ),
    ),
}
SOURCES = (Source.TF, Source.AWS)
#: What only a live account tells: in Terraform these are no arguments.
LIVE = frozenset({"issuer as ACM has it"})
RULE = """
  - sources: [tf, aws]
    each: {kind}
    require: {{predicate: {predicate}}}
    message: "no"
"""


def verdict(name: str, attributes: dict[str, Any], source: Source, environment: Environment) -> Verdict:
    predicate, kind, _ = PREDICATES[name]
    found = resource(kind, f"{kind}.a", source=source, environment=environment, **attributes)
    return judged(RULE.format(kind=kind, predicate=predicate), evidence(found))


def judged(rules: str, found: Evidence) -> Verdict:
    findings = judge(rules, found).findings
    for finding in findings:
        assert finding.verdict is not Verdict.UNKNOWN or finding.reason, "an unknown finding gives no reason"
    (first,) = findings
    return first.verdict


@pytest.mark.parametrize("name", PREDICATES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_said_without_a_value_holds_with_it(name: str, data: st.DataObject) -> None:
    attributes = data.draw(PREDICATES[name][2])
    source = data.draw(st.sampled_from(SOURCES[1:] if name in LIVE else SOURCES))
    environment = data.draw(st.sampled_from((Environment.UNKNOWN, Environment.PRODUCTION)))
    whole = verdict(name, attributes, source, environment)
    for key in attributes:
        for hidden in HIDDEN:
            said = verdict(name, {**attributes, key: hidden}, source, environment)
            assert said in (Verdict.UNKNOWN, whole), f"{said} without {key}"


#: Relations: the resource that is judged, the rule, and what is related to it.
MEMBERS = """
  - sources: [tf]
    each: aws_rds_cluster
    require: {predicate: {name: several_members, least: 2}}
    message: "no"
"""
ZONES = MEMBERS.replace("{name: several_members, least: 2}", "in_several_zones")
SCALES = """
  - sources: [tf]
    each: aws_ecs_service
    require: {predicate: {name: service_scales, minimum: 2}}
    message: "no"
"""
CLUSTER = resource("aws_rds_cluster", "aws_rds_cluster.a", id="a", cluster_identifier="a")
SERVICE = resource("aws_ecs_service", "aws_ecs_service.a", name="app")
MEMBER = st.fixed_dictionaries(
    {"cluster_identifier": one_of("a", "b")}, optional={"availability_zone": one_of("eu-west-1a", "eu-west-1b")}
)
TARGET = st.fixed_dictionaries(
    {"resource_id": one_of("service/main/app", "service/main/other"), "min_capacity": one_of(0, 1, 2, "3")}
)


@pytest.mark.parametrize(
    ("rules", "judged_one", "kind", "related"),
    [
        (MEMBERS, CLUSTER, "aws_rds_cluster_instance", MEMBER),
        (ZONES, CLUSTER, "aws_rds_cluster_instance", MEMBER),
        (SCALES, SERVICE, "aws_appautoscaling_target", TARGET),
    ],
    ids=["members", "zones", "scaling"],
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_said_without_a_value_of_something_related_holds_with_it(
    rules: str,
    judged_one: Resource,
    kind: str,
    related: st.SearchStrategy[dict[str, Any]],
    data: st.DataObject,
) -> None:
    others = data.draw(st.lists(related, min_size=1, max_size=3))

    def said(described: list[dict[str, Any]]) -> Verdict:
        made = [replace(resource(kind, f"{kind}.m{number}"), attributes=one) for number, one in enumerate(described)]
        return judged(rules, evidence(judged_one, *made))

    whole = said(others)
    for number, one in enumerate(others):
        for key in one:
            for hidden in HIDDEN:
                without = [*others[:number], {**one, key: hidden}, *others[number + 1 :]]
                assert said(without) in (Verdict.UNKNOWN, whole), f"without {key} of {number}"
