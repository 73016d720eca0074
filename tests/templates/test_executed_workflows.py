"""The generated workflows, every `run` of them executed on this machine.

Only the cloud and the network are played: installing packages, containers, Terraform's state in AWS. Tests, linters,
migrations, Terraform's own checks and scans are the real ones.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.act_runner import ActRun, Stub, make_repository, run_workflow
from tests.templates.conftest import Say, locked_python, program
from tests.templates.servers import postgres
from tests.templates.test_service import OTHER_PYTHONS, installed
from tests.tools import terraform_environment, tool

#: What the stubs of upload-artifact and download-artifact do: files go to a folder, and come back from it.
KEEP = """
name=$(printf %s "$INPUTS" | jq --raw-output .name)
mkdir -p "$ARTIFACTS/$name"
printf %s "$INPUTS" | jq --raw-output .path | while read -r path; do
  [ -z "$path" ] || cp "$path" "$ARTIFACTS/$name/"
done
[ "$name" != "${TAMPER_WITH:-}" ] || echo other > "$ARTIFACTS/$name/next.tfplan"
"""
BRING = (
    'cp "$ARTIFACTS/$(printf %s "$INPUTS" | jq --raw-output .name)"/* "$(printf %s "$INPUTS" | jq --raw-output .path)/"'
)
STUBS = {
    "actions/setup-python": Stub(
        run='printf "%s/python-%s\\n" "$PYTHONS" "$(printf %s "$INPUTS" | jq --raw-output \'."python-version"\')"'
        ' >> "$GITHUB_PATH"'
    ),
    "actions/upload-artifact": Stub(run=KEEP),
    "actions/download-artifact": Stub(run=BRING),
}


class Machine:
    """A copy of the project, and programs in the place of the cloud and the network."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.log = folder / "programs.log"
        self.log.touch()
        self.artifacts = folder / "artifacts"
        self.repository = Path(shutil.copytree(project, folder / project.name))
        self._folder = folder
        self.programs = folder / "bin"
        self.note("docker", 'test -n "$POSTGRES_PASSWORD" || case "$*" in compose*) exit 9;; esac')

    def note(self, name: str, then: str = "") -> None:
        """Put a program in the place of one of that name, which notes how it is called."""
        program(self.programs, name, f'echo "{name} $*" >> "{self.log}"\n{then}')

    def python(self, version: str, python: Path) -> None:
        """Let setup-python bring an environment with the locked packages, in which pip installs nothing."""
        home = self._folder / f"python-{version}"
        skip = f'case "$1 $2" in "-m pip") echo "pip $*" >> "{self.log}"; exit 0;; esac'
        program(home, "python", f'{skip}\nexec "{python}" "$@"')
        for file in python.parent.iterdir():
            if not (home / file.name).exists():
                (home / file.name).symlink_to(file)

    def edit(self, path: str, before: str, after: str) -> None:
        file = self.repository / path
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, after), "utf-8")

    def run(
        self,
        workflow: str,
        *,
        event: str = "push",
        environment: Mapping[str, str] | None = None,
        inputs: Mapping[str, str] | None = None,
    ) -> ActRun:
        make_repository(self.repository)
        scratch = self._folder / "act"
        scratch.mkdir()
        given = {
            "PYTHONS": str(self._folder),
            "ARTIFACTS": str(self.artifacts),
            "PYTHONPATH": "src",
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            **(environment or {}),
        }
        variables = {"INFRAGUARD_SOURCE": "./vendor/infraguard.whl[aws]", "AWS_REGION": "eu-west-1"}
        path = f".github/workflows/{workflow}.yml"
        ran = run_workflow(
            self.repository,
            path,
            scratch,
            event=event,
            stubs=STUBS,
            environment=given,
            variables=variables,
            inputs=inputs,
        )
        assert not ran.passed_over
        return ran


@pytest.fixture
def machine(project: Path, tmp_path: Path) -> Machine:
    tool("jq", "install jq")
    return Machine(project, tmp_path)


@pytest.mark.slow
class TestTests:
    """test.yml on three Pythons, and its migrations on a real PostgreSQL."""

    def _run(self, machine: Machine, service_python: Path) -> ActRun:
        machine.python("3.11", service_python)
        for version in OTHER_PYTHONS:
            machine.python(version, locked_python(version, installed(version)))
        with postgres() as url:
            # The port of the workflow may be taken on this machine.
            port = url.rsplit(":", 1)[1].partition("/")[0]
            machine.edit(".github/workflows/test.yml", "@127.0.0.1:5432/", f"@127.0.0.1:{port}/")
            return machine.run("test")

    def test_all_is_green(self, machine: Machine, service_python: Path, say: Say) -> None:
        ran = self._run(machine, service_python)
        assert ran.exit_code == 0, ran.output
        say("act, test.yml", ran.summary)
        assert len(ran.jobs) == 5
        assert set(ran.jobs.values()) == {"success"}
        assert {step.result for step in ran.steps} == {"success"}
        sql = (machine.artifacts / "migrations-sql/migrations.sql").read_text("utf-8")
        assert "CREATE TABLE invoices" in sql
        for version in ("3.10", "3.11", "3.12"):
            assert (machine.artifacts / f"test-results-{version}/coverage.xml").is_file()

    def test_one_red_test_is_red_for_the_branch(self, machine: Machine, service_python: Path) -> None:
        (machine.repository / "tests").rename(machine.repository / "others")
        (machine.repository / "tests").mkdir()
        (machine.repository / "tests/test_red.py").write_text("def test_red() -> None:\n    assert 0\n", "utf-8")
        ran = self._run(machine, service_python)
        assert ran.exit_code == 1
        assert ran.result("Fail unless every job before this one succeeded") == "failure"


