"""The closed loop: a generated project passes every gate, and one edit fails the gates that it breaks, and no other."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from infraguard.model.findings import Report, Verdict
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan
from tests.gates import TEMPLATE_GATES
from tests.templates.conftest import Say

GATES = set(TEMPLATE_GATES)


def judged(folder: Path) -> Report:
    request = ScanRequest(now="2026-11-23T12:00:00Z", targets=(str(folder),), select=tuple(sorted(GATES)))
    return scan(request).report


def test_all_of_a_scan(project: Path, say: Say) -> None:
    """Every gate that there is: none fails, none is unknown, and what is left is a person's or has nothing to be on."""
    report = scan(ScanRequest(now="2026-11-23T12:00:00Z", targets=(str(project),))).report
    counted = Counter(gate.verdict.value for gate in report.gates)
    say("infraguard scan", ", ".join(f"{counted[one.value]} {one.value}" for one in Verdict))
    assert list(report.gaps) == []
    assert counted[Verdict.FAIL.value] == counted[Verdict.UNKNOWN.value] == 0
    assert counted[Verdict.PASS.value] >= 153
    assert counted[Verdict.MANUAL.value] <= 2


@pytest.mark.parametrize("which", ["project", "odd_project"])
def test_every_gate_passes(which: str, request: pytest.FixtureRequest) -> None:
    report = judged(request.getfixturevalue(which))
    assert list(report.gaps) == []
    assert {gate.policy: gate.verdict for gate in report.gates} == dict.fromkeys(GATES, Verdict.PASS)
    assert {finding.verdict for finding in report.findings} <= {Verdict.PASS, Verdict.NOT_APPLICABLE}


DATABASE = "terraform/modules/database/main.tf"
ACCESS = "terraform/modules/database/access.tf"
ROUTES = "terraform/modules/network/routes.tf"
BALANCER = "terraform/modules/load-balancer/main.tf"
ALERTS = "terraform/modules/alerting/main.tf"
ALARMS = "terraform/modules/observability/main.tf"
DATABASE_ALARMS = "terraform/modules/observability/database.tf"
EVENTS = "terraform/modules/observability/security.tf"
POLICY = '  ssl_policy      = "ELBSecurityPolicy-TLS13-1-3-2021-06"\n'
DATA_ROUTE = """
resource "aws_route" "data_to_internet" {
  route_table_id         = aws_route_table.data.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}
"""


@pytest.mark.parametrize(
    ("file", "before", "after", "gates"),
    [
        (DATABASE, "backup_retention_period   = 30", "backup_retention_period   = 29", "database/backup-retention"),
        (DATABASE, "  backup_retention_period   = 30\n", "", "database/backup-retention"),
        (DATABASE, "publicly_accessible    = false", "publicly_accessible    = true", "database/no-public-access"),
        (
            ROUTES,
            "# No route leaves the VPC from here.\n",
            DATA_ROUTE,
            "database/no-public-access network/private-subnets",
        ),
        (
            ACCESS,
            "  referenced_security_group_id = each.value\n",
            '  cidr_ipv4 = "0.0.0.0/0"\n',
            "database/no-public-access network/minimal-security-groups",
        ),
        (BALANCER, POLICY, POLICY.replace("1-3-2021", "1-2-2021"), "tls/minimum-version"),
        (BALANCER, POLICY, "", "tls/minimum-version"),
        (ALARMS, "actions_enabled     = true", "actions_enabled     = false", "alerting/someone-is-told"),
        (ALARMS, "  alarm_actions       = [var.topic_arn]\n", "", "alerting/someone-is-told"),
        (ALERTS, "  topic_arn = aws_sns_topic.alerts.arn\n", '  topic_arn = "none"\n', "alerting/someone-is-told"),
        ("pyproject.toml", "precision = 2\n", "", "pipeline/coverage-threshold"),
        (".github/workflows/test.yml", "fail-under=80", "fail-under=79", "pipeline/coverage-threshold"),
        (
            ".github/workflows/test.yml",
            "junit.xml\n      -",
            "junit.xml || true\n      -",
            "pipeline/coverage-threshold pipeline/no-ignored-failures",
        ),
    ],
)
def test_one_edit_fails_its_gates_alone(
    file: str, before: str, after: str, gates: str, project: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(project, tmp_path / "project"))
    text = (folder / file).read_text("utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after), "utf-8")
    verdicts = {one.policy: one.verdict for one in judged(folder).gates}
    assert verdicts == dict.fromkeys(GATES, Verdict.PASS) | dict.fromkeys(gates.split(), Verdict.FAIL)


def test_no_sign_of_a_lost_database_fails_its_gate_alone(project: Path, tmp_path: Path) -> None:
    """Two witnesses tell of it, so both must go."""
    folder = Path(shutil.copytree(project, tmp_path / "project"))
    edits = ((DATABASE_ALARMS, '"breaching"', '"notBreaching"'), (EVENTS, '"availability", ', ""))
    for file, before, after in edits:
        text = (folder / file).read_text("utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after), "utf-8")
    verdicts = {one.policy: one.verdict for one in judged(folder).gates}
    assert verdicts == {**dict.fromkeys(GATES, Verdict.PASS), "alerting/database-unavailable": Verdict.FAIL}
