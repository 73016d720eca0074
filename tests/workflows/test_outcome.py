"""Which exit code a finished scan means."""

from __future__ import annotations

from typing import Literal

import pytest

from infraguard.model.evidence import Environment, Gap, GapReason, Source
from infraguard.model.findings import Finding, Report, Severity, Subject, Verdict
from infraguard.workflows.outcome import exit_code

GAP = Gap(source=Source.AWS, scope="rds", reason=GapReason.DENIED, detail="denied", remedy="allow it")


def finding(verdict: Verdict, severity: Severity = Severity.HIGH, suppression: str | None = None) -> Finding:
    return Finding(
        policy="a/b",
        source=Source.TF,
        verdict=verdict,
        severity=severity,
        resource=Subject(kind="db", id="db", environment=Environment.UNKNOWN, unit="."),
        message="m",
        remediation="r",
        fingerprint="f",
        suppression=suppression,
    )


def report(*findings: Finding, gaps: tuple[Gap, ...] = ()) -> Report:
    return Report(version="0", started_at="", targets=(), findings=findings, gates=(), gaps=gaps)


@pytest.mark.parametrize(
    ("scanned", "fail_on", "on_unknown", "code"),
    [
        (report(), Severity.LOW, "fail", 0),
        (report(finding(Verdict.PASS), finding(Verdict.NOT_APPLICABLE)), Severity.LOW, "fail", 0),
        (report(finding(Verdict.FAIL)), Severity.LOW, "fail", 1),
        (report(finding(Verdict.FAIL)), Severity.HIGH, "warn", 1),
        (report(finding(Verdict.FAIL)), Severity.CRITICAL, "fail", 0),
        (report(finding(Verdict.FAIL, suppression="waiver")), Severity.LOW, "fail", 0),
        (report(finding(Verdict.UNKNOWN)), Severity.LOW, "fail", 3),
        (report(finding(Verdict.UNKNOWN)), Severity.LOW, "warn", 0),
        (report(gaps=(GAP,)), Severity.LOW, "fail", 3),
        (report(gaps=(GAP,)), Severity.LOW, "warn", 0),
        (report(finding(Verdict.FAIL), finding(Verdict.UNKNOWN), gaps=(GAP,)), Severity.LOW, "fail", 1),
    ],
)
def test_exit_code(scanned: Report, fail_on: Severity, on_unknown: Literal["fail", "warn"], code: int) -> None:
    assert exit_code(scanned, fail_on=fail_on, on_unknown=on_unknown) == code
