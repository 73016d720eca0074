"""The gates that look at plans, on plans that Terraform made: each passes, fails and stays open where it should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infraguard.collectors.plan import collect_plan
from infraguard.model.evidence import Environment, Evidence, Source
from infraguard.model.findings import Report, Verdict
from infraguard.workflows.evidence_file import save_evidence
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan
from tests.collectors.plan.planning import (
    ARGUMENTS,
    EXAMPLES,
    FIXTURES,
    PASSWORD,
    by_id,
    content,
    evidence,
    example,
    fixture,
)

GATES = (
    "alerting/database-unavailable",
    "alerting/someone-is-told",
    "database/backup-retention",
    "database/no-public-access",
    "tls/minimum-version",
)
NOW = "2026-11-23T12:00:00Z"


def judged(plan: Path, target: Path) -> Report:
    return scan(ScanRequest(now=NOW, targets=(str(target),), plans=(str(plan),), select=GATES)).report


def verdicts(report: Report, source: Source = Source.PLAN) -> dict[str, Verdict]:
    return {gate.policy: gate.sources[source] for gate in report.gates if source in gate.sources}


@pytest.mark.parametrize(
    ("name", "verdict"), [("secure", Verdict.PASS), ("insecure", Verdict.FAIL), ("unclear", Verdict.UNKNOWN)]
)
def test_a_plan_is_judged_by_every_gate_that_is_about_plans(name: str, verdict: Verdict, tmp_path: Path) -> None:
    report = judged(fixture(name), tmp_path)
    assert verdicts(report) == dict.fromkeys(GATES, verdict)
    unknown = [finding for finding in report.findings if finding.verdict is Verdict.UNKNOWN]
    assert all(finding.reason and finding.remedy for finding in unknown)


@pytest.mark.parametrize("name", ["secure", "insecure"])
def test_plan_and_source_agree(name: str) -> None:
    report = judged(fixture(name), EXAMPLES / name / "terraform/production")
    assert not any(gate.drift for gate in report.gates)
    found = {
        source: {(one.policy, one.resource.id): one.verdict for one in report.findings if one.source is source}
        for source in (Source.TF, Source.PLAN)
    }
    assert found[Source.TF] == found[Source.PLAN]
    places = {one.location.file for one in report.findings if one.source is Source.PLAN and one.location}
    assert places <= {"alarms.tf", "database.tf", "load_balancer.tf"}


def test_a_plan_that_mends_what_the_source_does_not_is_named_so() -> None:
    report = judged(fixture("secure"), EXAMPLES / "insecure/terraform/production")
    details = {gate.policy: gate.detail for gate in report.gates if gate.drift}
    assert details == dict.fromkeys(GATES, "planned, not declared")


@pytest.mark.slow
@pytest.mark.parametrize("name", FIXTURES)
def test_the_fixtures_are_what_terraform_plans(name: str, tmp_path: Path) -> None:
    made = content(example(name, tmp_path, *ARGUMENTS.get(name, ())))
    assert made == content(fixture(name)), "run `python -m tests.collectors.plan.planning`"


def test_a_backup_that_the_plan_removes_fails(tmp_path: Path) -> None:
    plan = content(fixture("secure"))
    after = change_of(plan, "aws_db_instance.ledger")
    after["before"] = dict(after["after"])
    after["after"]["backup_retention_period"] = 0
    after["actions"] = ["update"]
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(plan), "utf-8")
    assert verdicts(judged(path, tmp_path / ".."))["database/backup-retention"] is Verdict.FAIL


@pytest.mark.parametrize(
    ("address", "gate"),
    [
        ("aws_cloudwatch_metric_alarm.database_unavailable", "alerting/database-unavailable"),
        ("aws_sns_topic_subscription.operations", "alerting/someone-is-told"),
    ],
)
def test_what_the_plan_destroys_is_no_evidence(address: str, gate: str, tmp_path: Path) -> None:
    plan = content(fixture("secure"))
    change = change_of(plan, address)
    change.update(before=change["after"], after=None, after_unknown={}, after_sensitive=False, actions=["delete"])
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(plan), "utf-8")
    report = judged(path, EXAMPLES / "secure/terraform/production")
    assert verdicts(report)[gate] is Verdict.FAIL
    assert verdicts(report, Source.TF)[gate] is Verdict.PASS
    (detail,) = [one.detail for one in report.gates if one.policy == gate]
    assert detail == "declared, not planned"


def test_what_is_replaced_counts_as_it_will_be(tmp_path: Path) -> None:
    plan = content(fixture("secure"))
    change_of(plan, "aws_db_instance.ledger")["actions"] = ["delete", "create"]
    plan["resource_changes"].append(
        {
            "address": "aws_db_instance.ledger",
            "mode": "managed",
            "type": "aws_db_instance",
            "name": "ledger",
            "deposed": "1b2c3d4e",
            "change": {"actions": ["delete"], "before": {"backup_retention_period": 0}, "after": None},
        }
    )
    found = [one for one in evidence(plan, tmp_path).resources if one.kind == "aws_db_instance"]
    assert [one.attributes["backup_retention_period"] for one in found] == [30]


def test_data_sources_are_not_judged(tmp_path: Path) -> None:
    plan = content(fixture("secure"))
    plan["resource_changes"].append(
        {
            "address": "data.aws_db_instance.other",
            "mode": "data",
            "type": "aws_db_instance",
            "name": "other",
            "change": {"actions": ["read"], "before": None, "after": {"backup_retention_period": 0}},
        }
    )
    assert "data.aws_db_instance.other" not in by_id(evidence(plan, tmp_path))


def test_no_sensitive_value_is_kept(tmp_path: Path) -> None:
    plan = fixture("insecure")
    assert PASSWORD in plan.read_text("utf-8")
    result = scan(ScanRequest(now=NOW, targets=(str(tmp_path),), plans=(str(plan),)))
    save_evidence(result.evidence, tmp_path / "evidence.json", read_at=NOW)
    assert PASSWORD not in (tmp_path / "evidence.json").read_text("utf-8")
    assert PASSWORD not in repr(result)


def test_saved_evidence_of_a_plan_is_judged_alike(tmp_path: Path) -> None:
    result = scan(ScanRequest(now=NOW, targets=(str(tmp_path),), plans=(str(fixture("insecure")),), select=GATES))
    save_evidence(result.evidence, tmp_path / "evidence.json", read_at=NOW)
    again = scan(ScanRequest(now=NOW, targets=(str(tmp_path / "evidence.json"),), select=GATES))
    assert again.report.findings == result.report.findings


@pytest.mark.parametrize(
    ("tags", "variables", "name", "environment"),
    [
        ({"Environment": "staging"}, {"environment": {"value": "production"}}, "p.json", Environment.STAGING),
        ({}, {"environment": {"value": "production"}}, "dev.json", Environment.PRODUCTION),
        ({}, {}, "plan-staging.json", Environment.STAGING),
        ({}, {}, "plan.json", Environment.UNKNOWN),
    ],
)
def test_the_environment_is_of_tags_then_variables_then_the_name(
    tags: dict[str, str], variables: dict[str, Any], name: str, environment: Environment, tmp_path: Path
) -> None:
    plan = content(fixture("secure"))
    plan["variables"] = variables
    change = change_of(plan, "aws_db_instance.ledger")
    change["after"]["tags_all"] = tags
    change["after_unknown"].pop("tags_all")
    (tmp_path / name).write_text(json.dumps(plan), "utf-8")
    found: Evidence = collect_plan(tmp_path / name)
    assert by_id(found)["aws_db_instance.ledger"].environment is environment


def change_of(plan: dict[str, Any], address: str) -> dict[str, Any]:
    (change,) = [each["change"] for each in plan["resource_changes"] if each["address"] == address]
    assert isinstance(change, dict)
    return change
