"""Evidence is cut away piece by piece from a repository that passes, and nothing ever passes without it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infraguard.model.errors import UsageError
from infraguard.model.evidence import GapReason
from infraguard.model.findings import Verdict
from infraguard.readers.tree import DiskTree, Problem, Unreadable
from infraguard.workflows.evidence_file import save_evidence
from infraguard.workflows.scan import ScanRequest, ScanResult, scan
from tests.gates import FEW_GATES

SECURE = Path(__file__).parents[2] / "examples" / "secure"
ROOT = Path("terraform/production")
NOW = "2026-01-31T00:00:00+00:00"
TERRAFORM_GATES = (
    "alerting/database-unavailable",
    "alerting/someone-is-told",
    "database/backup-retention",
    "database/no-public-access",
    "tls/minimum-version",
)
#: Takes something away from the repository in a folder.
Cut = Callable[[Path], None]


def judged(root: Path, *gates: str, results: tuple[str, ...] | None = None) -> ScanResult:
    return scan(ScanRequest(now=NOW, targets=(str(root),), select=gates, results=results))


def verdicts(result: ScanResult) -> dict[str, Verdict]:
    return {gate.policy: gate.verdict for gate in result.report.gates}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(SECURE, tmp_path / "repository")
    return tmp_path / "repository"


def test_the_whole_repository_passes(repository: Path) -> None:
    result = judged(repository)
    assert set(verdicts(result).values()) == {Verdict.PASS}
    assert result.exit_code == 0


def unset(file: str, before: str, attribute: str) -> Cut:
    """The attribute's value comes from a variable that nothing gives a value."""

    def cut(root: Path) -> None:
        path = root / ROOT / file
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, f"{attribute} = var.unset") + '\nvariable "unset" {}\n')

    return cut


@pytest.mark.parametrize(
    ("gate", "cut"),
    [
        (
            "database/backup-retention",
            unset("database.tf", "backup_retention_period     = 30", "backup_retention_period"),
        ),
        (
            "database/no-public-access",
            unset("database.tf", "publicly_accessible         = false", "publicly_accessible"),
        ),
        (
            "database/no-public-access",
            unset(
                "database.tf", "db_subnet_group_name        = aws_db_subnet_group.ledger.name", "db_subnet_group_name"
            ),
        ),
        (
            "database/no-public-access",
            unset(
                "database.tf",
                "vpc_security_group_ids      = [aws_security_group.database.id]",
                "vpc_security_group_ids",
            ),
        ),
        (
            "database/no-public-access",
            unset("database.tf", "subnet_ids = [for subnet in aws_subnet.private : subnet.id]", "subnet_ids"),
        ),
        ("database/no-public-access", unset("database.tf", "to_port         = 5432", "cidr_blocks")),
        (
            "tls/minimum-version",
            unset("load_balancer.tf", 'ssl_policy        = "ELBSecurityPolicy-TLS13-1-3-2021-06"', "ssl_policy"),
        ),
        (
            "alerting/someone-is-told",
            unset("alarms.tf", "alarm_actions       = [aws_sns_topic.operations.arn]", "alarm_actions"),
        ),
        ("alerting/someone-is-told", unset("alarms.tf", "topic_arn = aws_sns_topic.operations.arn", "topic_arn")),
        (
            "alerting/database-unavailable",
            unset("alarms.tf", 'treat_missing_data  = "breaching"', "treat_missing_data"),
        ),
        (
            "alerting/database-unavailable",
            unset("alarms.tf", 'metric_name         = "DatabaseConnections"', "metric_name"),
        ),
        (
            "alerting/database-unavailable",
            unset(
                "alarms.tf",
                "dimensions          = { DBInstanceIdentifier = aws_db_instance.ledger.identifier }",
                "dimensions",
            ),
        ),
        ("alerting/someone-is-told", unset("alarms.tf", 'name = "ledger-operations"', 'name = "x"\n  count')),
        ("database/backup-retention", unset("database.tf", "backup_retention_period     = 30", "count")),
    ],
)
def test_an_unset_variable_is_unknown_by_name(repository: Path, gate: str, cut: Cut) -> None:
    cut(repository)
    result = judged(repository, gate)
    tf = {gate_.policy: gate_.sources.get("tf") for gate_ in result.report.gates}
    assert tf[gate] is Verdict.UNKNOWN
    assert result.exit_code == 3
    causes = {cause for finding in result.report.findings for cause in finding.causes}
    assert "var.unset" in causes


def broken(root: Path) -> None:
    (root / ROOT / "more.tf").write_text('resource "aws_db_instance" "more" {\n')


def binary(root: Path) -> None:
    (root / ROOT / "more.tf").write_bytes(b"\x7fELF\x00\x01" * 100)


def not_utf8(root: Path) -> None:
    (root / ROOT / "more.tf").write_bytes(b'resource "aws_db_instance" "\xff" {}\n')


def enormous(root: Path) -> None:
    with (root / ROOT / "more.tf").open("wb") as file:
        file.truncate(200 * 1024 * 1024)


def link_out(root: Path) -> None:
    (root.parent / "elsewhere.tf").write_text('resource "aws_db_instance" "more" {}\n')
    (root / ROOT / "more.tf").symlink_to(root.parent / "elsewhere.tf")


def link_loop(root: Path) -> None:
    (root / ROOT / "more.tf").symlink_to(root / ROOT / "more.tf")


def module_from_elsewhere(root: Path) -> None:
    (root / ROOT / "more.tf").write_text('module "more" {\n  source = "example/platform/aws"\n}\n')


