"""The scripts of the generated project, run as its workflows and its operators run them.

AWS is played by what knows AWS's own models, and what asks a service asks a real web server on this machine.
"""

from __future__ import annotations

import http.server
import importlib
import io
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.templates import fake_aws
from tests.templates.accounts import costs, minutes_ago, recommendations, restored, two_colours
from tests.templates.conftest import program
from tests.tools import run, run_ok, tool


class Account:
    """A project's scripts beside an account that is played by data."""

    def __init__(self, project: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.state: dict[str, Any] = {}
        self._scripts = project / "scripts"
        self._folder = folder
        monkeypatch.syspath_prepend(str(self._scripts))
        for name in (script.stem for script in self._scripts.glob("*.py")):
            # Another project's module of that name would be taken otherwise.
            monkeypatch.delitem(sys.modules, name, raising=False)

    def run(self, script: str, *arguments: str, **state: Any) -> Ran:
        """Run a script's own `main`, with the account in place of the command line of AWS."""
        self.state = {**fake_aws.first_state("production"), **state}
        module = importlib.import_module(script)
        account, failure = fake_aws.FakeAws(self.state), importlib.import_module("aws_cli").ScriptError

        def call(service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
            try:
                return account(service, operation, parameters)
            except fake_aws.AccessDeniedError as error:
                raise failure(f"aws {service} {operation}: {error}") from error

        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            if script == "cost_report":
                code = module.main(list(arguments), call)
            else:
                environment = importlib.import_module("environment").Environment("production", call)
                code = module.main(list(arguments), environment)
        return Ran(code, said.getvalue())

    def run_program(self, script: str, *arguments: str, **state: Any) -> Ran:
        """Run a script as a workflow does, with a program in the place of `aws`."""
        file = self._folder / "state.json"
        file.write_text(json.dumps({**fake_aws.first_state("production"), **state}), "utf-8")
        programs = program(self._folder / "bin", "aws", f'exec "{sys.executable}" "{fake_aws.__file__}" "$@"')
        env = {"FAKE_AWS_STATE": str(file), "PATH": f"{programs}:{os.environ['PATH']}"}
        done = run(sys.executable, str(self._scripts / f"{script}.py"), *arguments, env=env)
        self.state = json.loads(file.read_bytes())
        return Ran(done.returncode, done.stdout + done.stderr)

    def calls(self, operation: str) -> list[dict[str, Any]]:
        return [parameters for _, name, parameters in self.state["calls"] if name == operation]


class Ran(NamedTuple):
    code: int
    said: str


@pytest.fixture
def account(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    return Account(project, tmp_path, monkeypatch)


class TestRestoreTest:
    """AWS Backup has restored the database, and waits for a verdict."""

    def _run(self, account: Account, tmp_path: Path, **changes: Any) -> tuple[int, dict[str, Any], str]:
        output = tmp_path / "restore-test.json"
        done = account.run("restore_test", "--output", str(output), **restored(**changes))
        evidence = json.loads(output.read_bytes()) if output.exists() else {}
        return done.code, evidence, done.said

    def test_as_a_program(self, account: Account, tmp_path: Path) -> None:
        output = tmp_path / "evidence.json"
        done = account.run_program("restore_test", "--output", str(output), **restored())
        assert done.code == 0, done.said
        assert (
            json.loads(output.read_bytes())["validation"] == account.state["told"]["ValidationStatus"] == "SUCCESSFUL"
        )

    def test_what_was_restored_is_looked_into_and_the_verdict_told(self, account: Account, tmp_path: Path) -> None:
        code, evidence, said = self._run(account, tmp_path)
        assert code == 0, said
        (task,) = account.calls("run-task")
        (override,) = task["overrides"]["containerOverrides"]
        assert override["command"] == ["python", "-m", "consulting_portal.jobs", "restore-check"]
        # The user, the database and the rest stay; only where it is changes.
        assert override["environment"] == [
            {"name": "DATABASE_URL", "value": "postgresql+psycopg://portal@restored.internal:5433/portal?x=1"},
            {"name": "REPORTING_DATABASE_URL", "value": "postgresql+psycopg://portal@restored.internal:5433/portal"},
            {"name": "DATABASE_IS_RESTORED", "value": "true"},
        ]
        assert account.state["told"]["RestoreJobId"] == "new"
        assert account.state["told"]["ValidationStatus"] == "SUCCESSFUL"
        assert (evidence["validation"], evidence["minutes"], evidence["problems"]) == ("SUCCESSFUL", 30, [])

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"migration_exit": 1}, "the look into what was restored failed (it ended, exit code 1)"),
            ({"restored": {"DBInstanceStatus": "modifying"}}, "restored-1 is modifying"),
            ({"restored": {"PubliclyAccessible": True}}, "restored-1 is public or not encrypted"),
            ({"restored": {"StorageEncrypted": False}}, "restored-1 is public or not encrypted"),
            ({"refuses": "run-task"}, "AccessDeniedException"),
        ],
    )
    def test_what_is_not_as_it_must_be_is_told_as_failed(
        self, changes: dict[str, Any], why: str, account: Account, tmp_path: Path
    ) -> None:
        code, evidence, _ = self._run(account, tmp_path, **changes)
        assert code == 1
        assert account.state["told"]["ValidationStatus"] == "FAILED"
        assert why in account.state["told"]["ValidationStatusMessage"]
        assert evidence["problems"] == ["the validation of the restored data is FAILED"]

    @pytest.mark.parametrize(
        ("job", "problem"),
        [
            ({"ValidationStatus": "TIMED_OUT"}, "the validation of the restored data is TIMED_OUT"),
            ({"ValidationStatus": "FAILED"}, "the validation of the restored data is FAILED"),
            ({"Status": "RUNNING", "CompletionDate": None}, "the restore is RUNNING: no reason"),
            ({"Status": "FAILED", "StatusMessage": "no room"}, "the restore is FAILED: no room"),
        ],
    )
    def test_nothing_is_told_of_what_waits_for_no_verdict(
        self, job: dict[str, Any], problem: str, account: Account, tmp_path: Path
    ) -> None:
        code, evidence, _ = self._run(account, tmp_path, job=job)
        assert code == 1
        assert problem in evidence["problems"]
        assert account.calls("run-task") == account.calls("put-restore-validation-result") == []

    def test_a_verdict_that_was_given_stands(self, account: Account, tmp_path: Path) -> None:
        code, evidence, said = self._run(account, tmp_path, job={"ValidationStatus": "SUCCESSFUL"})
        assert (code, evidence["validation"]) == (0, "SUCCESSFUL"), said
        assert account.calls("run-task") == []

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"job": {"CompletionDate": minutes_ago(20)}}, "the restore took 70 minutes, and 60 are allowed"),
            (
                {"job": {"CreationDate": minutes_ago(60 * 24 * 40), "CompletionDate": minutes_ago(60 * 24 * 40 - 9)}},
                "the newest restore test is of",
            ),
            (
                {
                    "recovery_points": {
                        "consulting-portal-production-daily": [
                            {"CreationDate": minutes_ago(99), "Status": "COMPLETED"}
                        ]
                    }
                },
                "the newest recovery point is of",
            ),
        ],
    )  # fmt: skip
    def test_objectives_are_held_to(
        self, changes: dict[str, Any], problem: str, account: Account, tmp_path: Path
    ) -> None:
        code, evidence, _ = self._run(account, tmp_path, **changes)
        assert code == 1
        assert any(one.startswith(problem) for one in evidence["problems"])

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"restore_jobs": []}, "has not restored anything yet"),
            ({"recovery_points": {}}, "no recovery point in"),
            ({"refuses": "list-restore-jobs"}, "aws backup list-restore-jobs: An error occurred (AccessDenied"),
        ],
    )
    def test_what_cannot_be_known_fails(
        self, changes: dict[str, Any], why: str, account: Account, tmp_path: Path
    ) -> None:
        code, evidence, said = self._run(account, tmp_path, **changes)
        assert (code, evidence) == (1, {})
        assert why in said