LINTERS = {
    "black": ("src/consulting_portal/money.py", "\n\n\n\n\nx  =  1\n"),
    "mypy": ("src/consulting_portal/money.py", '\nBROKEN: int = "text"\n'),
    "shellcheck": ("scripts/lock.sh", "\nrm $unquoted\n"),
}


@pytest.mark.slow
class TestLint:
    """lint.yml, with the linters of the project's lock."""

    def test_all_is_green(self, machine: Machine, service_python: Path, say: Say) -> None:
        machine.python("3.11", service_python)
        ran = machine.run("lint", environment={"PATH": self._path(machine)})
        assert ran.exit_code == 0, ran.output
        say("act, lint.yml", ran.summary)
        assert {step.result for step in ran.steps} == {"success"}
        assert {"black", "isort", "ruff", "pylint", "mypy", "shellcheck"} <= {step.name for step in ran.steps}

    def test_every_linter_runs_and_each_one_counts(self, machine: Machine, service_python: Path) -> None:
        for path, text in LINTERS.values():
            with (machine.repository / path).open("a", encoding="utf-8") as file:
                file.write(text)
        # The slowest of them has its own test.
        machine.edit(".github/workflows/lint.yml", "run: pylint src tests scripts", "run: exit 0")
        machine.python("3.11", service_python)
        ran = machine.run("lint", environment={"PATH": self._path(machine)})
        assert ran.exit_code == 1
        assert {name for name in LINTERS if ran.result(name) == "failure"} == set(LINTERS)
        assert ran.result("Fail unless every job before this one succeeded") == "failure"

    def _path(self, machine: Machine) -> str:
        beside = Path(tool("shellcheck")).parent
        (machine.programs / "shellcheck").symlink_to(beside / "shellcheck")
        return f"{machine.programs}:{os.environ['PATH']}"


@pytest.mark.slow
class TestSecurity:
    """security.yml: Bandit is real; what asks advisories and what builds images is played."""

    def _run(self, machine: Machine, service_python: Path) -> ActRun:
        for version in ("3.10", "3.11", "3.12"):
            machine.python(version, service_python)
            (machine.programs.parent / f"python-{version}/pip-audit").unlink()
        machine.note("pip-audit", 'test -s "$(printf %s "$*" | sed "s/.*--requirement //")"')
        return machine.run("security")

    def test_all_is_green_and_pull_requests_alone_are_reviewed(
        self, machine: Machine, service_python: Path, say: Say
    ) -> None:
        ran = self._run(machine, service_python)
        assert ran.exit_code == 0, ran.output
        say("act, security.yml", ran.summary)
        said = machine.log.read_text("utf-8")
        for number in ("310", "311", "312"):
            options = "--strict --require-hashes --disable-pip"
            assert f"pip-audit {options} --requirement requirements/py{number}.lock" in said
        assert "docker build --tag candidate ." in said
        assert "docker compose up --build --detach --wait api" in said
        assert [one["image-ref"] for one in ran.inputs("aquasecurity/trivy-action")] == ["candidate"]
        assert [one["target"] for one in ran.inputs("zaproxy/action-baseline")] == ["http://127.0.0.1:8000"]
        assert sorted(one["languages"] for one in ran.inputs("github/codeql-action/init")) == ["actions", "python"]
        assert ran.inputs("actions/dependency-review-action") == []

    def test_what_bandit_finds_is_red(self, machine: Machine, service_python: Path) -> None:
        with (machine.repository / "src/consulting_portal/money.py").open("a", encoding="utf-8") as file:
            file.write("\nimport subprocess\n\nsubprocess.call(input(), shell=True)\n")
        ran = self._run(machine, service_python)
        assert ran.exit_code == 1
        assert ran.result("Run Bandit") == "failure"
        assert ran.result("Show the findings") == "success"
        assert ran.result("Fail unless every job before this one succeeded") == "failure"


