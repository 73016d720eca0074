"""A block named as one of Terraform's own is the resource's where it stands deeper."""

from __future__ import annotations

from tests.terraform.evaluating import resources

PLAN = """
resource "aws_backup_plan" "main" {
  provider = aws.dr
  rule {
    lifecycle { delete_after = 30 }
  }
  lifecycle { prevent_destroy = true }
}
"""


def test_a_rule_of_a_backup_plan_has_a_lifecycle_and_the_resource_none() -> None:
    attributes = resources(PLAN)["aws_backup_plan.main"].attributes
    assert attributes["rule"] == [{"lifecycle": [{"delete_after": 30}]}]
    assert "lifecycle" not in attributes


def test_the_provider_that_a_resource_names_is_told() -> None:
    assert resources(PLAN)["aws_backup_plan.main"].attributes["provider"] == "aws.dr"