class TestRollback:
    """Traffic goes back to the colour that served before, whatever state it is in."""

    def _run(self, account: Account, **state: Any) -> Ran:
        return account.run("deploy", "rollback", "--environment", "production", "--to", "previous", **state)

    @pytest.mark.parametrize(
        ("weights", "after"),
        [
            ({"blue": 99, "green": 1}, {"blue": 100, "green": 0}),
            ({"blue": 1, "green": 99}, {"blue": 100, "green": 0}),
            ({"blue": 0, "green": 100}, {"blue": 100, "green": 0}),
            ({"blue": 100, "green": 0}, {"blue": 0, "green": 100}),
        ],
    )
    def test_the_colour_before_gets_all_traffic(
        self, weights: dict[str, int], after: dict[str, int], account: Account
    ) -> None:
        """In the middle of a release that is the one deployed earlier; after it, the one without traffic."""
        done = self._run(account, **two_colours(weights["blue"], weights["green"]))
        assert done.code == 0, done.said
        assert account.state["weights"] == after
        # Scheduled jobs run what serves.
        serves = "one" if after["blue"] else "two"
        (job,) = account.calls("register-task-definition")
        assert (job["family"], job["containerDefinitions"][0]["image"]) == ("consulting-portal-production-job", serves)

    def test_a_colour_that_has_stopped_is_not_given_traffic(self, account: Account) -> None:
        done = self._run(account, **two_colours(blue=0, green=100, tasks=(0, 2)))
        assert done.code == 1
        assert "app-blue has no healthy target: release the former image again" in done.said
        assert account.state["weights"] == {"blue": 0, "green": 100}

    def test_an_unknown_colour_is_refused(self, account: Account) -> None:
        done = account.run_program("deploy", "rollback", "--environment", "production", "--to", "red")
        assert done.code == 2
        assert "invalid choice: 'red'" in done.said
        assert account.state["calls"] == []

    def test_jobs_that_run_what_serves_are_left_alone(self, account: Account) -> None:
        done = account.run("deploy", "jobs", "--environment", "production")
        assert done.code == 0, done.said
        assert account.calls("register-task-definition") == []