def module_that_is_missing(root: Path) -> None:
    (root / ROOT / "more.tf").write_text('module "more" {\n  source = "./modules/more"\n}\n')


@pytest.mark.parametrize(
    "source", ["cloudposse/rds/aws", 'cloudposse/rds/aws"\n  version = "1.1.0', "example/rds/aws", "./modules/database"]
)
def test_a_module_leaves_those_gates_open_that_it_can_make_things_for(repository: Path, source: str) -> None:
    """Whether its releases are known, or its name alone says what it is about."""
    call = f'module "more" {{\n  source = "{source}"\n}}\n'
    (repository / ROOT / "more.tf").write_text(call)
    result = verdicts(judged(repository, *TERRAFORM_GATES))
    assert result["database/backup-retention"] is result["database/no-public-access"] is Verdict.UNKNOWN
    assert result["tls/minimum-version"] is Verdict.PASS


def test_a_module_whose_defaults_are_known_is_judged_by_them(repository: Path) -> None:
    call = 'module "more" {\n  source = "terraform-aws-modules/rds/aws"\n  version = "6.1.0"\n}\n'
    (repository / ROOT / "more.tf").write_text(call)
    result = judged(repository, *TERRAFORM_GATES)
    assert verdicts(result)["database/backup-retention"] is Verdict.FAIL
    (found,) = [
        each
        for each in result.report.findings
        if each.policy == "database/backup-retention" and each.verdict is Verdict.FAIL
    ]
    assert found.location is not None
    assert found.location.file.endswith("more.tf")


@pytest.mark.parametrize(
    "cut",
    [broken, binary, not_utf8, enormous, link_out, link_loop, module_from_elsewhere, module_that_is_missing],
    ids=lambda cut: cut.__name__,
)
def test_what_could_declare_more_leaves_every_gate_of_terraform_open(repository: Path, cut: Cut) -> None:
    cut(repository)
    result = judged(repository, *TERRAFORM_GATES)
    assert verdicts(result) == dict.fromkeys(TERRAFORM_GATES, Verdict.UNKNOWN)
    assert result.exit_code == 3
    assert len({gap.scope for gap in result.report.gaps}) == 1
    assert all(gap.remedy for gap in result.report.gaps)
    for finding in result.report.findings:
        assert finding.verdict is not Verdict.UNKNOWN or (finding.reason and finding.remedy)


def test_a_file_that_may_not_be_read(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = DiskTree.read_bytes

    def denied(tree: DiskTree, path: str) -> bytes:
        if path.endswith("database.tf"):
            raise Unreadable(Problem(path, GapReason.DENIED, "permission denied", "let the user who scans read it"))
        return original(tree, path)

    monkeypatch.setattr(DiskTree, "read_bytes", denied)
    result = judged(repository, *TERRAFORM_GATES)
    assert Verdict.PASS not in verdicts(result).values()
    assert {(gap.scope, gap.reason) for gap in result.report.gaps} == {
        ("terraform/production/database.tf", GapReason.DENIED)
    }


def test_an_empty_folder_passes_nothing(tmp_path: Path) -> None:
    result = judged(tmp_path)
    assert Verdict.PASS not in verdicts(result).values()
    assert [gap.reason for gap in result.report.gaps] == [GapReason.EMPTY]
    assert result.exit_code == 3


def test_a_workflow_that_does_not_parse(repository: Path) -> None:
    (repository / ".github" / "workflows" / "test.yml").write_text("on: push\njobs:\n\ttest: {}\n")
    result = judged(repository, "pipeline/coverage-threshold")
    assert result.report.gates[0].sources["repo"] is Verdict.UNKNOWN


@pytest.mark.parametrize("content", [None, "", "<coverage", '<coverage lines-valid="0"/>'])
def test_results_that_were_asked_for(repository: Path, content: str | None) -> None:
    path = repository / "results" / "coverage.xml"
    if content is not None:
        path.parent.mkdir()
        path.write_text(content)
    result = judged(repository, "pipeline/coverage-threshold", results=("results/coverage.xml",))
    assert result.report.gates[0].sources["results"] is Verdict.UNKNOWN
    assert result.exit_code == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda evidence: evidence.clear(),
        lambda evidence: evidence.pop("resources"),
        lambda evidence: evidence.update(resorces=evidence.pop("resources")),
        lambda evidence: evidence.update(collected=[], gaps=[]),
    ],
    ids=["all", "resources", "misspelt", "nothing was read"],
)
def test_saved_evidence_from_which_something_is_cut(
    repository: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    saved = tmp_path / "evidence.json"
    save_evidence(judged(repository).evidence, saved, read_at=NOW)
    assert scan(ScanRequest(now=NOW, targets=(str(saved),), select=FEW_GATES)).exit_code == 0
    content = json.loads(saved.read_text())
    change(content["evidence"])
    saved.write_text(json.dumps(content))
    with pytest.raises(UsageError, match="evidence of nothing, or not as it was saved"):
        scan(ScanRequest(now=NOW, targets=(str(saved),), select=FEW_GATES))


def test_what_no_selected_gate_looks_at_keeps_nothing_open(repository: Path, tmp_path: Path) -> None:
    with (repository / "data.json").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    saved = tmp_path / "evidence.json"
    chosen = judged(repository, "database/backup-retention")
    assert (chosen.exit_code, chosen.report.gaps) == (0, ())
    save_evidence(chosen.evidence, saved, read_at=NOW)
    for target in (str(repository), str(saved)):
        again = scan(ScanRequest(now=NOW, targets=(target,), select=("secrets/none-in-code",)))
        assert [gap.scope for gap in again.report.gaps] == ["data.json"]
        assert again.exit_code == 3
