"""Provider defaults: applied where the attribute is absent and the provider would not compute it."""

from __future__ import annotations

import pytest

from infraguard.model.values import ABSENT, Default, Unknown, known
from tests.terraform.evaluating import resources


@pytest.mark.parametrize(
    ("kind", "body", "attribute", "expected"),
    [
        ("aws_db_instance", "", "publicly_accessible", False),
        ("aws_db_instance", "", "backup_retention_period", 0),
        ("aws_db_instance", "", "multi_az", False),
        ("aws_db_instance", "", "storage_encrypted", False),
        ("aws_db_instance", "", "deletion_protection", False),
        ("aws_db_instance", "", "skip_final_snapshot", False),
        ("aws_db_instance", "backup_retention_period = null", "backup_retention_period", 0),
        ("aws_db_instance", 'replicate_source_db = "x"', "publicly_accessible", False),
        ("aws_rds_cluster", "", "backup_retention_period", 1),
        ("aws_rds_cluster_instance", "", "publicly_accessible", False),
        ("aws_lb", "", "internal", False),
        ("aws_lb_listener", 'protocol = "HTTPS"', "ssl_policy", "ELBSecurityPolicy-2016-08"),
        ("aws_lb_listener", 'protocol = "TLS"', "ssl_policy", "ELBSecurityPolicy-2016-08"),
        ("aws_lb_listener", 'protocol = "HTTP"', "ssl_policy", ABSENT),
        ("aws_lb_listener", "protocol = var.unset", "ssl_policy", ABSENT),
        ("aws_lb_listener", "port = 80", "protocol", "HTTP"),
        ("aws_lb_listener", "", "protocol", ABSENT),
        ("aws_cloudwatch_metric_alarm", "", "actions_enabled", True),
        ("aws_cloudwatch_metric_alarm", "", "treat_missing_data", "missing"),
        ("aws_db_event_subscription", "", "enabled", True),
        ("aws_db_proxy", "", "require_tls", False),
        ("aws_rds_cluster", "", "storage_encrypted", False),
    ],
)
def test_default(kind: str, body: str, attribute: str, expected: object) -> None:
    found = resources(f'variable "unset" {{}}\nresource "{kind}" "main" {{\n  {body}\n}}\n')
    value = found[f"{kind}.main"].attributes.get(attribute, ABSENT)
    assert known(value) == expected
    if expected is not ABSENT:
        assert isinstance(value, Default)
        assert "AWS provider" in value.origin
        assert f"/{kind.removeprefix('aws_')}." in value.origin


@pytest.mark.parametrize(
    ("kind", "body", "attribute"),
    [
        ("aws_db_instance", 'replicate_source_db = "x"', "backup_retention_period"),
        ("aws_db_instance", 'snapshot_identifier = "x"', "storage_encrypted"),
        ("aws_db_instance", "restore_to_point_in_time {\n}", "multi_az"),
        ("aws_db_instance", "", "engine_version"),
        ("aws_rds_cluster", 'engine_mode = "serverless"', "storage_encrypted"),
    ],
)
def test_what_aws_chooses_is_unknown(kind: str, body: str, attribute: str) -> None:
    value = resources(f'resource "{kind}" "main" {{\n  {body}\n}}\n')[f"{kind}.main"].attributes[attribute]
    assert isinstance(value, Unknown)
    assert value.reason.startswith(f"{attribute} is not set, and ")
    assert value.remedy


def test_a_written_value_is_no_default() -> None:
    found = resources('resource "aws_db_instance" "main" {\n  backup_retention_period = 0\n}\n')
    assert found["aws_db_instance.main"].attributes["backup_retention_period"] == 0


def test_two_names_of_one_kind() -> None:
    names = ("alb", "alb_listener", "alb_listener_rule", "alb_target_group", "alb_target_group_attachment")
    found = resources("".join(f'resource "aws_{name}" "a" {{}}\n' for name in names))
    assert {address: resource.kind for address, resource in found.items()} == {
        f"aws_{name}.a": f"aws_{name.replace('alb', 'lb', 1)}" for name in names
    }
