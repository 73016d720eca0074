"""Waivers in real scans: what they mark, what then counts, and what is said of the waivers themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from infraguard.model.errors import ConfigError, UsageError
from infraguard.model.findings import Finding, Verdict
from infraguard.reports.formats import FORMATS
from infraguard.reports.options import RenderOptions
from infraguard.workflows.explain import ExplainRequest, explain
from infraguard.workflows.request import ScanRequest, ScanResult
from infraguard.workflows.scan import scan
from tests.reports.conftest import Validate, report_schema, valid_report, valid_sarif

__all__ = ["report_schema", "valid_report", "valid_sarif"]

NOW = "2026-11-25T12:00:00Z"
GATE = "database/backup-retention"
DATABASE = 'resource "aws_db_instance" "%s" {\n  backup_retention_period = %s\n}\n'
COMMENT = f'# infraguard: waive {GATE} until=%s owner=data reason="rebuilt nightly"\n'
ENTRY = "  - {gate: %s, address: %s, reason: known, owner: data, expires: %s%s}\n"


def entry(address: str, expires: str = '"2027-01-31"', more: str = "", gate: str = GATE) -> str:
    return ENTRY % (gate, json.dumps(address), expires, more)


def scanned(folder: Path, files: Mapping[str, str], waivers: str = "", **request: object) -> ScanResult:
    for name, text in {**files, **({".infraguard/waivers.yaml": "waivers:\n" + waivers} if waivers else {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    wanted = {"now": NOW, "targets": (str(folder),), "select": (GATE,), **request}
    return scan(ScanRequest(**wanted))  # type: ignore[arg-type]


def verdicts(result: ScanResult) -> dict[str, Verdict]:
    return {gate.policy: gate.verdict for gate in result.report.gates}


def on(result: ScanResult, address: str, policy: str = GATE) -> Finding:
    (found,) = [f for f in result.report.findings if f.policy == policy and f.resource.id == address]
    return found


@pytest.mark.parametrize("day", ["2026-11-25", "2027-01-31"])
def test_a_waived_fail_is_marked_and_does_not_count(tmp_path: Path, day: str) -> None:
    result = scanned(tmp_path, {"main.tf": DATABASE % ("a", 7)}, entry("aws_db_instance.a", f'"{day}"'))
    finding = on(result, "aws_db_instance.a")
    assert finding.verdict is Verdict.FAIL
    assert finding.suppression == f"waived until {day} by data: known (.infraguard/waivers.yaml:2)"
    assert verdicts(result) == {GATE: Verdict.NOT_APPLICABLE}
    assert result.exit_code == 0


def test_what_is_not_waived_still_counts(tmp_path: Path) -> None:
    files = {"main.tf": DATABASE % ("a", 7) + DATABASE % ("b", 7)}
    result = scanned(tmp_path, files, entry("aws_db_instance.a"))
    assert on(result, "aws_db_instance.b").suppression is None
    assert (verdicts(result)[GATE], result.exit_code) == (Verdict.FAIL, 1)


LIVE = {"live/main.tf": 'module "app" {\n  source = "../modules/app"\n}\n'}
NESTED = {
    **LIVE,
    "modules/db/main.tf": DATABASE % ("this", 7),
    "modules/other/main.tf": DATABASE % ("this", 7),
}
INNER = 'module "%s" {\n  source = "%s"\n}\n'


def test_a_comment_at_a_call_within_a_module_means_that_call(tmp_path: Path) -> None:
    calls = COMMENT % "2027-01-31" + INNER % ("db", "../db") + INNER % ("other", "../other")
    result = scanned(tmp_path, {**NESTED, "modules/app/main.tf": calls})
    waived = {
        finding.resource.id: finding.suppression is not None
        for finding in result.report.findings
        if finding.policy == GATE and finding.resource.id
    }
    assert waived == {
        "module.app.module.db.aws_db_instance.this": True,
        "module.app.module.other.aws_db_instance.this": False,
    }


def test_a_comment_at_a_call_within_a_module_excuses_that_its_files_are_not_here(tmp_path: Path) -> None:
    calls = COMMENT % "2027-01-31" + INNER % ("db", "acme/db/aws")
    result = scanned(tmp_path, {**LIVE, "modules/app/main.tf": calls})
    assert verdicts(result)[GATE] is Verdict.NOT_APPLICABLE
    result = scanned(tmp_path, {**LIVE, "modules/app/main.tf": INNER % ("db", "acme/db/aws")})
    assert verdicts(result)[GATE] is Verdict.UNKNOWN


def test_of_several_targets_a_comment_means_the_calls_of_its_own(tmp_path: Path) -> None:
    for target in ("one", "two"):
        comment = COMMENT % "2027-01-31" if target == "one" else ""
        for name, text in {**NESTED, "modules/app/main.tf": comment + INNER % ("db", "../db")}.items():
            path = tmp_path / target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    targets = (f"{tmp_path}/one", f"{tmp_path}/two")
    result = scan(ScanRequest(now=NOW, targets=targets, select=(GATE,)))
    assert {
        finding.resource.unit.rpartition("/live")[0]: finding.suppression is not None
        for finding in result.report.findings
        if finding.resource.id == "module.app.module.db.aws_db_instance.this"
    } == {targets[0]: True, targets[1]: False}


def test_the_address_reaches_into_modules(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "db" {\n  source   = "./db"\n  for_each = toset(["a", "b"])\n}\n',
        "db/main.tf": DATABASE % ("this", 7),
    }
    result = scanned(tmp_path, files, entry("module.db.aws_db_instance.this", more=", unit: nowhere"))
    assert result.exit_code == 1
    result = scanned(tmp_path, files, entry('module.db["a"].aws_db_instance.this'))
    assert [on(result, f'module.db["{key}"].aws_db_instance.this').suppression is None for key in "ab"] == [False, True]
    result = scanned(tmp_path, files, entry("module.db"))
    assert (verdicts(result)[GATE], result.exit_code) == (Verdict.NOT_APPLICABLE, 0)


def test_a_comment_in_the_call_of_a_module_waives_what_is_in_it(tmp_path: Path) -> None:
    files = {
        "main.tf": f'module "db" {{\n  {COMMENT % "2027-01-31"}  source = "./db"\n}}\n' + DATABASE % ("own", 7),
        "db/main.tf": DATABASE % ("this", 7),
    }
    result = scanned(tmp_path, files)
    assert on(result, "module.db.aws_db_instance.this").suppression
    assert on(result, "aws_db_instance.own").suppression is None


def test_a_module_from_elsewhere_is_waived_at_its_call(tmp_path: Path) -> None:
    call = 'module "far" {\n  source = "someone/db/aws"\n}\n'
    files = {"main.tf": call + DATABASE % ("a", 30)}
    bare = scanned(tmp_path, files)
    assert (verdicts(bare)[GATE], bare.exit_code) == (Verdict.UNKNOWN, 3)
    for result in (
        scanned(tmp_path, {"main.tf": COMMENT % "2027-01-31" + files["main.tf"]}),
        scanned(tmp_path, files, entry("module.far")),
    ):
        assert (verdicts(result)[GATE], result.exit_code) == (Verdict.PASS, 0)
        assert len(result.report.gaps) == 1
        assert all(f.suppression for f in result.report.findings if f.verdict is Verdict.UNKNOWN)


def test_two_modules_from_elsewhere_need_two_waivers(tmp_path: Path) -> None:
    files = {"main.tf": "".join(f'module "{name}" {{\n  source = "someone/db/aws"\n}}\n' for name in "ab")}
    one = scanned(tmp_path, files, entry("module.a"))
    assert (verdicts(one)[GATE], one.exit_code) == (Verdict.UNKNOWN, 3)
    both = scanned(tmp_path, files, entry("module.a") + entry("module.b"))
    assert both.exit_code == 0


def test_an_unknown_is_waived_by_its_resource(tmp_path: Path) -> None:
    files = {"main.tf": 'variable "days" {}\n' + COMMENT % "2027-01-31" + DATABASE % ("a", "var.days")}
    result = scanned(tmp_path, files)
    assert (on(result, "aws_db_instance.a").verdict, result.exit_code) == (Verdict.UNKNOWN, 0)


def test_roots_that_share_an_address_are_told_apart_by_their_unit(tmp_path: Path) -> None:
    files = {f"{name}/main.tf": DATABASE % ("a", 7) for name in ("one", "two")}
    files["two/production.tfvars"] = ""
    result = scanned(tmp_path, files, entry("aws_db_instance.a", more=", unit: two"))
    marked = {f.resource.unit: f.suppression is not None for f in result.report.findings}
    assert marked == {"one": False, "two [production.tfvars]": True}


def test_of_several_targets_each_has_its_own_waivers(tmp_path: Path) -> None:
    for name in ("one", "two"):
        scanned(tmp_path / name, {"main.tf": DATABASE % ("a", 7)}, entry("aws_db_instance.a") if name == "one" else "")
    targets = (str(tmp_path / "one"), str(tmp_path / "two"))
    result = scan(ScanRequest(now=NOW, targets=targets, select=(GATE,)))
    assert {f.resource.unit: f.suppression is not None for f in result.report.findings if f.resource.id} == {
        targets[0]: True,
        targets[1]: False,
    }


@pytest.mark.parametrize("form", ["file", "comment"])
def test_an_expired_waiver_is_a_finding_and_what_it_covered_counts_again(tmp_path: Path, form: str) -> None:
    text = DATABASE % ("a", 7)
    if form == "file":
        result = scanned(tmp_path, {"main.tf": text}, entry("aws_db_instance.a", '"2026-11-24"'))
    else:
        result = scanned(tmp_path, {"main.tf": COMMENT % "2026-11-24" + text})
    assert verdicts(result) == {GATE: Verdict.FAIL, "waivers/expired": Verdict.FAIL}
    (problem,) = [f for f in result.report.findings if f.policy == "waivers/expired"]
    assert "ran out on 2026-11-24" in problem.message
    assert problem.location is not None
    assert str(problem.location) == (".infraguard/waivers.yaml:2" if form == "file" else "main.tf:1")


@pytest.mark.parametrize(
    ("address", "why"),
    [("aws_db_instance.a", "aws_db_instance.a does not fail the gate"), ("aws_db_instance.z", "nothing here has that")],
)
def test_a_waiver_that_nothing_needs_is_a_finding(tmp_path: Path, address: str, why: str) -> None:
    result = scanned(tmp_path, {"main.tf": DATABASE % ("a", 30)}, entry(address))
    assert verdicts(result) == {GATE: Verdict.PASS, "waivers/unused": Verdict.FAIL}
    (problem,) = [f for f in result.report.findings if f.policy == "waivers/unused"]
    assert why in problem.message
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("text", "waiver"),
    [
        (DATABASE % ("a", 30) + 'module "far" {\n  source = "x/y/aws"\n}\n', entry("aws_db_instance.z")),
        ('variable "v" {}\n' + DATABASE % ("a", "var.v"), entry("aws_db_instance.z")),
        (DATABASE % ("a", 30), entry("arn:aws:rds:*:*:db:billing")),
        (DATABASE % ("a", 30), entry("aws_lb_listener.x", gate="tls/minimum-version")),
    ],
)
def test_nothing_is_said_of_a_waiver_whose_use_is_not_certain(tmp_path: Path, text: str, waiver: str) -> None:
    assert set(verdicts(scanned(tmp_path, {"main.tf": text}, waiver))) == {GATE}


def test_a_comment_that_names_no_gate_is_a_finding_and_a_file_that_does_is_an_error(tmp_path: Path) -> None:
    wrong = COMMENT.replace(GATE, "database/backups") % "2027-01-31"
    result = scanned(tmp_path, {"main.tf": wrong + DATABASE % ("a", 30)})
    (problem,) = [f for f in result.report.findings if f.policy == "waivers/invalid"]
    assert "there is no gate 'database/backups'" in problem.message
    with pytest.raises(ConfigError, match=r"waivers\.yaml:2:\d+: no gate 'database/backups'"):
        scanned(tmp_path, {}, entry("x.y", gate="database/backups"))


def test_every_format_knows_what_is_waived(tmp_path: Path, valid_report: Validate, valid_sarif: Validate) -> None:
    files = {"main.tf": DATABASE % ("a", 7) + DATABASE % ("b", 7)}
    result = scanned(tmp_path, files, entry("aws_db_instance.a") + entry("aws_db_instance.b", '"2026-01-01"'))
    document = "".join(FORMATS["json"](result.report, RenderOptions()))
    valid_report(document)
    marks = {f["resource"]["id"]: f["suppression"] for f in json.loads(document)["findings"]}
    assert marks["aws_db_instance.a"].startswith("waived until 2027-01-31 by data: known")
    assert marks["aws_db_instance.b"] is None
    sarif = "".join(FORMATS["sarif"](result.report, RenderOptions()))
    valid_sarif(sarif)
    names = [each["properties"]["resource"] for each in json.loads(sarif)["runs"][0]["results"]]
    assert names == ["aws_db_instance.b", f"{GATE}@aws_db_instance.b"]
    page = "".join(FORMATS["console"](result.report, RenderOptions(width=120)))
    assert "Waived, and so not counted" in page
    assert "waived until 2027-01-31 by data: known (.infraguard/waivers.yaml:2)" in page
    assert "policies show waivers/" not in page


def test_a_gap_of_which_all_is_waived_is_no_cause_to_mend(tmp_path: Path) -> None:
    files = {"main.tf": 'module "far" {\n  source = "x/y/aws"\n}\n'}
    page = "".join(FORMATS["console"](scanned(tmp_path, files, entry("module.far")).report, RenderOptions()))
    assert "Incomplete" not in page
    sarif = json.loads("".join(FORMATS["sarif"](scanned(tmp_path, files).report, RenderOptions())))
    assert sarif["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_a_finding_on_a_waiver_explains_itself(tmp_path: Path) -> None:
    result = scanned(tmp_path, {"main.tf": DATABASE % ("a", 30)}, entry("aws_db_instance.z"))
    (problem,) = [f for f in result.report.findings if f.policy == "waivers/unused"]
    request = ScanRequest(now=NOW, targets=(str(tmp_path),), select=(GATE,))
    with pytest.raises(UsageError, match="is about a waiver: the waiver of database/backup-retention"):
        explain(ExplainRequest(finding=problem.fingerprint, scan=request))


def test_the_same_scan_a_day_later_is_another(tmp_path: Path) -> None:
    files = {"main.tf": DATABASE % ("a", 7)}
    request = ScanRequest(now=NOW, targets=(str(tmp_path),), select=(GATE,))
    assert scanned(tmp_path, files, entry("aws_db_instance.a", '"2026-11-25"')).exit_code == 0
    assert scan(replace(request, now="2026-11-26T00:00:00Z")).exit_code == 1
