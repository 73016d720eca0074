"""What GitHub keeps outside the repository is set by a script, run here with a `gh` that answers through real jq."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.templates.conftest import program
from tests.tools import run, tool

#: `gh` as far as the script needs it: it notes every call with what it reads, and answers through jq.
FAKE_GH = """
import json, os, subprocess, sys
from pathlib import Path

arguments = sys.argv[1:]
flags = {name: arguments[at + 1] for at, name in enumerate(arguments) if name in ("--method", "--input", "--jq", "--body", "--env", "--repo")}
read = sys.stdin.read() if flags.get("--input") == "-" else Path(flags["--input"]).read_text() if "--input" in flags else ""
state = json.loads(Path(os.environ["FAKE_GH"]).read_text())
if arguments[0] == "api":
    path = next(one for one in arguments[1:] if one.split("/")[0] in ("repos", "orgs", "user"))
    call = ["api", flags.get("--method", "GET"), path, json.loads(read) if read else None]
    answer = state["answers"].get(path, {})
else:
    call = [*arguments[:3], flags.get("--env"), flags["--body"]]
    answer = None
state["calls"].append(call)
Path(os.environ["FAKE_GH"]).write_text(json.dumps(state))
if state.get("refuses") == call[2]:
    sys.exit("gh: Not Found (HTTP 404)")
if "--jq" in flags:
    done = subprocess.run(["jq", "--raw-output", "--compact-output", flags["--jq"]], input=json.dumps(answer), text=True, capture_output=True, check=True)
    print(done.stdout, end="")
"""  # noqa: E501

ROLES = {
    f"{name}_ROLE_ARN": f"arn:{name.lower()}"
    for name in ("PLAN", "BUILD", "DEVELOPMENT", "STAGING", "PRODUCTION", "RESTORE_TEST")
}
REPOSITORY = "repos/example/consulting-portal"
REVIEWED = {"protection_rules": [{"type": "required_reviewers"}]}
ENVIRONMENTS = ("plan", "build", "development", "staging", "restore-test", "production")


class TestGithubSetup:
    """What GitHub keeps outside the repository, set by `gh`."""

    @pytest.fixture(autouse=True)
    def _programs(self, project: Path, tmp_path: Path) -> None:
        tool("jq", "install jq")
        self.file = tmp_path / "gh.json"
        (tmp_path / "gh.py").write_text(FAKE_GH, "utf-8")
        bin_folder = program(tmp_path / "bin", "gh", f'exec "{sys.executable}" "{tmp_path}/gh.py" "$@"')
        self.project = project
        self.path = f"{bin_folder}:{os.environ['PATH']}"

    def _run(self, env: dict[str, str], **state: Any) -> tuple[subprocess.CompletedProcess[str], list[list[Any]]]:
        answers = {
            f"{REPOSITORY}/rulesets": [],
            "user": {"id": 7},
            f"{REPOSITORY}/environments/production": REVIEWED,
            **state.pop("answers", {}),
        }
        self.file.write_text(json.dumps({"calls": [], "answers": answers, **state}), "utf-8")
        done = run(
            "bash",
            str(self.project / "scripts/github_setup.sh"),
            env={"PATH": self.path, "FAKE_GH": str(self.file), **env},
        )
        return done, json.loads(self.file.read_text("utf-8"))["calls"]

    def test_everything_is_set(self) -> None:
        done, calls = self._run(ROLES)
        assert done.returncode == 0, done.stderr
        sent = {(method, path): body for kind, method, path, body in (c for c in calls if c[0] == "api")}
        assert sent["POST", f"{REPOSITORY}/rulesets"]["name"] == "main"
        made = {name: sent["PUT", f"{REPOSITORY}/environments/{name}"] for name in ENVIRONMENTS}
        assert made["production"]["reviewers"] == [{"type": "User", "id": 7}]
        assert made["production"]["prevent_self_review"] is True
        assert [name for name, body in made.items() if body["reviewers"]] == ["production"]
        # Everything but plans comes from protected branches.
        protected = {"protected_branches": True, "custom_branch_policies": False}
        policies = {name: body["deployment_branch_policy"] for name, body in made.items()}
        assert policies == {**dict.fromkeys(ENVIRONMENTS, protected), "plan": None}
        security = sent["PATCH", REPOSITORY]["security_and_analysis"]
        assert {one["status"] for one in security.values()} == {"enabled"}
        permissions = sent["PUT", f"{REPOSITORY}/actions/permissions/workflow"]
        assert permissions == {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}

    def test_every_environment_of_the_workflows_gets_its_role(self) -> None:
        _, calls = self._run(ROLES)
        roles = {c[3]: c[4] for c in calls if c[0] == "variable" and c[2] == "AWS_ROLE_ARN"}
        assert roles == {name: f"arn:{name.replace('-', '_')}" for name in ENVIRONMENTS}
        texts = [file.read_text("utf-8") for file in (self.project / ".github/workflows").iterdir()]
        named = {name for text in texts for name in re.findall(r"environment:\n +name: (.*)", text)}
        assert named - {"${{ inputs.environment }}"} == set(ENVIRONMENTS)
        variables = {c[2] for c in calls if c[0] == "variable"}
        assert variables >= {"AWS_REGION", "DR_REGION", "PROJECT", "DOMAIN"}

    def test_a_ruleset_that_is_there_is_replaced(self) -> None:
        rulesets = [{"name": "other", "id": 1}, {"name": "main", "id": 42}]
        done, calls = self._run(ROLES, answers={f"{REPOSITORY}/rulesets": rulesets})
        assert done.returncode == 0, done.stderr
        methods = {(c[1], c[2]) for c in calls if "/rulesets" in str(c[2])}
        assert methods == {("GET", f"{REPOSITORY}/rulesets"), ("PUT", f"{REPOSITORY}/rulesets/42")}

    def test_a_team_can_review(self) -> None:
        team = {"orgs/acme/teams/leads": {"id": 9}, "repos/acme/x/environments/production": REVIEWED}
        env = {**ROLES, "REVIEWERS": "leads", "GITHUB_REPOSITORY": "acme/x"}
        done, calls = self._run(env, answers={**team, "repos/acme/x/rulesets": []})
        assert done.returncode == 0, done.stderr
        (body,) = (c[3] for c in calls if c[1:3] == ["PUT", "repos/acme/x/environments/production"])
        assert body["reviewers"] == [{"type": "Team", "id": 9}]

    @pytest.mark.parametrize("missing", ROLES)
    def test_a_role_that_is_not_given_is_named(self, missing: str) -> None:
        done, _ = self._run({**ROLES, missing: ""})
        assert done.returncode != 0
        assert missing in done.stderr

    def test_a_plan_without_required_reviewers_fails(self) -> None:
        done, _ = self._run(ROLES, answers={f"{REPOSITORY}/environments/production": {"protection_rules": []}})
        assert done.returncode == 1
        assert "production would deploy unapproved" in done.stderr

    def test_what_github_refuses_ends_it(self) -> None:
        done, calls = self._run(ROLES, refuses=f"{REPOSITORY}/environments/plan")
        assert done.returncode == 1
        assert not [c for c in calls if c[0] == "api" and c[2].endswith("/environments/production")]
