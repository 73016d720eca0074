"""What real scans report is of the frozen shapes: our JSON, and the SARIF that GitHub takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infraguard.reports.formats import FORMATS
from infraguard.reports.options import RenderOptions
from infraguard.workflows.request import AwsOptions
from infraguard.workflows.scan import ScanRequest, ScanResult, scan
from tests.emulator.server import REGION, Emulator
from tests.reports.conftest import Validate, report_schema, valid_report, valid_sarif

__all__ = ["report_schema", "valid_report", "valid_sarif"]

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = "2026-01-31T00:00:00+00:00"


def _check(result: ScanResult, valid_report: Validate, valid_sarif: Validate) -> None:
    policies = {policy.id: policy for policy in result.policies}
    valid_report("".join(FORMATS["json"](result.report, RenderOptions())))
    sarif = "".join(FORMATS["sarif"](result.report, RenderOptions(policies=policies)))
    valid_sarif(sarif)
    run = json.loads(sarif)["runs"][0]
    incomplete = bool(result.report.gaps) or any(f.verdict == "unknown" for f in result.report.findings)
    assert run["invocations"][0]["executionSuccessful"] is not incomplete
    assert "".join(FORMATS["console"](result.report, RenderOptions()))


@pytest.mark.parametrize("name", ["insecure", "secure"])
def test_examples(name: str, valid_report: Validate, valid_sarif: Validate) -> None:
    _check(scan(ScanRequest(now=NOW, targets=(str(EXAMPLES / name),))), valid_report, valid_sarif)


def test_an_empty_folder(tmp_path: Path, valid_report: Validate, valid_sarif: Validate) -> None:
    _check(scan(ScanRequest(now=NOW, targets=(str(tmp_path),))), valid_report, valid_sarif)


def test_several_folders_are_told_apart(valid_report: Validate, valid_sarif: Validate) -> None:
    targets = (str(EXAMPLES / "secure"), str(EXAMPLES / "insecure"))
    result = scan(ScanRequest(now=NOW, targets=targets))
    _check(result, valid_report, valid_sarif)
    alone = [scan(ScanRequest(now=NOW, targets=(target,))).report.findings for target in targets]
    assert len(result.report.findings) == sum(map(len, alone))
    files = {finding.location.file for finding in result.report.findings if finding.location}
    assert all(file.startswith(targets) for file in files)


def test_a_live_account_beside_a_folder(aws: Emulator, valid_report: Validate, valid_sarif: Validate) -> None:
    aws.seed_bad()
    aws.faults([{"service": "sns", "kind": "deny"}])
    request = ScanRequest(now=NOW, targets=(str(EXAMPLES / "secure"),), aws=AwsOptions(regions=(REGION,)))
    _check(scan(request), valid_report, valid_sarif)


def test_an_account_that_cannot_be_reached_leaves_the_rest_judged(
    aws: Emulator, monkeypatch: pytest.MonkeyPatch, valid_report: Validate, valid_sarif: Validate
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    request = ScanRequest(now=NOW, targets=(str(EXAMPLES / "secure"),), aws=AwsOptions(regions=(REGION,)))
    result = scan(request)
    _check(result, valid_report, valid_sarif)
    gates = {gate.policy: gate.sources for gate in result.report.gates}
    assert (gates["tls/minimum-version"]["tf"], gates["tls/minimum-version"]["aws"]) == ("pass", "unknown")
    assert result.exit_code == 3
