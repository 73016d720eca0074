from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from infraguard.workflows.scan import ScanRequest, scan
from tests.cli.conftest import Invoke

ROOT = Path(__file__).parents[2]
GATE = "database/backup-retention"


@pytest.fixture(autouse=True)
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")


def test_the_chain_is_shown_from_the_verdict_to_the_line_of_the_variable(invoke: Invoke) -> None:
    outcome = invoke("explain", GATE, "examples/insecure")
    assert (outcome.code, outcome.err) == (0, "")
    chain = [
        f"✗ {GATE}  high  fail",
        "✗ backup_retention_period = 7, asked: at least 30  examples/insecure/terraform/production/database.tf:30",
        "days = 30  as the policy has it",
        "aws_db_instance.ledger.backup_retention_period = 7",
        "written at examples/insecure/terraform/production/database.tf:30",
        "var.backup_days = 7",
        "declared at examples/insecure/terraform/production/variables.tf:1",
        "set at examples/insecure/terraform/production/terraform.tfvars:2",
    ]
    places = [outcome.out.index(words) for words in chain]
    assert places == sorted(places)


def test_an_unknown_says_what_it_waits_for(invoke: Invoke) -> None:
    out = invoke("explain", f"{GATE}@aws_db_instance.reporting", "examples/insecure").out
    assert "because var.backup_days has no value" in out
    assert "set nowhere; it could be in examples/insecure/terraform/reporting/terraform.tfvars" in out


def test_legs_and_relations_are_parts_of_the_tree(invoke: Invoke) -> None:
    legs = invoke("explain", "database/no-public-access@aws_db_instance.ledger", "examples/insecure").out
    assert "✗ publicly_accessible is open  examples/insecure/terraform/production/database.tf" in legs
    assert "✗ routes is open" in legs
    relations = invoke("explain", "alerting/database-unavailable@aws_db_instance.ledger", "examples/insecure").out
    assert "at least one of aws_cloudwatch_metric_alarm" in relations
    assert 'treat_missing_data = "missing", by default, asked: equals "breaching"' in relations


def test_verbose_shows_fingerprints_that_explain_takes(invoke: Invoke) -> None:
    shown = invoke("scan", "examples/insecure", "--verbose").out
    (name,) = re.findall(r"aws_db_instance\.ledger  production  ([0-9a-f]{8})\n.*\n?.*keeps backups 7", shown)
    assert f"✗ {GATE}" in invoke("explain", name, "examples/insecure").out
    assert name not in invoke("scan", "examples/insecure").out


def test_json_has_the_finding_of_the_report_and_the_whole_tree(invoke: Invoke) -> None:
    document = json.loads(invoke("explain", GATE, "examples/insecure", "--format", "json").out)
    report = json.loads(invoke("scan", "examples/insecure", "--format", "json").out)
    (explanation,) = document["explanations"]
    assert document["schema"] == "infraguard/explanation/v1"
    assert explanation["finding"] in report["findings"]
    assert explanation["trace"]["observed"] == 7
    (attribute,) = explanation["derivations"]
    (variable,) = attribute["children"]
    assert variable["name"] == "var.backup_days"
    assert variable["children"][0]["location"] == {
        "file": "terraform/production/terraform.tfvars",
        "line": 2,
        "end_line": 2,
    }


@pytest.mark.parametrize("format_", ["console", "json"])
def test_every_finding_of_the_example_can_be_explained(format_: str, invoke: Invoke) -> None:
    result = scan(ScanRequest(now="2026-11-23T12:00:00Z", targets=("examples/insecure",)))
    for finding in result.report.findings:
        outcome = invoke("explain", finding.fingerprint, "examples/insecure", "--format", format_)
        assert outcome.code == 0
        assert finding.fingerprint in outcome.out


def test_a_beginning_of_several_fingerprints_lists_them(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infraguard.evaluation.judged.fingerprint", lambda *parts: f"abcdef{hash(parts) % 10**12:012}")
    outcome = invoke("explain", "abcd", "examples/insecure")
    assert outcome.code == 2
    assert re.search(r"error: abcd begins \d+ fingerprints: abcdef\d{6} .*/", outcome.err)
    assert "hint: give more of it" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("backup-retention",), f"did you mean '{GATE}'?"),
        ((GATE, "--region", "eu-west-1"), "--region does nothing without --aws"),
        ((GATE, "e.json", "--var-file", "a.tfvars"), "--var-file does nothing with saved evidence"),
    ],
)
def test_wrong_usage_ends_with_two(arguments: tuple[str, ...], words: str, invoke: Invoke) -> None:
    outcome = invoke("explain", *arguments)
    assert outcome.code == 2
    assert words in outcome.err


def test_a_variable_of_the_environment_counts_only_when_asked_for(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = 'variable "days" {\n  type = number\n}\n'
    (tmp_path / "main.tf").write_text(
        declared + 'resource "aws_db_instance" "x" {\n  backup_retention_period = var.days\n}\n', "utf-8"
    )
    monkeypatch.setenv("TF_VAR_days", "7")
    arguments = ("explain", f"{GATE}@aws_db_instance.x", str(tmp_path))
    assert "because var.days has no value" in invoke(*arguments).out
    out = invoke(*arguments, "--tf-var-env").out
    assert "backup_retention_period = 7, asked: at least 30" in out
    assert "TF_VAR_days = 7\n        set by the environment" in out
    (tmp_path / "terraform.tfvars").write_text("days = 35\n", "utf-8")
    assert "TF_VAR_days" not in invoke(*arguments, "--tf-var-env").out


@pytest.mark.parametrize("several", [False, True])
def test_saved_evidence_keeps_the_chain(invoke: Invoke, tmp_path: Path, several: bool) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "main.tf").write_text(
        'variable "days" {}\nlocals {\n  kept = var.days\n}\n'
        'resource "aws_db_instance" "x" {\n  backup_retention_period = local.kept\n}\n',
        "utf-8",
    )
    (folder / "terraform.tfvars").write_text("# ours\ndays = 7\n", "utf-8")
    (tmp_path / "empty").mkdir()
    others = (str(tmp_path / "empty"),) if several else ()
    saved = str(tmp_path / "evidence.json")
    invoke("scan", str(folder), *others, "--select", GATE, "--save-evidence", saved)
    (folder / "main.tf").unlink()
    place = f"{folder}/" if several else ""
    for more in ((), others):
        out = invoke("explain", f"{GATE}@aws_db_instance.x", saved, *more).out
        prefix = f"{saved}/" if more else ""
        assert "local.kept = 7" in out
        assert f"set at {prefix}{place}terraform.tfvars:2" in out
