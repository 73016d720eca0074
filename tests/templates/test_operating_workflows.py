"""The workflows that operate what runs, executed step by step: restore test, cost report and rollback.

AWS is a program in the place of `aws`: what is asked of it, and what it answers, is held to AWS's own models.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.act_runner import ActRun
from tests.templates import fake_aws
from tests.templates.accounts import costs, recommendations, restored, two_colours
from tests.templates.conftest import Say, program
from tests.templates.test_executed_workflows import Machine
from tests.tools import tool

ROLE = "aws-actions/configure-aws-credentials"


class Operated:
    """A project's repository beside an account, and the workflows that are run there."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.machine = Machine(project, folder)
        self._state = folder / "state.json"

    def run(
        self, workflow: str, state: Mapping[str, Any], inputs: Mapping[str, str] | None = None
    ) -> tuple[ActRun, dict[str, Any]]:
        """What happened, and the account after it; the account is of the environment that the inputs name."""
        environment = (inputs or {}).get("environment", "production")
        self._state.write_text(json.dumps({**fake_aws.first_state(environment), **state}), "utf-8")
        program(self.machine.programs, "aws", f'exec "{sys.executable}" "{fake_aws.__file__}" "$@"')
        # A python3 that is a shim would put programs of its own before ours.
        program(self.machine.programs, "python3", f'exec "{sys.executable}" "$@"')
        given = {"FAKE_AWS_STATE": str(self._state)}
        ran = self.machine.run(workflow, event="workflow_dispatch", environment=given, inputs=inputs)
        return ran, json.loads(self._state.read_bytes())

    def kept(self, path: str) -> str:
        """What the workflow uploaded."""
        return (self.machine.artifacts / path).read_text("utf-8")


@pytest.fixture
def operated(project: Path, tmp_path: Path) -> Operated:
    tool("jq", "install jq")
    return Operated(project, tmp_path)


def operations(state: Mapping[str, Any]) -> list[str]:
    return [operation for _, operation, _ in state["calls"]]


class TestRestoreTest:
    """restore-test.yml: what AWS Backup restored is looked into, and the verdict told and kept."""

    JUDGE = "Look into the restored database, tell AWS Backup, and judge the restore test"

    def test_a_sound_restore_is_green_and_its_evidence_kept(self, operated: Operated, say: Say) -> None:
        ran, state = operated.run("restore-test", restored())
        assert ran.exit_code == 0, ran.output
        assert {step.result for step in ran.steps} == {"success"}
        assert state["told"]["ValidationStatus"] == "SUCCESSFUL"
        assert json.loads(operated.kept("restore-test/restore-test.json"))["problems"] == []
        assert [one["aws-region"] for one in ran.inputs(ROLE)] == ["eu-west-1"]
        say("act, restore-test.yml", ran.summary)

    def test_a_restore_that_holds_nothing_is_red_and_its_evidence_kept(self, operated: Operated) -> None:
        ran, state = operated.run("restore-test", restored(migration_exit=1))
        assert ran.exit_code == 1
        assert (ran.result(self.JUDGE), ran.result("Keep the evidence")) == ("failure", "success")
        assert state["told"]["ValidationStatus"] == "FAILED"
        assert json.loads(operated.kept("restore-test/restore-test.json"))["validation"] == "FAILED"

    @pytest.mark.slow
    def test_without_a_right_it_is_red(self, operated: Operated) -> None:
        ran, _ = operated.run("restore-test", restored(refuses="list-restore-jobs"))
        assert ran.exit_code == 1
        assert "AccessDeniedException" in ran.output


class TestCostReport:
    """cost-report.yml: the report is in the summary of the run, and kept."""

    def test_the_report_is_shown_and_kept(self, operated: Operated, say: Say) -> None:
        state = {"costs": costs(), "forecast": "321.5", "recommendations": recommendations()}
        ran, after = operated.run("cost-report", state)
        assert ran.exit_code == 0, ran.output
        assert {step.result for step in ran.steps} == {"success"}
        report = operated.kept("cost-report/cost-report.md")
        assert "| Amazon RDS | 600.00 | 450.00 | **spike** |" in report
        # The command line of AWS asks for one page at a time here, and both are in the report.
        assert operations(after).count("get-cost-and-usage") == 4
        # Cost Explorer answers in one region only, whatever region the project is in.
        assert [one["aws-region"] for one in ran.inputs(ROLE)] == ["us-east-1"]
        say("act, cost-report.yml", ran.summary)

    @pytest.mark.slow
    def test_without_figures_there_is_no_report(self, operated: Operated) -> None:
        state = {"costs": costs(), "forecast": "1", "recommendations": [], "refuses": "get-cost-forecast"}
        ran, _ = operated.run("cost-report", state)
        assert ran.exit_code == 1
        assert ran.result("Write the report") == "failure"
        assert not (operated.machine.artifacts / "cost-report").exists()


class TestRollback:
    """rollback.yml: the traffic goes back at once, or a former image is released."""

    MOVE, RELEASE, JOBS = "Move the traffic back", "Release the former image at once", "Let the jobs run what serves"

    def _ran(self, ran: ActRun) -> dict[str, str]:
        """The results of these steps; one that is passed over has none, or says so."""
        names = (self.MOVE, self.RELEASE, self.JOBS)
        return {step.name: step.result for step in ran.steps if step.name in names and step.result != "skipped"}

    @pytest.mark.parametrize("environment", [pytest.param("staging", marks=pytest.mark.slow), "production"])
    def test_the_traffic_goes_back_and_jobs_follow(self, environment: str, operated: Operated, say: Say) -> None:
        state = two_colours(blue=0, green=100)
        ran, after = operated.run("rollback", state, {"environment": environment})
        assert ran.exit_code == 0, ran.output
        assert self._ran(ran) == {self.MOVE: "success", self.JOBS: "success"}
        assert after["weights"] == {"blue": 100, "green": 0}
        assert after["images"][f"arn:td/consulting-portal-{environment}-job:4"]["app"] == "one"
        assert {given["cluster"] for _, _, given in after["calls"] if "cluster" in given} == {
            f"consulting-portal-{environment}"
        }
        say("act, rollback.yml, to the colour before", ran.summary)

    def test_a_former_image_is_released_at_once_although_alarms_ring(self, operated: Operated, say: Say) -> None:
        image = f"registry/@sha256:{'7' * 64}"
        alarms = dict.fromkeys(fake_aws.first_state("production")["alarms"], "ALARM")
        state = {**two_colours(blue=0, green=100), "alarms": alarms}
        ran, after = operated.run("rollback", state, {"environment": "production", "image": image})
        assert ran.exit_code == 0, ran.output
        assert self._ran(ran) == {self.RELEASE: "success", self.JOBS: "success"}
        assert after["weights"] == {"blue": 100, "green": 0}
        assert after["images"][after["services"]["blue"]["task"]]["app"] == image
        say("act, rollback.yml, to an image", ran.summary)

    def test_what_cannot_be_moved_is_red_and_moves_nothing(self, operated: Operated) -> None:
        state = two_colours(blue=0, green=100, tasks=(0, 2))
        ran, after = operated.run("rollback", state, {"environment": "production"})
        assert ran.exit_code == 1
        assert self._ran(ran) == {self.MOVE: "failure"}
        assert after["weights"] == {"blue": 0, "green": 100}
        assert "release the former image again" in ran.output
