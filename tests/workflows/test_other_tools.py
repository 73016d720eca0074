"""Findings of other tools beside our own: counted, shown in every format, and never silently missing."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from infraguard.cli.render import rendered
from infraguard.collectors.tools.environment import VARIABLE, environment_of
from infraguard.collectors.tools.table import TOOLS
from infraguard.model.errors import UsageError
from infraguard.model.findings import Severity
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import ScanResult, scan

SARIF = {
    "runs": [
        {
            "tool": {"driver": {"name": "Semgrep", "version": "1.2", "rules": [{"id": "sql"}]}},
            "results": [
                {
                    "ruleId": "sql",
                    "level": "warning",
                    "message": {"text": "an injection"},
                    "locations": [
                        {"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 2}}}
                    ],
                }
            ],
        }
    ]
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "a.py").write_text("import os\n", "utf-8")
    return folder


@pytest.fixture
def sarif_file(tmp_path: Path) -> str:
    file = tmp_path / "semgrep.sarif"
    file.write_text(json.dumps(SARIF), "utf-8")
    return str(file)


def scanned(repository: Path, **request: Any) -> ScanResult:
    return scan(
        ScanRequest(
            now="2026-01-01T00:00:00Z", targets=(str(repository),), select=("database/backup-retention",), **request
        )
    )


def test_a_file_of_any_tool_counts_by_its_severity(repository: Path, sarif_file: str) -> None:
    assert scanned(repository).exit_code == 0
    assert scanned(repository, sarif_files=(sarif_file,)).exit_code == 1
    assert scanned(repository, sarif_files=(sarif_file,), fail_on=Severity.HIGH).exit_code == 0


@pytest.mark.parametrize("format_", ["console", "json", "sarif"])
def test_every_format_has_them(repository: Path, sarif_file: str, format_: str) -> None:
    result = scanned(repository, sarif_files=(sarif_file,))
    request = ScanRequest(now="", targets=(str(repository),))
    text = "".join(rendered(result, request, format_, verbose=False, to_file=True))
    assert "an injection" in text
    if format_ == "sarif":
        tools = [run["tool"]["driver"]["name"] for run in json.loads(text)["runs"]]
        assert tools == ["InfraGuard", "semgrep"]


def test_a_tool_that_crashes_leaves_the_scan_incomplete(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "tools"))
    folder = environment_of(TOOLS["bandit"])
    (folder / "bin").mkdir(parents=True)
    program = folder / "bin" / "bandit"
    program.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / ".complete").touch()
    result = scanned(repository, tools=("bandit",))
    assert result.exit_code == 3
    assert [gap.scope for gap in result.report.gaps] == ["bandit"]


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        ({"tools": ("bandits",)}, "no tool 'bandits'"),
        ({"sarif_files": ("no-such.sarif",)}, "no-such.sarif: No such file"),
    ],
)
def test_what_cannot_be_asked_is_refused(repository: Path, request_: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        scanned(repository, **request_)


def test_a_file_that_is_no_sarif_is_refused_with_its_place(repository: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.sarif"
    file.write_text("{\n\n  oops", "utf-8")
    with pytest.raises(UsageError, match=r"x\.sarif:3:3: not JSON"):
        scanned(repository, sarif_files=(str(file),))


BANDIT = json.loads(json.dumps(SARIF).replace("Semgrep", "Bandit"))


def pretended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Bandit, as a script of ours."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "tools"))
    program = environment_of(TOOLS["bandit"]) / "bin" / "bandit"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (environment_of(TOOLS["bandit"]) / ".complete").touch()


def sast(repository: Path, **request: Any) -> ScanResult:
    return scan(
        ScanRequest(now="2026-01-01T00:00:00Z", targets=(str(repository),), select=("pipeline/python-sast",), **request)
    )


@pytest.mark.parametrize(("level", "verdict"), [("warning", "pass"), ("error", "unknown")])
def test_what_a_tool_finds_decides_the_gate_that_asks_for_it(
    level: str, verdict: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "bandit.sarif"
    report.write_text(json.dumps(BANDIT).replace('"warning"', f'"{level}"'), "utf-8")
    pretended(tmp_path, monkeypatch, f"cat {report}; exit 1")
    (gate,) = sast(repository, tools=("bandit",)).report.gates
    assert gate.sources["results"] == verdict
    (gate,) = sast(repository, sarif_files=(str(report),)).report.gates
    assert gate.sources["results"] == verdict


def test_what_a_repository_switches_off_is_said(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "bandit.sarif"
    report.write_text(json.dumps(BANDIT), "utf-8")
    pretended(tmp_path, monkeypatch, f"cat {report}; exit 1")
    (repository / "pyproject.toml").write_text('[tool.bandit]\nskips = ["B602"]\n', "utf-8")
    (repository / "b.py").write_text("x = 1  # nosec\n", "utf-8")
    result = sast(repository, tools=("bandit",))
    request = ScanRequest(now="", targets=(str(repository),))
    text = "".join(rendered(result, request, "console", verbose=False, to_file=True))
    assert "Switched off by the repository: pyproject.toml leaves out B602." in text
    (tool,) = json.loads("".join(rendered(result, request, "json", verbose=False, to_file=True)))["tools"]
    assert tool["switched_off"] == [
        "pyproject.toml leaves out B602",
        "1 place is marked `# nosec`, in b.py",
    ]


def test_a_gate_is_open_where_its_tool_crashed(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretended(tmp_path, monkeypatch, "exit 3")
    result = sast(repository, tools=("bandit",))
    assert result.report.gates[0].sources["results"] == "unknown"
    assert [gap.scope for gap in result.report.gaps if gap.source == "results"] == ["bandit"]


def test_a_grave_finding_of_a_tool_that_grades_fails_the_gate(repository: Path, tmp_path: Path) -> None:
    graded = json.loads(json.dumps(SARIF))
    graded["runs"][0]["tool"]["driver"]["rules"][0]["properties"] = {"security-severity": "9.1"}
    report = tmp_path / "semgrep.sarif"
    report.write_text(json.dumps(graded), "utf-8")
    result = sast(repository, sarif_files=(str(report),))
    assert result.report.gates[0].sources["results"] == "fail"
    (finding,) = [one for one in result.report.findings if one.source == "results"]
    assert finding.message == f"{report} tells of 1 critical findings"


def test_tools_of_two_targets_decide_each_for_itself(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.py").write_text("x = 1\n", "utf-8")
    grave, calm = tmp_path / "grave.sarif", tmp_path / "calm.sarif"
    grave.write_text(json.dumps(BANDIT).replace('"warning"', '"error"'), "utf-8")
    calm.write_text(json.dumps(BANDIT), "utf-8")
    pretended(tmp_path, monkeypatch, f"if [ -e b.py ]; then cat {calm}; else cat {grave}; fi")
    request = ScanRequest(
        now="2026-01-01T00:00:00Z",
        targets=(str(repository), str(other)),
        select=("pipeline/python-sast",),
        tools=("bandit",),
    )
    found = {
        finding.resource.unit: finding.verdict
        for finding in scan(request).report.findings
        if finding.source == "results" and finding.resource.id
    }
    assert found == {str(repository): "unknown", str(other): "pass"}