class TestAccounts:
    """What is made once runs inside the network, as tasks of the service."""

    def test_the_account_of_the_service_is_made_by_the_owner_of_the_schema(self, account: Account) -> None:
        done = account.run("deploy", "service-account", "--environment", "production")
        assert done.code == 0, done.said
        (task,) = account.calls("run-task")
        assert task["taskDefinition"] == "consulting-portal-production-migrate"
        (override,) = task["overrides"]["containerOverrides"]
        assert override["command"] == ["python", "-m", "consulting_portal.jobs", "service-account"]

    def test_the_first_account_is_made_by_the_service(self, account: Account) -> None:
        given = ("--email", "root@example.com", "--password-hash", "$argon2id$v=19$x")
        done = account.run("deploy", "create-admin", "--environment", "production", *given)
        assert done.code == 0, done.said
        (task,) = account.calls("run-task")
        assert task["taskDefinition"] == "consulting-portal-production-job"
        (override,) = task["overrides"]["containerOverrides"]
        told = {one["name"]: one["value"] for one in override["environment"]}
        assert told == {"ADMIN_EMAIL": "root@example.com", "ADMIN_PASSWORD_HASH": "$argon2id$v=19$x"}

    def test_one_that_fails_is_said(self, account: Account) -> None:
        done = account.run("deploy", "service-account", "--environment", "production", migration_exit=1)
        assert done.code == 1
        assert "the job service-account failed (it ended, exit code 1)" in done.said


