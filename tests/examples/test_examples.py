"""The examples are real repositories: their Terraform is valid, their tests pass, and the gates judge them as told."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from infraguard.model.findings import Report, Severity, Verdict
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan
from tests.tools import run_ok, terraform_environment, tool

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GATES = {
    "alerting/database-unavailable",
    "alerting/someone-is-told",
    "database/backup-retention",
    "database/no-public-access",
    "pipeline/coverage-threshold",
    "tls/minimum-version",
}


def judged(name: str) -> Report:
    request = ScanRequest(
        now="2026-11-23T12:00:00Z", targets=(str(EXAMPLES / name),), select=tuple(sorted(GATES)), fail_on=Severity.LOW
    )
    return scan(request).report


def test_the_secure_example_passes_every_gate() -> None:
    report = judged("secure")
    assert list(report.gaps) == []
    assert {gate.policy: gate.verdict for gate in report.gates} == dict.fromkeys(GATES, Verdict.PASS)


def test_the_insecure_example_fails_every_gate_and_its_readme_says_so() -> None:
    report = judged("insecure")
    assert {gate.policy: gate.verdict for gate in report.gates} == dict.fromkeys(GATES, Verdict.FAIL)
    readme = (EXAMPLES / "insecure/README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z]+/[a-z-]+)`", readme, re.MULTILINE)) == GATES


@pytest.mark.parametrize(
    ("gate", "resource", "verdict"),
    [
        ("alerting/database-unavailable", "aws_db_instance.ledger", Verdict.FAIL),
        ("alerting/someone-is-told", "aws_cloudwatch_metric_alarm.database_cpu", Verdict.FAIL),
        ("alerting/someone-is-told", "aws_cloudwatch_metric_alarm.database_connections", Verdict.FAIL),
        ("database/backup-retention", "aws_db_instance.ledger", Verdict.FAIL),
        ("database/backup-retention", "aws_db_instance.reporting", Verdict.UNKNOWN),
        ("database/no-public-access", "aws_db_instance.ledger", Verdict.FAIL),
        ("tls/minimum-version", "aws_lb_listener.clients", Verdict.FAIL),
        ("tls/minimum-version", "aws_lb_listener.partners", Verdict.FAIL),
    ],
)
def test_each_mistake_is_found_where_it_is(gate: str, resource: str, verdict: Verdict) -> None:
    findings = [one for one in judged("insecure").findings if (one.policy, one.resource.id) == (gate, resource)]
    assert [one.verdict for one in findings] == [verdict]


@pytest.mark.parametrize(
    "root", ["insecure/terraform/production", "insecure/terraform/reporting", "secure/terraform/production"]
)
def test_their_terraform_is_formatted_and_valid(root: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLES / root, tmp_path / "root"))
    env = terraform_environment(tmp_path)
    terraform = tool("terraform", "install Terraform 1.10 or newer")
    run_ok(terraform, "fmt", "-check", "-diff", cwd=folder, env=env)
    run_ok(terraform, "init", "-input=false", cwd=folder, env=env)
    run_ok(terraform, "validate", cwd=folder, env=env)


@pytest.mark.parametrize("name", ["insecure", "secure"])
def test_their_tests_pass_and_their_workflows_are_workflows(name: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLES / name, tmp_path / name))
    run_ok(sys.executable, "-m", "pytest", "--quiet", cwd=folder, env={"PYTHONPATH": "src"})
    workflow = ".github/workflows/test.yml"
    run_ok(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", workflow, cwd=folder)


def test_the_workflow_of_the_secure_example_is_secure() -> None:
    folder = EXAMPLES / "secure"
    run_ok(tool("zizmor"), "--offline", "--no-progress", "--strict-collection", "--persona=auditor", ".", cwd=folder)
