"""The generated Terraform: formatted, valid, and accepted by a real `terraform plan` without an account."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.templates.conftest import Say
from tests.tools import TERRAFORM, run_ok, terraform_environment, tool

#: State stays here, and the provider asks AWS nothing.
OFFLINE = (Path(__file__).parent / "offline_override.tf").read_text("utf-8")

ENVIRONMENTS = ("development", "staging", "production")


def terraform(*arguments: str, cwd: Path, env: Mapping[str, str]) -> str:
    program = tool("terraform", "install Terraform 1.10 or newer", TERRAFORM)
    return run_ok(program, *arguments, cwd=cwd, env=env).stdout


@pytest.mark.parametrize("which", ["project", "odd_project"])
def test_it_is_formatted(which: str, request: pytest.FixtureRequest, tmp_path: Path, say: Say) -> None:
    folder: Path = request.getfixturevalue(which)
    terraform("fmt", "-check", "-diff", "-recursive", cwd=folder / "terraform", env={"HOME": str(tmp_path)})
    say("terraform fmt", "nothing to change")


def test_environments_differ_in_their_values_only(project: Path) -> None:
    folders = [project / "terraform/environments" / environment for environment in ENVIRONMENTS]
    names = sorted(file.name for file in folders[0].iterdir())
    for folder in folders:
        assert sorted(file.name for file in folder.iterdir()) == names
        differing = [name for name in names if (folder / name).read_bytes() != (folders[0] / name).read_bytes()]
        assert differing in ([], ["backend.hcl", "terraform.tfvars"])
        assert _keys(folder / "terraform.tfvars") == _keys(folders[0] / "terraform.tfvars")


@pytest.fixture(scope="module")
def roots(
    project: Path, odd_project: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Path], dict[str, str]]:
    """Copies of both projects' Terraform, made to work without an account."""
    folder = tmp_path_factory.mktemp("terraform")
    env = terraform_environment(folder)
    copies = {}
    for name, source in (("project", project), ("odd_project", odd_project)):
        copies[name] = Path(shutil.copytree(source / "terraform", folder / name))
        for environment in ENVIRONMENTS:
            (copies[name] / "environments" / environment / "offline_override.tf").write_text(OFFLINE, "utf-8")
    return copies, env


def plan(root: Path, env: Mapping[str, str], *values: str) -> dict[str, Any]:
    terraform("init", "-input=false", cwd=root, env=env)
    terraform("plan", "-refresh=false", "-input=false", "-out=next.tfplan", *values, cwd=root, env=env)
    planned: dict[str, Any] = json.loads(terraform("show", "-json", "next.tfplan", cwd=root, env=env))
    return planned


@pytest.mark.parametrize(
    ("which", "environment"),
    [
        ("project", "development"),
        ("project", "staging"),
        ("project", "production"),
        ("odd_project", "production"),
    ],
)
def test_it_plans_without_an_account(
    which: str, environment: str, roots: tuple[dict[str, Path], dict[str, str]], say: Say
) -> None:
    copies, env = roots
    planned = plan(copies[which] / "environments" / environment, env)
    odd = ", odd answers" if which == "odd_project" else ""
    to_add = [one for one in planned["resource_changes"] if one["change"]["actions"] == ["create"]]
    say(f"terraform init, plan, {environment}{odd}", f"{len(to_add)} to add")
    databases = _planned(planned, "aws_db_instance")
    assert len(databases) == (1 if environment == "development" else 2)
    for database in databases:
        assert database["publicly_accessible"] is False
        assert database["storage_encrypted"] is True
    (primary,) = [one for one in databases if one["backup_retention_period"]]
    assert primary["engine_version"] == "15"
    assert primary["backup_retention_period"] == 30
    policies = {one["protocol"]: one.get("ssl_policy") for one in _planned(planned, "aws_lb_listener")}
    assert policies["HTTPS"] == "ELBSecurityPolicy-TLS13-1-3-2021-06"
    for alarm in _planned(planned, "aws_cloudwatch_metric_alarm"):
        assert alarm["actions_enabled"] is True
    assert {one["protocol"] for one in _planned(planned, "aws_sns_topic_subscription")} == {"email"}
    assert all(len(one["name"]) <= 32 for one in _planned(planned, "aws_lb"))
    assert all(len(one["name"]) <= 32 for one in _planned(planned, "aws_lb_target_group"))


#: What the document has a person write into the values of the recovery, for the answers of the default project.
RECOVERY = (
    "-var=name_suffix=-2",
    "-var=aws_region=eu-central-1",
    "-var=dr_region=eu-west-3",
    '-var=availability_zones=["eu-central-1a","eu-central-1b","eu-central-1c"]',
    "-var=standby=false",
)
#: Kinds whose names are taken in the whole account, or in the whole world, whatever region is lost.
EVERYWHERE = {
    "aws_budgets_budget": "name",
    "aws_iam_instance_profile": "name",
    "aws_iam_role": "name",
    "aws_s3_bucket": "bucket",
}


@pytest.mark.slow
def test_production_is_built_again_in_the_other_region_under_names_of_its_own(
    roots: tuple[dict[str, Path], dict[str, str]],
) -> None:
    """As docs/disaster-recovery.md says: what is left of the lost region is in nobody's way."""
    copies, env = roots
    production = copies["project"] / "environments/production"
    recovery = Path(shutil.copytree(production, production.with_name("production-2"), symlinks=True))
    lost, built = plan(production, env), plan(recovery, env, *RECOVERY)
    for kind, name in EVERYWHERE.items():
        taken = {one[name] for one in _planned(lost, kind)}
        new = {one[name] for one in _planned(built, kind)}
        assert taken, kind
        assert new, kind
        assert not taken & new, kind
    assert {one["name"] for one in _planned(built, "aws_ecs_cluster")} == {"consulting-portal-production-2"}


@pytest.mark.parametrize("root", ["account", "bootstrap"])
def test_what_exists_once_in_an_account_is_valid(
    root: str, roots: tuple[dict[str, Path], dict[str, str]], say: Say
) -> None:
    copies, env = roots
    terraform("init", "-backend=false", "-input=false", cwd=copies["project"] / root, env=env)
    terraform("validate", cwd=copies["project"] / root, env=env)
    say(f"terraform init, validate, {root}", "valid")


def test_its_own_tests_pass(roots: tuple[dict[str, Path], dict[str, str]], say: Say) -> None:
    """With mocks, so that nothing of them needs an account; one of them plans the least that can be answered."""
    copies, env = roots
    stack = copies["project"] / "stack"
    terraform("init", "-backend=false", "-input=false", cwd=stack, env=env)
    assert "3 passed, 0 failed" in terraform("test", "-no-color", cwd=stack, env=env)
    say("terraform test", "3 passed, 0 failed")


def _keys(tfvars: Path) -> list[str]:
    return [line.partition("=")[0].strip() for line in tfvars.read_text("utf-8").splitlines() if "=" in line]


def _planned(plan: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    resources = _resources(plan["planned_values"]["root_module"])
    return [resource["values"] for resource in resources if resource["type"] == kind]


def _resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _resources(child)
