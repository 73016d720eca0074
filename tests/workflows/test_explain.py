"""From a verdict to the line that sets the value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infraguard.model.errors import UsageError
from infraguard.model.evidence import Source
from infraguard.model.explanations import Derivation, Explanation, Role
from infraguard.model.findings import Verdict
from infraguard.reports.explanation import render_explanations
from infraguard.reports.options import RenderOptions
from infraguard.workflows.evidence_file import save_evidence
from infraguard.workflows.explain import ExplainRequest, explain
from infraguard.workflows.request import AwsOptions, ScanRequest
from infraguard.workflows.scan import scan
from tests.emulator.server import REGION, Emulator

NOW = "2026-11-23T12:00:00Z"
GATE = "database/backup-retention"
FILES = {
    "main.tf": """\
variable "days" {}
variable "unset" {}
locals {
  settings = { kept = var.days }
}
resource "aws_db_instance" "plain" {
  backup_retention_period = 30
}
resource "aws_db_instance" "open" {
  backup_retention_period = var.unset
}
module "db" {
  source   = "./db"
  for_each = { a = local.settings.kept }
  days     = each.value
}
""",
    "db/main.tf": """\
variable "days" { type = number }
variable "size" { default = 5 }
resource "aws_db_instance" "this" {
  backup_retention_period = min(var.days, 30)
  allocated_storage       = var.size
}
""",
    "prod.tfvars": "# ours\ndays = 7\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path


def explained(finding: str, *targets: Path) -> tuple[Explanation, ...]:
    request = ScanRequest(now=NOW, targets=tuple(map(str, targets)))
    return explain(ExplainRequest(finding=finding, scan=request))


def way(derivation: Derivation) -> Iterator[tuple[Role, str, str]]:
    yield derivation.role, derivation.name, str(derivation.location)
    for child in derivation.children:
        yield from way(child)


def test_the_way_leads_through_modules_loops_and_locals_to_the_file_of_variables(repository: Path) -> None:
    (one,) = explained(f'{GATE}@module.db["a"].aws_db_instance.this', repository)
    (derivation,) = one.derivations
    assert list(way(derivation)) == [
        (Role.ATTRIBUTE, 'module.db["a"].aws_db_instance.this.backup_retention_period', "db/main.tf:4"),
        (Role.VARIABLE, 'module.db["a"].var.days', "db/main.tf:1"),
        (Role.ARGUMENT, "", "main.tf:15"),
        (Role.LOCAL, "local.settings", "main.tf:4"),
        (Role.VARIABLE, "var.days", "main.tf:1"),
        (Role.VARIABLE_FILE, "", "prod.tfvars:2"),
    ]
    assert (derivation.value, one.finding.verdict) == (7, Verdict.FAIL)


def test_a_variable_without_a_value_names_the_file_that_could_set_it(repository: Path) -> None:
    (one,) = explained(f"{GATE}@aws_db_instance.open", repository)
    assert one.finding.verdict is Verdict.UNKNOWN
    assert list(way(one.derivations[0]))[1:] == [
        (Role.VARIABLE, "var.unset", "main.tf:2"),
        (Role.UNSET, "", "prod.tfvars"),
    ]
    (repository / "prod.tfvars").unlink()
    (again,) = explained(f"{GATE}@aws_db_instance.open", repository)
    assert list(way(again.derivations[0]))[-1] == (Role.UNSET, "", "terraform.tfvars")


def test_a_cycle_of_locals_ends(repository: Path) -> None:
    cycle = "locals {\n  a = local.b\n  b = local.a\n}\n"
    (repository / "main.tf").write_text(
        cycle + 'resource "aws_db_instance" "x" {\n  backup_retention_period = local.a\n}\n'
    )
    (repository / "db" / "main.tf").unlink()
    (one,) = explained(GATE, repository)
    assert [name for _, name, _ in way(one.derivations[0])][1:] == ["local.a", "local.b"]


def test_a_gate_alone_is_explained_by_what_decides_it(repository: Path) -> None:
    assert {one.finding.verdict for one in explained(GATE, repository)} == {Verdict.FAIL}


def test_a_fingerprint_is_found_by_its_beginning_and_in_saved_evidence(repository: Path, tmp_path: Path) -> None:
    result = scan(ScanRequest(now=NOW, targets=(str(repository),)))
    wanted = next(f for f in result.report.findings if f.policy == GATE and f.verdict is Verdict.PASS)
    (one,) = explained(wanted.fingerprint[:10].upper(), repository)
    assert one.finding == wanted
    saved = tmp_path / "evidence.json"
    save_evidence(result.evidence, saved, read_at=NOW)
    (offline,) = explained(wanted.fingerprint, saved)
    assert (offline.finding, offline.derivations) == (wanted, ())


def test_places_of_several_targets_are_told_apart(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (one,) = explained(f"{GATE}@aws_db_instance.plain", repository, tmp_path / "empty")
    assert [str(derivation.location) for derivation in one.derivations] == [f"{repository}/main.tf:7"]


def test_a_figure_that_the_settings_change_has_its_place(repository: Path) -> None:
    (repository / "infraguard.toml").write_text(f'[gates."{GATE}"]\n\ndays = 35\n')
    (one,) = explained(f"{GATE}@aws_db_instance.plain", repository)
    (figure,) = one.figures
    assert (figure.name, figure.value, figure.default) == ("days", 35, 30)
    assert str(figure.location).endswith("infraguard.toml:3")


def test_the_rule_that_was_used_has_its_line(repository: Path) -> None:
    (one,) = explained(f"{GATE}@aws_db_instance.plain", repository)
    assert one.rule in [rule.at for rule in one.policy.rules]
    assert one.rule.line > 1


def test_failed_reads_among_the_causes_are_given(repository: Path) -> None:
    (repository / "broken.tf").write_text("resource {\n")
    found = explained(f"{GATE}@", repository)
    assert {gap.scope for one in found for gap in one.gaps} == {"broken.tf"}


def test_a_live_finding_names_the_call_that_answered(repository: Path, aws: Emulator) -> None:
    aws.seed_bad()
    request = ScanRequest(now=NOW, targets=(str(repository),), aws=AwsOptions(regions=(REGION,)))
    live = [one for one in explain(ExplainRequest(finding=GATE, scan=request)) if one.finding.source is Source.AWS]
    text = render_explanations(live, RenderOptions())
    assert "read by  rds:DescribeDBInstances" in text
    assert "✗ backup_retention_period = 7, asked: at least 30" in text
    assert [one.derivations for one in live] == [()] * len(live)


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("backup-retention", "is no fingerprint", "database/backup-retention"),
        ("abc", "is no fingerprint", "scan --verbose"),
        ("database/backup-retentoin", "no gate matches", "database/backup-retention"),
        (f"{GATE}@aws_db_instance.plan", "has no finding on 'aws_db_instance.plan'", "aws_db_instance.plain"),
        ("ffffffffffff", "no finding here has a fingerprint", "scan --verbose"),
        ("database/*", "has no findings here", "settings"),
    ],
)
def test_names_that_lead_nowhere_say_what_is_near(name: str, message: str, hint: str, repository: Path) -> None:
    with pytest.raises(UsageError) as caught:
        explained(name, repository)
    assert message in caught.value.message
    assert hint in caught.value.hint