class TestCostReport:
    """What each service cost, the forecast, and what AWS recommends."""

    def _run(self, account: Account, tmp_path: Path, **state: Any) -> tuple[Ran, str]:
        output = tmp_path / "report.md"
        given = {"costs": costs(), "forecast": "321.5", "recommendations": recommendations(), **state}
        done = account.run("cost_report", "--output", str(output), **given)
        return done, output.read_text("utf-8") if output.exists() else ""

    def test_the_report_has_every_service_and_marks_what_rose(self, account: Account, tmp_path: Path) -> None:
        done, report = self._run(account, tmp_path)
        assert done.code == 0, done.said
        rows = [line for line in report.splitlines() if line.startswith("| A")]
        assert rows == [
            "| Amazon RDS | 600.00 | 450.00 | **spike** |",
            "| AWS WAF | 100.00 | 99.00 |  |",
            # More than twice as much, and all of it less than what is worth a look.
            "| Amazon SQS | 45.00 | 0.00 |  |",
            "| Amazon S3 | 12.50 | 2.00 |  |",
            "| AWS Lambda | 0.00 | 3.00 |  |",
        ]
        assert "Total: 757.50 USD; the month before, 554.00 USD." in report
        assert "321.50 USD" in report
        first = report.split("## Recommendations")[1].strip().splitlines()[0]
        assert first == "- Rightsize `db-1` (RdsDbInstance): saves 120.00 USD a month"

    def test_only_this_projects_costs_are_asked_for(self, account: Account, tmp_path: Path) -> None:
        self._run(account, tmp_path)
        asked = [*account.calls("get-cost-and-usage"), *account.calls("get-cost-forecast")]
        assert {json.dumps(one["Filter"]) for one in asked} == {
            json.dumps({"Tags": {"Key": "Project", "Values": ["consulting-portal"]}})
        }

    def test_no_recommendation_is_said(self, account: Account, tmp_path: Path) -> None:
        _, report = self._run(account, tmp_path, recommendations=[])
        assert "None: the Cost Optimization Hub has nothing to say." in report

    @pytest.mark.parametrize("call", ["get-cost-and-usage", "get-cost-forecast", "list-recommendations"])
    def test_what_aws_refuses_is_said_and_no_report_is_written(
        self, call: str, account: Account, tmp_path: Path
    ) -> None:
        done, report = self._run(account, tmp_path, refuses=call)
        assert (done.code, report) == (1, "")
        assert "AccessDeniedException" in done.said