class TestTerraform:
    """terraform.yml: Terraform's own checks are real; what would reach a state in AWS is played."""

    def _terraform(self, machine: Machine) -> dict[str, str]:
        real = tool("terraform", "install Terraform 1.11 or newer", "INFRAGUARD_REQUIRE_TERRAFORM")
        plays = f"""
case "$*" in
  *-backend-config=*) exit 0 ;;
  *" plan "*) printf "%s" "plan of $PWD $*" > "${{1#-chdir=}}/next.tfplan"; exit 0 ;;
  *" show "*) echo "+ what changes"; exit 0 ;;
  "apply "*) echo "applied $(cat "$3")" >> "{machine.log}"; exit 0 ;;
esac
exec "{real}" "$@"
"""
        machine.note("terraform", plays)
        return terraform_environment(machine.programs.parent)

    def _checked_elsewhere(self, machine: Machine) -> None:
        """Leave out what takes a minute, and has its own test."""
        machine.edit(".github/workflows/terraform.yml", "terraform -chdir=terraform/stack test", "true")
        machine.edit(".github/workflows/terraform.yml", "-backend=false -input=false", "-version")
        machine.edit(".github/workflows/terraform.yml", '" validate', '" -version')

    @pytest.mark.slow
    def test_the_checks_are_terraforms_own(self, machine: Machine) -> None:
        env = self._terraform(machine)
        ran = machine.run("terraform", event="pull_request", environment=env)
        assert ran.exit_code == 0, ran.output
        results = {step.name: step.result for step in ran.steps}
        for step in ("Format", "The environments differ in their settings only", "Validate", "Test"):
            assert results[step] == "success"
        # A fork has no identity in AWS, and nothing is applied before it is merged.
        assert "apply" not in machine.log.read_text("utf-8")

    def test_what_is_applied_is_the_plan_that_was_shown(self, machine: Machine, say: Say) -> None:
        env = self._terraform(machine)
        self._checked_elsewhere(machine)
        ran = machine.run("terraform", environment=env)
        assert ran.exit_code == 0, ran.output
        say("act, terraform.yml", ran.summary)
        applied = [line for line in machine.log.read_text("utf-8").splitlines() if line.startswith("applied")]
        assert ["environments/development" in applied[0], "environments/staging" in applied[1]] == [True, True]
        assert "environments/production plan" in applied[2]
        # Planned once each, and never again after the approval.
        called = [line for line in machine.log.read_text("utf-8").splitlines() if line.startswith("terraform ")]
        assert len([line for line in called if " plan " in line]) == len(applied) == 3
        assert len([line for line in called if line.startswith("terraform apply ")]) == 3

    @pytest.mark.parametrize("environment", ["development", "production"])
    def test_a_plan_that_is_not_the_one_that_was_kept_is_not_applied(self, environment: str, machine: Machine) -> None:
        env = {**self._terraform(machine), "TAMPER_WITH": f"plan-{environment}"}
        self._checked_elsewhere(machine)
        ran = machine.run("terraform", environment=env)
        assert ran.exit_code == 1
        assert "applied other" not in machine.log.read_text("utf-8")
        assert ran.jobs[f"apply-{environment}", ()] == "failure"

    def test_an_environment_that_was_edited_alone_is_red(self, machine: Machine) -> None:
        env = self._terraform(machine)
        self._checked_elsewhere(machine)
        machine.edit("terraform/environments/staging/main.tf", "module", "# here alone\nmodule")
        ran = machine.run("terraform", event="pull_request", environment=env)
        assert ran.exit_code == 1
        assert ran.result("The environments differ in their settings only") == "failure"


class TestAudit:
    """audit.yml scans with the program that this repository is."""

    def _run(self, machine: Machine, service_python: Path, event: str) -> ActRun:
        machine.python("3.12", service_python)
        infraguard = Path(sys.executable).parent / "infraguard"
        # The account is in the cloud.
        machine.note(
            "infraguard",
            f'case "$*" in *--aws*) echo > audit.json; exit 0;; esac\nunset PYTHONPATH\nexec "{infraguard}" "$@"',
        )
        return machine.run("audit", event=event)

    @pytest.mark.slow
    def test_the_repository_passes_its_own_gates(self, machine: Machine, service_python: Path, say: Say) -> None:
        ran = self._run(machine, service_python, "workflow_dispatch")
        assert ran.exit_code == 0, ran.output
        say("act, audit.yml", ran.summary)
        said = machine.log.read_text("utf-8")
        assert "pip -m pip install ./vendor/infraguard.whl[aws]" in said
        assert "infraguard scan . --aws --region eu-west-1 --format json --output audit.json" in said

    def test_without_a_source_nothing_is_installed(self, machine: Machine, service_python: Path) -> None:
        machine.edit(".github/workflows/audit.yml", "${{ vars.INFRAGUARD_SOURCE }}", "${{ vars.NOBODY_SET_THIS }}")
        ran = self._run(machine, service_python, "pull_request")
        assert ran.exit_code == 1
        assert ran.result("Install InfraGuard") == "failure"
        assert "set the variable INFRAGUARD_SOURCE of this repository" in ran.output
        assert "pip" not in machine.log.read_text("utf-8")
