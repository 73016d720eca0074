"""The deployment checklist in scans: each point as its gate, from every source, or as a person's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from infraguard.model.evidence import Source
from infraguard.model.findings import Finding, Verdict
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan

NOW = "2026-11-25T12:00:00Z"
CHECKLIST = "deployment/checklist"
BACKUPS, COVERAGE = "database/backup-retention", "pipeline/coverage-threshold"
POINTS = """deployment:
  - {id: backups, point: Backups are kept, gate: database/backup-retention}
  - {id: coverage, point: Coverage is enough, gate: pipeline/coverage-threshold}
  - {id: passing, point: All tests pass, gate: pipeline/all-tests-pass}
  - {id: told, point: Clients were told, manual: true, by: Ada, on: 2026-11-20}
"""
DATABASE = 'resource "aws_db_instance" "a" {\n  backup_retention_period = %s\n}\n'
WAIVER = """waivers:
  - gate: database/backup-retention
    address: aws_db_instance.a
    reason: known
    owner: data
    expires: "2027-01-31"
"""
ALL = (CHECKLIST, BACKUPS, COVERAGE, "pipeline/all-tests-pass")


def points(folder: Path, files: Mapping[str, str], select: tuple[str, ...] = ALL) -> dict[tuple[str, Source], Finding]:
    for name, text in {".infraguard/checklist.yaml": POINTS, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    found = scan(ScanRequest(now=NOW, targets=(str(folder),), select=select)).report.findings
    mine = [finding for finding in found if finding.policy == CHECKLIST and finding.resource.kind == "checklist_point"]
    return {(finding.resource.id, finding.source): finding for finding in mine}


def test_a_point_is_what_its_gate_is(tmp_path: Path) -> None:
    good = points(tmp_path / "good", {"main.tf": DATABASE % 30})
    bad = points(tmp_path / "bad", {"main.tf": DATABASE % 7})
    key = ("deployment/backups", Source.REPO)
    assert good[key].verdict is Verdict.PASS
    assert bad[key].verdict is Verdict.FAIL
    assert bad[key].message == "Backups are kept: database/backup-retention does not pass"
    assert str(bad[key].location) == ".infraguard/checklist.yaml:2"


def test_an_unknown_gate_leaves_its_point_unknown_with_its_reason(tmp_path: Path) -> None:
    found = points(tmp_path, {"main.tf": DATABASE % "var.days" + 'variable "days" {}\n'})
    finding = found["deployment/backups", Source.REPO]
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.reason is not None
    assert finding.reason.startswith("database/backup-retention is unknown: var.days")
    assert finding.causes


def test_results_are_a_witness_of_their_own(tmp_path: Path) -> None:
    report = '<testsuite tests="2" failures="1" errors="0"><testcase name="a"><failure/></testcase></testsuite>'
    found = points(tmp_path, {"junit.xml": report})
    assert found["deployment/passing", Source.RESULTS].verdict is Verdict.FAIL
    assert ("deployment/passing", Source.REPO) not in found


def test_a_gate_that_nothing_decides_is_a_persons(tmp_path: Path) -> None:
    found = points(tmp_path, {})
    assert found["deployment/passing", Source.REPO].verdict is Verdict.MANUAL
    assert found["deployment/told", Source.REPO].verdict is Verdict.PASS


def test_what_terraform_does_not_declare_is_a_persons(tmp_path: Path) -> None:
    """Whether main needs a review may stand in the settings of GitHub, as alarms may in another repository."""
    review = POINTS.replace("pipeline/coverage-threshold", "pipeline/review-required")
    files = {".infraguard/checklist.yaml": review, "main.tf": 'resource "aws_sqs_queue" "a" {}\n'}
    found = points(tmp_path, files, (*ALL, "pipeline/review-required"))
    assert found["deployment/backups", Source.REPO].verdict is Verdict.MANUAL
    assert found["deployment/coverage", Source.REPO].verdict is Verdict.MANUAL


def test_what_the_repository_has_nothing_of_is_no_point(tmp_path: Path) -> None:
    migrations = POINTS.replace("pipeline/coverage-threshold", "database/migrations-reversible")
    found = points(tmp_path, {".infraguard/checklist.yaml": migrations}, (*ALL, "database/migrations-reversible"))
    assert found["deployment/coverage", Source.REPO].verdict is Verdict.NOT_APPLICABLE


def test_a_gate_that_was_not_selected_is_unknown(tmp_path: Path) -> None:
    finding = points(tmp_path, {"main.tf": DATABASE % 30}, (CHECKLIST,))["deployment/backups", Source.REPO]
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.remedy == "select database/backup-retention too, or correct the name in .infraguard/checklist.yaml"


def test_a_fail_that_is_waived_fails_no_point(tmp_path: Path) -> None:
    found = points(tmp_path, {"main.tf": DATABASE % 7, ".infraguard/waivers.yaml": WAIVER})
    assert found["deployment/backups", Source.REPO].verdict is Verdict.NOT_APPLICABLE


def test_a_checklist_is_judged_on_its_own_repository(tmp_path: Path) -> None:
    for name, days in (("one", 30), ("two", 7)):
        folder = tmp_path / name
        (folder / ".infraguard").mkdir(parents=True)
        (folder / ".infraguard" / "checklist.yaml").write_text(POINTS, "utf-8")
        (folder / "main.tf").write_text(DATABASE % days, "utf-8")
    targets = (str(tmp_path / "one"), str(tmp_path / "two"))
    found = scan(ScanRequest(now=NOW, targets=targets, select=ALL)).report.findings
    mine = [f for f in found if f.policy == CHECKLIST and f.resource.id == "deployment/backups"]
    assert [(Path(f.resource.unit).name, f.verdict) for f in mine] == [("one", Verdict.PASS), ("two", Verdict.FAIL)]
