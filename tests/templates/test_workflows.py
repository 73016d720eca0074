"""The generated workflows: linted by the real tools, and run step by step without containers."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from infraguard.readers.yaml import read_document
from tests.act_runner import ActRun, Stub, make_repository, run_workflow
from tests.templates import fake_aws
from tests.templates.conftest import OFFLINE_PIP, Say, program
from tests.tools import run_ok, tool

WORKFLOWS = (
    "audit", "cost-report", "deploy", "lint", "restore-test", "rollback", "security", "terraform", "test",
)  # fmt: skip
DIGEST = f"sha256:{'5' * 64}"
MIGRATE = "Migrate the database"
RELEASE = "Release to 1, 10 and 100 percent, with healthy targets and quiet alarms"
IMAGE = f"registry/@{DIGEST}"


def test_there_are_the_workflows_that_the_gates_name(project: Path) -> None:
    assert sorted(file.stem for file in (project / ".github/workflows").iterdir()) == list(WORKFLOWS)


@pytest.mark.parametrize("which", ["project", "odd_project"])
def test_linters_find_nothing(which: str, request: pytest.FixtureRequest, tmp_path: Path, say: Say) -> None:
    folder = _repository(request.getfixturevalue(which), tmp_path)
    files = sorted(str(file) for file in folder.glob(".github/workflows/*.yml"))
    run_ok(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *files)
    run_ok(tool("check-jsonschema"), "--builtin-schema", "vendor.dependabot", str(folder / ".github/dependabot.yml"))
    run_ok(tool("zizmor"), "--offline", "--no-progress", "--strict-collection", "--persona=auditor", ".", cwd=folder)
    # actionlint runs shellcheck over every `run` when it is there.
    assert tool("shellcheck")
    run_ok(tool("actionlint"), "-no-color", cwd=folder, env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"})
    run_ok(tool("shellcheck"), *map(str, folder.glob("scripts/*.sh")))
    run_ok(tool("pre-commit"), "validate-config", cwd=folder)
    for linter in (
        "actionlint, with shellcheck",
        "check-jsonschema, workflows and dependabot",
        "pre-commit validate-config",
        "shellcheck, scripts",
        "zizmor, auditor persona",
    ):
        say(linter, "nothing found")


def _jobs(project: Path) -> dict[tuple[str, str], dict[str, Any]]:
    jobs = {}
    for name in WORKFLOWS:
        document = read_document((project / f".github/workflows/{name}.yml").read_text("utf-8"), name).data
        assert document["permissions"] == {}, name
        assert document["concurrency"]["group"], name
        jobs.update({(name, job): body for job, body in document["jobs"].items()})
    return jobs


def test_every_job_has_a_limit_and_hands_out_no_credentials(project: Path) -> None:
    for (workflow, name), job in _jobs(project).items():
        assert "uses" in job or job["timeout-minutes"] <= 120, (workflow, name)
        for step in job.get("steps", []):
            assert "continue-on-error" not in step
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_no_secret_and_no_stored_key_is_used(project: Path) -> None:
    for name in WORKFLOWS:
        text = (project / f".github/workflows/{name}.yml").read_text("utf-8")
        assert "secrets." not in text
        assert "aws-access-key" not in text


def test_production_comes_after_staging_and_its_tests_by_approval(project: Path) -> None:
    jobs = {name: job for (workflow, name), job in _jobs(project).items() if workflow == "deploy"}
    assert jobs["build"]["needs"] == ["test", "lint", "security"]
    assert jobs["staging"]["needs"] == ["build"]
    assert jobs["integration"]["needs"] == ["staging"]
    assert jobs["production"]["needs"] == ["build", "integration"]
    assert jobs["production"]["environment"]["name"] == "production"


def test_the_ruleset_requires_checks_that_exist(project: Path) -> None:
    ruleset = json.loads((project / ".github/rulesets/main.json").read_bytes())
    rules = {rule["type"]: rule.get("parameters", {}) for rule in ruleset["rules"]}
    required = {check["context"] for check in rules["required_status_checks"]["required_status_checks"]}
    assert required == {"test / all green", "lint / all green", "security / all green"}
    assert required <= {job.get("name") for job in _jobs(project).values()}
    assert rules["pull_request"]["required_approving_review_count"] >= 1


def _repository(project: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(project, tmp_path / project.name))
    make_repository(folder)
    return folder


class TestDeployment:
    """deploy.yml on this machine, with AWS played by a program that knows AWS's own models."""

    def _run(self, project: Path, tmp_path: Path, event: str = "push", **state: Any) -> tuple[ActRun, dict[str, Any]]:
        folder = Path(shutil.copytree(project, tmp_path / project.name))
        for gate in ("test", "lint", "security"):
            code = 1 if state.get("red") == gate else 0
            (folder / f".github/workflows/{gate}.yml").write_text(
                "on: {workflow_call: {}}\n"
                f"jobs: {{gate: {{runs-on: ubuntu-24.04, steps: [{{run: exit {code}}}]}}}}\n",
                "utf-8",
            )
        deploy = folder / ".github/workflows/deploy.yml"
        text = deploy.read_text("utf-8").replace("$/", "./")
        for long, short in (
            ("--bake 120", "--bake 0"),
            ("--bake 600", "--bake 0"),
            ("--minutes 5", "--minutes 0"),
            ("--minutes 30", "--minutes 0"),
        ):
            assert long in text
            text = text.replace(long, short)
        deploy.write_text(text, "utf-8")
        # What is fetched for the image has its own tests.
        (folder / "scripts/certificates.sh").write_text(
            f'#!/bin/sh\necho "certificates $1" >> "{tmp_path}/programs.log"\n', "utf-8"
        )
        (folder / "scripts/smoke.py").write_text(f"raise SystemExit({state.get('smoke', 0)})\n", "utf-8")
        for lock in ("requirements/py310.lock", "requirements/py311.lock", "requirements/py312.lock"):
            (folder / lock).parent.mkdir(exist_ok=True)
            (folder / lock).write_text("", "utf-8")
        programs = tmp_path / "bin"
        file = tmp_path / "state.json"
        # One file of state serves staging and production, which come one after the other.
        first = fake_aws.first_state()
        first["alarms"].update(fake_aws.first_state("production")["alarms"])
        file.write_text(json.dumps({**first, **state}), "utf-8")
        program(programs, "aws", f'exec "{sys.executable}" "{fake_aws.__file__}" "$@"')
        for name in ("gh", "locust", "docker", "curl"):
            program(programs, name, f'echo "{name} $*" >> "{tmp_path}/programs.log"')
        program(
            programs,
            "python",
            f'case "$*" in *pytest*|*pip*) echo "python $*" >> "{tmp_path}/programs.log";; *) exec python3 "$@";; esac',
        )
        # A python3 that is a shim would put programs of its own before ours.
        program(programs, "python3", f'exec "{sys.executable}" "$@"')
        make_repository(folder)
        scratch = tmp_path / "act"
        scratch.mkdir()
        ran = run_workflow(
            folder,
            ".github/workflows/deploy.yml",
            scratch,
            event=event,
            stubs={
                "aws-actions/amazon-ecr-login": Stub(outputs={"registry": "registry"}),
                "docker/build-push-action": Stub(outputs={"digest": DIGEST}),
            },
            variables={"AWS_REGION": "eu-west-1"},
            environment={**OFFLINE_PIP, "FAKE_AWS_STATE": str(file), "PATH": f"{programs}:{os.environ['PATH']}"},
        )
        assert not ran.passed_over
        return ran, json.loads(file.read_bytes())

    def test_a_release_goes_through_staging_to_production(self, project: Path, tmp_path: Path, say: Say) -> None:
        ran, state = self._run(project, tmp_path)
        assert ran.exit_code == 0, ran.output
        say("act, deploy.yml", ran.summary)
        assert {step.result for step in ran.steps if step.name == "Roll back"} <= {"skipped"}
        changes = [
            [group["Weight"] for group in parameters["Actions"][0]["ForwardConfig"]["TargetGroups"]]
            for _, operation, parameters in state["calls"]
            if operation == "modify-rule"
        ]
        # To green in staging, and back to blue in production: the fake has one rule for both.
        assert changes == [[99, 1], [90, 10], [0, 100], [1, 99], [10, 90], [100, 0]]
        images = {image["app"] for image in state["images"].values()}
        assert images == {IMAGE}
        assert {image["collector"] for image in state["images"].values()} == {"other"}
        told = [
            one["value"]
            for _, operation, parameters in state["calls"]
            if operation == "register-task-definition"
            for one in parameters["containerDefinitions"][0]["environment"]
            if one["name"] == "IMAGE_DIGEST"
        ]
        assert set(told) == {DIGEST}
        order = [operation for _, operation, _ in state["calls"] if operation in {"run-task", "update-service"}]
        assert order == ["run-task", "update-service", "update-service"] * 2
        said = (tmp_path / "programs.log").read_text("utf-8")
        assert said.count(f"gh attestation verify oci://{IMAGE}") == 2
        assert "python -m pytest tests/integration" in said
        assert "locust" in said
        assert "certificates eu-west-1" in said

    @pytest.mark.parametrize(
        "at", [pytest.param(1, marks=pytest.mark.slow), 10, pytest.param(100, marks=pytest.mark.slow)]
    )
    def test_an_alarm_at_any_step_moves_the_traffic_back(self, at: int, project: Path, tmp_path: Path) -> None:
        ran, state = self._run(project, tmp_path, alarm_at=at)
        assert ran.exit_code == 1
        assert state["weights"] == {"blue": 100, "green": 0}
        assert ran.result("Roll back") == "success"
        assert ("production", ()) not in {key for key, result in ran.jobs.items() if result == "success"}

    @pytest.mark.parametrize(
        ("state", "broken"),
        [
            ({"migration_exit": 1}, MIGRATE),
            ({"starts": False}, RELEASE),
            pytest.param({"alarms": {}}, RELEASE, marks=pytest.mark.slow),
        ],
    )
    def test_what_fails_before_the_switch_moves_no_traffic(
        self, state: dict[str, Any], broken: str, project: Path, tmp_path: Path
    ) -> None:
        ran, after = self._run(project, tmp_path, **state)
        assert ran.result(broken) == "failure"
        assert after["weights"] == {"blue": 100, "green": 0}
        assert not [call for call in after["calls"] if call[1] == "modify-rule"]

    def test_a_service_that_does_not_answer_is_rolled_back(self, project: Path, tmp_path: Path) -> None:
        ran, state = self._run(project, tmp_path, smoke=1)
        assert ran.result("Ask the service whether it serves") == "failure"
        assert ran.result("Roll back") == "success"
        assert state["weights"] == {"blue": 100, "green": 0}

    def test_a_release_that_was_broken_off_is_not_built_upon(self, project: Path, tmp_path: Path) -> None:
        ran, state = self._run(project, tmp_path, weights={"blue": 90, "green": 10})
        assert ran.result("Note which colour serves") == "failure"
        assert state["weights"] == {"blue": 90, "green": 10}

    @pytest.mark.parametrize(
        "gate", ["test", pytest.param("lint", marks=pytest.mark.slow), pytest.param("security", marks=pytest.mark.slow)]
    )
    def test_nothing_is_built_when_a_gate_is_red(self, gate: str, project: Path, tmp_path: Path) -> None:
        ran, state = self._run(project, tmp_path, red=gate)
        assert ran.exit_code == 1
        assert ran.inputs("docker/build-push-action") == []
        assert state["calls"] == []
