"""Waived findings are marked and never dropped, and a waiver that is of no use is a finding itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infraguard.cli.render import rendered
from infraguard.model.errors import ConfigError
from infraguard.model.findings import Verdict
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import ScanResult, scan

GATE = "database/backup-retention"
DATABASE = 'resource "aws_db_instance" "this" {\n  identifier = "a"\n  backup_retention_period = DAYS\n}\n'
CALL = 'module "reports" {\n  source = "./db"\n}\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "db").mkdir()
    (tmp_path / "db/main.tf").write_text(DATABASE.replace("DAYS", "7"), "utf-8")
    (tmp_path / "main.tf").write_text(CALL, "utf-8")
    return tmp_path


def waive(
    repository: Path, address: str = "module.reports.aws_db_instance.this", until: str = "2026-06-30", unit: str = ""
) -> None:
    folder = repository / ".infraguard"
    folder.mkdir(exist_ok=True)
    entry = f'  - gate: {GATE}\n    address: "{address}"\n    reason: rebuilt every night\n    owner: data-team\n'
    entry += f"    expires: {until}\n" + (f"    unit: {unit}\n" if unit else "")
    (folder / "waivers.yaml").write_text(f"waivers:\n{entry}", "utf-8")


def scanned(*targets: Path, today: str = "2026-06-30") -> ScanResult:
    return scan(ScanRequest(now=f"{today}T12:00:00Z", targets=tuple(map(str, targets)), select=(GATE,)))


def verdicts(result: ScanResult) -> dict[str, Verdict]:
    return {gate.policy: gate.verdict for gate in result.report.gates}


@pytest.mark.parametrize(
    "address", ["module.reports.aws_db_instance.this", "module.reports", "*.aws_db_instance.*", "module.rep*"]
)
def test_what_is_waived_at_the_call_is_marked_and_counts_no_more(repository: Path, address: str) -> None:
    assert scanned(repository).exit_code == 1
    waive(repository, address)
    result = scanned(repository)
    (finding,) = result.report.findings
    assert finding.verdict is Verdict.FAIL
    assert finding.suppression == (
        "waived until 2026-06-30 by data-team: rebuilt every night (.infraguard/waivers.yaml:2)"
    )
    assert result.exit_code == 0
    assert verdicts(result) == {GATE: Verdict.NOT_APPLICABLE}


def test_every_format_knows_it(repository: Path) -> None:
    waive(repository)
    result = scanned(repository)
    request = ScanRequest(now="", targets=(str(repository),))
    text = {name: rendered(result, request, name, verbose=False, to_file=True) for name in ("console", "json", "sarif")}
    assert "data-team" in text["console"]
    assert "rebuilt every night" in json.loads(text["json"])["findings"][0]["suppression"]
    assert json.loads(text["sarif"])["runs"][0]["results"] == []


def test_a_module_that_is_not_here_can_be_waived_at_its_call(repository: Path) -> None:
    (repository / "main.tf").write_text('module "reports" {\n  source = "terraform-aws-modules/rds/aws"\n}\n', "utf-8")
    (repository / "db/main.tf").unlink()
    assert scanned(repository).exit_code == 3
    waive(repository, "module.reports")
    assert scanned(repository).exit_code == 0


def test_a_waiver_ends_after_its_day(repository: Path) -> None:
    waive(repository)
    result = scanned(repository, today="2026-07-01")
    assert result.exit_code == 1
    assert verdicts(result) == {GATE: Verdict.FAIL, "waivers/expired": Verdict.FAIL}
    (problem,) = [one for one in result.report.findings if one.policy == "waivers/expired"]
    assert str(problem.location) == ".infraguard/waivers.yaml:2"
    assert "ran out on 2026-06-30" in problem.message


@pytest.mark.parametrize("address", ["module.report.aws_db_instance.this", "aws_db_instance.this"])
def test_a_waiver_of_nothing_is_a_finding(repository: Path, address: str) -> None:
    waive(repository, address)
    result = scanned(repository)
    assert verdicts(result) == {GATE: Verdict.FAIL, "waivers/unused": Verdict.FAIL}


def test_a_waiver_of_what_passes_is_a_finding(repository: Path) -> None:
    (repository / "db/main.tf").write_text(DATABASE.replace("DAYS", "30"), "utf-8")
    waive(repository)
    result = scanned(repository)
    assert verdicts(result) == {GATE: Verdict.PASS, "waivers/unused": Verdict.FAIL}
    assert result.exit_code == 1


def test_a_waiver_of_another_gate_than_was_asked_for_is_left_alone(repository: Path) -> None:
    waive(repository)
    request = ScanRequest(now="2027-01-01T00:00:00Z", targets=(str(repository),), select=("tls/*",))
    assert not [gate for gate in verdicts(scan(request)) if gate.startswith("waivers/")]


def test_a_unit_narrows_it(tmp_path: Path) -> None:
    for name in ("east", "west"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(DATABASE.replace("DAYS", "7"), "utf-8")
    waive(tmp_path, "aws_db_instance.this", unit="west")
    marked = {one.resource.unit: bool(one.suppression) for one in scanned(tmp_path).report.findings}
    assert marked == {"east": False, "west": True}


def test_in_one_target_of_several_it_says_nothing_of_the_others(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(DATABASE.replace("DAYS", "7"), "utf-8")
    waive(tmp_path / "one", "aws_db_instance.this")
    findings = scanned(tmp_path / "one", tmp_path / "two").report.findings
    assert [bool(one.suppression) for one in sorted(findings, key=lambda one: one.resource.unit)] == [True, False]


def test_a_comment_waives_where_it_stands(repository: Path) -> None:
    comment = f'# infraguard: waive {GATE} until=2026-06-30 owner=data-team reason="rebuilt"\n'
    (repository / "main.tf").write_text(comment + CALL, "utf-8")
    assert scanned(repository).exit_code == 0
    (repository / "main.tf").write_text(comment.replace("owner=data-team ", "") + CALL, "utf-8")
    assert verdicts(scanned(repository)) == {GATE: Verdict.FAIL, "waivers/invalid": Verdict.FAIL}


def test_a_mistake_in_the_file_ends_the_scan_before_it_begins(repository: Path) -> None:
    waive(repository, until="someday")
    with pytest.raises(ConfigError, match=r"waivers\.yaml:6:14: 'someday' is no day"):
        scanned(repository)