@contextmanager
def service(answers: dict[str, tuple[int, str]]) -> Iterator[str]:
    """A web server with these answers by path; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, ""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


SERVES = {
    "/health": (200, "{}"),
    "/ready": (200, "{}"),
    "/version": (200, '{"commit": "abc", "image": "sha256:new"}'),
}


class TestSmoke:
    """Whether a service serves, asked over HTTP."""

    def _run(self, project: Path, answers: dict[str, tuple[int, str]], *more: str) -> subprocess.CompletedProcess[str]:
        with service({**SERVES, **answers}) as address:
            arguments = [address, "--version", "abc", "--image", "repository@sha256:new", "--wait", "0", *more]
            return run(sys.executable, str(project / "scripts/smoke.py"), *arguments)

    def test_a_service_that_serves_passes(self, project: Path) -> None:
        done = self._run(project, {})
        assert done.returncode == 0, done.stdout

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"/ready": (503, "")}, "/ready answers 503"),
            ({"/health": (404, "")}, "/health answers 404"),
            ({"/version": (200, '{"commit": "other"}')}, "/version does not name abc: another release serves"),
            ({"/version": (200, '{"commit": "abc", "image": "sha256:old"}')}, "/version does not name sha256:new"),
            ({"/version": (200, "<html>")}, "/version does not name abc"),
            ({"/version": (200, '["abc"]')}, "/version does not name abc"),
        ],
    )
    def test_one_that_does_not_is_named(self, answers: dict[str, tuple[int, str]], said: str, project: Path) -> None:
        done = self._run(project, answers)
        assert done.returncode == 1
        assert said in done.stdout

    def test_it_waits_until_the_service_is_there(self, project: Path) -> None:
        answers = {**SERVES, "/ready": (503, "")}
        with service(answers) as address:
            timer = threading.Timer(1.0, lambda: answers.update(SERVES))
            timer.start()
            done = run(sys.executable, str(project / "scripts/smoke.py"), address, "--wait", "30")
            timer.join()
        assert done.returncode == 0, done.stdout

    @pytest.mark.parametrize(
        ("address", "code", "said"),
        [("127.0.0.1", 2, "begins with https://"), ("http://127.0.0.1:1", 1, "/health answers nothing")],
    )
    def test_an_address_at_which_nothing_is_fails(self, address: str, code: int, said: str, project: Path) -> None:
        done = run(sys.executable, str(project / "scripts/smoke.py"), address, "--wait", "0")
        assert done.returncode == code
        assert said in done.stdout + done.stderr


class TestCertificates:
    """The authorities of RDS, fetched for the image."""

    def _run(
        self, project: Path, tmp_path: Path, region: str, serves: str
    ) -> tuple[subprocess.CompletedProcess[str], Path]:
        """Run the script in a copy, with a curl that notes the address and gives what a file holds."""
        folder = Path(shutil.copytree(project, tmp_path / "project"))
        authority = tmp_path / "authority.pem"
        made = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1")
        key = str(tmp_path / "key.pem")
        run_ok(tool("openssl"), *made, "-subj", "/CN=Authority", "-keyout", key, "-out", str(authority))
        note = f'for address; do :; done\necho "$*" >> "{tmp_path}/asked"\n{serves}'.replace(
            "AUTHORITY", str(authority)
        )
        programs = program(tmp_path / "bin", "curl", note)
        env = {"PATH": f"{programs}:{os.environ['PATH']}"}
        done = run("sh", str(folder / "scripts/certificates.sh"), *([region] if region else []), env=env)
        return done, folder / "certificates/rds-global-bundle.pem"

    @pytest.mark.parametrize(
        ("region", "host"),
        [
            ("eu-west-1", "truststore.pki.rds.amazonaws.com"),
            ("us-gov-west-1", "truststore.pki.us-gov-west-1.rds.amazonaws.com"),
            ("cn-north-1", "rds-truststore.s3.cn-north-1.amazonaws.com.cn"),
        ],
    )
    def test_the_bundle_of_the_partition_and_the_roots_of_the_proxy_are_kept(
        self, region: str, host: str, project: Path, tmp_path: Path
    ) -> None:
        # Without an end of its last line, as some files come.
        done, bundle = self._run(project, tmp_path, region, 'printf "%s" "$(cat AUTHORITY)"')
        assert done.returncode == 0, done.stderr
        assert bundle.read_text("utf-8").count("BEGIN CERTIFICATE") == 5
        context = ssl.create_default_context(cafile=str(bundle))
        assert context.cert_store_stats()["x509_ca"] >= 1
        asked = (tmp_path / "asked").read_text("utf-8").splitlines()
        assert f" https://{host}/global/global-bundle.pem" in asked[0]
        assert [line.rpartition("/")[2] for line in asked[1:]] == [f"AmazonRootCA{n}.pem" for n in (1, 2, 3, 4)]
        assert all("--fail " in line and "--proto =https" in line for line in asked)

    @pytest.mark.parametrize(
        ("region", "serves"),
        [
            ("", "cat AUTHORITY"),
            ("eu-west-1", "exit 22"),
            ("eu-west-1", "echo '<html>'"),
            ("eu-west-1", "case $address in *CA3*) ;; *) cat AUTHORITY;; esac"),
            (
                "eu-west-1",
                "cat AUTHORITY; printf -- '-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n'",
            ),
        ],
    )
    def test_what_is_no_bundle_is_not_kept(self, region: str, serves: str, project: Path, tmp_path: Path) -> None:
        done, bundle = self._run(project, tmp_path, region, serves)
        assert done.returncode != 0
        assert not bundle.exists()
