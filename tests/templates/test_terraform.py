"""The generated Terraform: formatted, valid, and accepted by a real `terraform plan` without an account."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.tools import TERRAFORM, run_ok, terraform_environment, tool

#: State stays here, and the provider asks AWS nothing.
OFFLINE = """
terraform {
  backend "local" {}
}
provider "aws" {
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""


def terraform(*arguments: str, cwd: Path, env: Mapping[str, str]) -> str:
    program = tool("terraform", "install Terraform 1.10 or newer", TERRAFORM)
    return run_ok(program, *arguments, cwd=cwd, env=env).stdout


@pytest.mark.parametrize("which", ["project", "odd_project"])
def test_it_is_formatted(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    folder: Path = request.getfixturevalue(which)
    terraform("fmt", "-check", "-diff", "-recursive", cwd=folder / "terraform", env={"HOME": str(tmp_path)})


def test_environments_differ_in_their_values_only(project: Path) -> None:
    environments = project / "terraform/environments"
    production, staging = environments / "production", environments / "staging"
    names = sorted(file.name for file in production.iterdir())
    assert names == sorted(file.name for file in staging.iterdir())
    differing = [name for name in names if (production / name).read_bytes() != (staging / name).read_bytes()]
    assert differing == ["backend.hcl", "terraform.tfvars"]


@pytest.mark.parametrize(("which", "environment"), [("project", "production"), ("odd_project", "staging")])
def test_it_plans_without_an_account(
    which: str, environment: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder = shutil.copytree(request.getfixturevalue(which) / "terraform", tmp_path / "terraform")
    root = folder / "environments" / environment
    env = terraform_environment(tmp_path)
    (root / "offline_override.tf").write_text(OFFLINE, "utf-8")
    terraform("init", "-input=false", cwd=root, env=env)
    terraform("validate", cwd=root, env=env)
    terraform("plan", "-refresh=false", "-input=false", "-out=next.tfplan", cwd=root, env=env)
    planned = json.loads(terraform("show", "-json", "next.tfplan", cwd=root, env=env))
    (database,) = _planned(planned, "aws_db_instance")
    assert database["engine_version"] == "15"
    assert database["backup_retention_period"] == 30
    assert database["publicly_accessible"] is False
    assert database["storage_encrypted"] is True
    policies = {one["protocol"]: one.get("ssl_policy") for one in _planned(planned, "aws_lb_listener")}
    assert policies == {"HTTPS": "ELBSecurityPolicy-TLS13-1-3-2021-06", "HTTP": None}
    for alarm in _planned(planned, "aws_cloudwatch_metric_alarm"):
        assert alarm["actions_enabled"] is True
        assert alarm["dimensions"] == {"DBInstanceIdentifier": database["identifier"]}
    assert [one["protocol"] for one in _planned(planned, "aws_sns_topic_subscription")] == ["email"]


def _planned(plan: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    resources = _resources(plan["planned_values"]["root_module"])
    return [resource["values"] for resource in resources if resource["type"] == kind]


def _resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _resources(child)
