"""Whole scans with a live account in them, over HTTP: the gates, the drift, and evidence cut away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infraguard.model.errors import CollectionError
from infraguard.model.findings import Verdict
from infraguard.workflows.evidence_file import load_evidence, save_evidence
from infraguard.workflows.request import AwsOptions
from infraguard.workflows.scan import ScanRequest, ScanResult, scan
from tests.emulator.server import REGION, Emulator

NOW = "2026-01-31T00:00:00+00:00"
LIVE_GATES = (
    "alerting/database-unavailable",
    "alerting/someone-is-told",
    "database/backup-retention",
    "database/no-public-access",
    "tls/minimum-version",
)
SECURE = """
variable "environment" { default = "production" }
resource "aws_db_instance" "main" {
  identifier              = "legacy"
  backup_retention_period = 30
}
"""


def live(*targets: str, select: tuple[str, ...] = LIVE_GATES, regions: tuple[str, ...] = (REGION,)) -> ScanResult:
    return scan(ScanRequest(now=NOW, targets=targets, select=select, aws=AwsOptions(regions=regions)))


def verdicts(result: ScanResult) -> dict[str, Verdict]:
    return {gate.policy: gate.verdict for gate in result.report.gates}


def test_a_good_account_passes_every_gate(aws: Emulator) -> None:
    aws.seed_good()
    result = live()
    assert verdicts(result) == dict.fromkeys(LIVE_GATES, Verdict.PASS)
    assert result.report.gaps == ()
    assert result.exit_code == 0


def test_a_bad_account_fails_every_gate_and_names_the_open_legs(aws: Emulator) -> None:
    aws.seed_bad()
    result = live()
    assert verdicts(result) == dict.fromkeys(LIVE_GATES, Verdict.FAIL)
    assert result.exit_code == 1
    message = next(f.message for f in result.report.findings if f.policy == "database/no-public-access")
    assert "publicly_accessible is true" in message
    assert "to an internet gateway" in message
    assert "admits public addresses" in message


def test_declared_but_not_deployed_is_drift(aws: Emulator, tmp_path: Path) -> None:
    aws.seed_bad()
    (tmp_path / "main.tf").write_text(SECURE)
    result = live(str(tmp_path), select=("database/backup-retention",))
    gate = result.report.gates[0]
    assert gate.sources == {"tf": Verdict.PASS, "aws": Verdict.FAIL}
    assert (gate.drift, gate.detail) == (True, "declared, not deployed")


def test_an_empty_account_is_not_applicable_and_no_pass(aws: Emulator) -> None:
    found = verdicts(live())
    assert set(found.values()) == {Verdict.NOT_APPLICABLE}


@pytest.mark.parametrize("fault", ["deny", "throttle", "500", "garbage", "expired", "optin"])
@pytest.mark.parametrize(
    ("service", "gate"),
    [
        ("rds", "database/backup-retention"),
        ("rds", "database/no-public-access"),
        ("ec2", "database/no-public-access"),
        ("elbv2", "tls/minimum-version"),
        ("cloudwatch", "alerting/someone-is-told"),
        ("sns", "alerting/someone-is-told"),
    ],
)
def test_no_fault_of_a_service_lets_a_gate_pass(
    aws: Emulator, monkeypatch: pytest.MonkeyPatch, fault: str, service: str, gate: str
) -> None:
    impatient(monkeypatch)
    aws.seed_good()
    aws.faults([{"service": service, "kind": fault}])
    result = live(select=(gate,))
    assert any(entry.fault for entry in aws.log())
    assert result.report.gates[0].verdict is Verdict.UNKNOWN
    assert result.exit_code == 3
    unknown = [finding for finding in result.report.findings if finding.verdict is Verdict.UNKNOWN]
    assert all(finding.reason and finding.remedy for finding in unknown)


def test_one_dead_region_of_two_leaves_the_gate_unknown(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)
    aws.seed_good()
    aws.faults([{"service": "*", "region": "us-east-1", "kind": "reset"}])
    result = live(regions=(REGION, "us-east-1"))
    assert set(verdicts(result).values()) == {Verdict.UNKNOWN}
    assert all("us-east-1" in gap.scope for gap in result.report.gaps)
    assert any(finding.verdict is Verdict.PASS for finding in result.report.findings)


def test_a_fail_stays_a_fail_whatever_else_is_missing(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)
    aws.seed_bad()
    aws.faults([{"service": "ec2", "kind": "deny"}])
    assert verdicts(live(select=("database/*",)))["database/no-public-access"] is Verdict.FAIL


def test_saved_evidence_is_judged_the_same_offline(aws: Emulator, tmp_path: Path) -> None:
    aws.seed_bad()
    (tmp_path / "main.tf").write_text(SECURE)
    first = live(str(tmp_path))
    save_evidence(first.evidence, tmp_path / "e.json", read_at=NOW)
    aws.faults([{"service": "*", "kind": "reset"}])
    again = scan(ScanRequest(now=NOW, targets=(str(tmp_path / "e.json"),), select=LIVE_GATES))
    assert load_evidence(tmp_path / "e.json") == first.evidence
    assert again.report == first.report


def test_evidence_saved_for_one_gate_says_nothing_of_another(aws: Emulator, tmp_path: Path) -> None:
    aws.seed_good()
    result = live(select=("tls/minimum-version",))
    save_evidence(result.evidence, tmp_path / "e.json", read_at=NOW)
    again = scan(ScanRequest(now=NOW, targets=(str(tmp_path / "e.json"),), select=("database/backup-retention",)))
    assert again.report.gates[0].verdict is Verdict.UNKNOWN
    assert "was not collected" in str(again.report.findings[0].reason)


@pytest.mark.parametrize(
    "rule",
    [
        "each: aws_moon_base\n    require: {crew: 3}",
        "some: aws_moon_base",
        "none: aws_moon_base",
        "some: aws_moon_base\n    applies: {some: aws_db_instance}",
        "some: aws_moon_base\n    applies: {some: aws_moon_shuttle}",
        "some: aws_sns_topic\n    applies: {some: aws_moon_base}\n    require: {name: none-has-it}",
        "each: aws_db_instance\n    require: {related: {some: aws_moon_base, by: database}}",
        "each: aws_db_instance\n    require: {related: {none: aws_moon_base}}",
    ],
)
def test_a_kind_that_nothing_reads_from_an_account_is_unknown_with_a_remedy(
    aws: Emulator, tmp_path: Path, rule: str
) -> None:
    aws.seed_good()
    (tmp_path / "moon").mkdir()
    (tmp_path / "moon" / "base.yaml").write_text(
        "title: T\nseverity: high\nwhy: because\nremediation: mend it\nrules:\n"
        f"  - sources: [tf, aws]\n    scope: configuration\n    {rule}\n    message: no\n"
    )
    options = AwsOptions(regions=(REGION,))
    request = ScanRequest(now=NOW, targets=(), policy_folders=(str(tmp_path),), select=("moon/base",), aws=options)
    result = scan(request)
    gate = result.report.gates[0]
    assert gate.sources == {"aws": Verdict.UNKNOWN}
    unknown = next(finding for finding in result.report.findings if finding.verdict is Verdict.UNKNOWN)
    assert "aws_moon" in str(unknown.reason)
    assert "this version reads no resources of this kind" in str(unknown.reason)
    assert "scan the Terraform that declares it" in str(unknown.remedy)
    assert result.exit_code == 3


@pytest.mark.parametrize("fault", ["deny", "expired"])
def test_an_account_that_does_not_know_us_ends_the_scan_with_a_hint(
    aws: Emulator, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    impatient(monkeypatch)
    aws.faults([{"service": "sts", "kind": fault}])
    with pytest.raises(CollectionError) as raised:
        live()
    assert raised.value.hint


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let calls fail at once: how often they are tried again is tested with the collector."""
    from infraguard.collectors.aws import request

    original = request.AwsRequest

    def quick(**settings: Any) -> request.AwsRequest:
        return original(**settings, retries=0, connect_timeout=1.0, read_timeout=2.0)

    monkeypatch.setattr("infraguard.collectors.aws.AwsRequest", quick)
