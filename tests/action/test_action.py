"""The GitHub Action, run for real: it installs this checkout, scans, hands over SARIF and ends as the scan ended."""

from __future__ import annotations

import json
import shutil
import sys
import sysconfig
from pathlib import Path

import pytest

from infraguard.workflows.new import NewRequest, new
from tests.act_runner import ActRun, Stub, make_repository, run_workflow
from tests.gates import FEW_GATES
from tests.tools import run_ok, tool

CHECKOUT = Path(__file__).resolve().parents[2]
ACTION = "example/infraguard@v1"
WORKFLOW = """
name: Scan
on: push
permissions: {{}}
jobs:
  scan:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@v7
      - name: InfraGuard
        id: infraguard
        uses: {action}
        with: {inputs}
      - name: Outputs
        if: always()
        env:
          SARIF: ${{{{ steps.infraguard.outputs.sarif-file }}}}
          CODE: ${{{{ steps.infraguard.outputs.exit-code }}}}
        run: |
          if [ -n "$SARIF" ]; then cp "$SARIF" "$KEEP/report.sarif"; fi
          printf %s "$CODE" > "$KEEP/code"
"""


@pytest.fixture(scope="module")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What GitHub would fetch of this repository: nothing that only this machine has."""
    left_out = shutil.ignore_patterns(".git", ".venv", ".tools", ".*_cache", "__pycache__", "demo", "dist", "tests")
    return Path(shutil.copytree(CHECKOUT, tmp_path_factory.mktemp("action") / "infraguard", ignore=left_out))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our installed dependencies without InfraGuard itself, so that pip finds them without an index."""
    folder = tmp_path_factory.mktemp("packages")
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if "infraguard" not in package.name and package.name != "pip" and not package.name.startswith("pip-"):
            (folder / package.name).symlink_to(package)
    return folder


class Runner:
    """Runs the action in a repository of its own."""

    def __init__(self, action: Path, packages: Path, folder: Path) -> None:
        self.action, self.packages = action, packages
        self.repository, self.scratch, self.kept = folder / "repository", folder / "act", folder / "kept"
        self.scratch.mkdir()
        self.kept.mkdir()

    def run(self, **inputs: str) -> ActRun:
        workflow = self.repository / ".github/workflows/scan.yml"
        workflow.parent.mkdir(parents=True, exist_ok=True)
        workflow.write_text(WORKFLOW.format(action=ACTION, inputs=json.dumps(inputs)), "utf-8")
        make_repository(self.repository)
        return run_workflow(
            self.repository,
            ".github/workflows/scan.yml",
            self.scratch,
            actions={ACTION: self.action},
            stubs={"actions/setup-python": Stub(outputs={"python-path": sys.executable})},
            environment={
                "KEEP": str(self.kept),
                "PYTHONPATH": str(self.packages),
                "PIP_NO_INDEX": "1",
                "PIP_NO_BUILD_ISOLATION": "0",  # as a variable, 0 means none: see pip's option
            },
        )

    def code(self) -> str:
        return (self.kept / "code").read_text("utf-8")

    def findings(self) -> set[str]:
        report = json.loads((self.kept / "report.sarif").read_bytes())
        return {result["ruleId"] for result in report["runs"][0]["results"]}


@pytest.fixture
def runner(action: Path, packages: Path, tmp_path: Path) -> Runner:
    return Runner(action, packages, tmp_path)


def test_a_clean_project_succeeds_and_hands_over_its_report(runner: Runner, tmp_path: Path) -> None:
    new(NewRequest(output_dir=tmp_path, no_input=True)).folder.rename(runner.repository)
    ran = runner.run(select="\n".join(FEW_GATES))
    assert ran.exit_code == 0, ran.output
    assert (runner.code(), runner.findings()) == ("0", set())
    (upload,) = ran.inputs("github/codeql-action/upload-sarif")
    assert upload["sarif_file"].endswith("infraguard.sarif")


def test_mistakes_fail_the_job_after_the_report_was_handed_over(runner: Runner) -> None:
    shutil.copytree(CHECKOUT / "examples/insecure", runner.repository)
    ran = runner.run()
    assert ran.exit_code == 1
    assert ran.result("InfraGuard") == "failure"
    assert runner.code() == "1"
    assert runner.findings() == {
        "alerting/database-unavailable",
        "alerting/someone-is-told",
        "database/backup-retention",
        "database/no-public-access",
        "pipeline/coverage-threshold",
        "tls/minimum-version",
    }
    assert len(ran.inputs("github/codeql-action/upload-sarif")) == 1
    assert "## InfraGuard" in ran.output


def test_inputs_reach_the_scan(runner: Runner) -> None:
    shutil.copytree(CHECKOUT / "examples/insecure", runner.repository / "services/ledger")
    inputs = {"path": "services/ledger", "select": "tls/*\npipeline/*", "args": "--exclude\npipeline/*"}
    ran = runner.run(**inputs, **{"upload-sarif": "false"})
    assert ran.exit_code == 1
    assert runner.findings() == {"tls/minimum-version"}
    assert ran.inputs("github/codeql-action/upload-sarif") == []


def test_no_input_is_a_command(runner: Runner) -> None:
    shutil.copytree(CHECKOUT / "examples/secure", runner.repository)
    mark = runner.kept / "pwned"
    attack = f"\"; touch {mark}; $(touch {mark}) `touch {mark}` ' ${{{{ github.sha }}}}"
    ran = runner.run(**dict.fromkeys(("path", "fail-on", "on-unknown", "select", "args"), attack))
    assert ran.exit_code == 1
    assert runner.code() == "2"
    assert not mark.exists()


def test_a_wrong_argument_fails_with_the_code_of_usage(runner: Runner) -> None:
    shutil.copytree(CHECKOUT / "examples/secure", runner.repository)
    ran = runner.run(select="databse/*")
    assert ran.exit_code == 1
    assert runner.code() == "2"
    assert ran.inputs("github/codeql-action/upload-sarif") == []


def test_the_action_satisfies_its_linters(action: Path) -> None:
    run_ok(tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", "action.yml", cwd=action)
    run_ok(
        tool("zizmor"),
        "--offline",
        "--no-progress",
        "--strict-collection",
        "--persona=auditor",
        "action.yml",
        cwd=action,
    )
