"""The load test of the generated project, run for real against the running service; its audit, against known facts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.templates.conftest import TEMPLATE, Say, in_project
from tests.templates.servers import postgres, run_alembic
from tests.templates.test_container import commands, free_port, started
from tests.tools import run


@pytest.mark.slow
class TestLocust:
    """A few people for a few seconds: the profile decides, and the verdict is the exit code."""

    @pytest.fixture
    def served(self, project: Path, service_python: Path) -> Iterator[tuple[str, dict[str, str]]]:
        port, cache = free_port(), free_port()
        _, command = commands(project, port)
        # A Redis is not what is tested here, and the one for tests that the lock has speaks its protocol.
        code = f"from fakeredis import TcpFakeServer as T; T(('127.0.0.1', {cache})).serve_forever()"
        with postgres() as database, started([str(service_python), "-c", code], cache):
            env = {
                **in_project(project, service_python),
                "DATABASE_URL": database,
                "DATABASE_SSLMODE": "disable",
                "REDIS_URL": f"redis://127.0.0.1:{cache}/0",
            }
            run_alembic(service_python, project, env, "upgrade", "head")
            with started([str(service_python), "-m", *command], port, env):
                yield f"http://127.0.0.1:{port}", env

    def _run(
        self, project: Path, python: Path, host: str, env: dict[str, str], *more: str
    ) -> tuple[int, dict[str, Any]]:
        script = str(project / "tests/load/locustfile.py")
        given = ("--headless", "--host", host, "--json", *more)
        load = {"LOAD_TODAY_USERS": "3", "LOAD_MINUTES": "0.15", "LOAD_PROFILE": "2x"}
        done = run(str(python.parent / "locust"), "--locustfile", script, *given, env={**env, **load}, timeout=120)
        requests = json.loads(done.stdout[done.stdout.index("[") :])
        return done.returncode, {one["name"]: one for one in requests}

    def test_a_service_that_serves_holds(
        self, served: tuple[str, dict[str, str]], project: Path, service_python: Path, say: Say
    ) -> None:
        host, env = served
        code, requests = self._run(project, service_python, host, env)
        assert code == 0, requests
        assert {"/health", "/version", "/ready"} >= set(requests) >= {"/health"}
        assert sum(one["num_requests"] for one in requests.values()) >= 6
        assert sum(one["num_failures"] for one in requests.values()) == 0
        say("locust", "held; no request failed")

    def test_one_that_does_not_answer_fails(self, project: Path, service_python: Path) -> None:
        host = f"http://127.0.0.1:{free_port()}"
        code, requests = self._run(project, service_python, host, in_project(project, service_python))
        assert code == 1
        assert all(one["num_failures"] == one["num_requests"] for one in requests.values())


LOCKS = sorted((TEMPLATE / "{{cookiecutter.project_slug}}/requirements").glob("*.lock"))


@contextmanager
def advisories(known: dict[str, list[str]]) -> Iterator[str]:
    """An advisory database that knows these of each package, in the form of OSV; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = [
                {"id": one, "summary": "made up", "modified": "2026-01-01T00:00:00Z", "affected": [], "aliases": []}
                for one in known.get(asked["package"]["name"], [])
            ]
            body = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.slow
class TestPipAudit:
    """The audit of security.yml reads every lock whole, and what it is told of is red.

    What is known of the locked versions today is for the project's own workflow to ask: no advisory database is reached
    from here.
    """

    def _run(self, lock: Path, python: Path, known: dict[str, list[str]]) -> tuple[int, dict[str, Any], str]:
        with advisories(known) as address:
            options = ("--strict", "--require-hashes", "--disable-pip", "--requirement", str(lock))
            source = ("--vulnerability-service", "osv", "--osv-url", address, "--format", "json")
            done = run(str(python.parent / "pip-audit"), *options, *source)
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr

    @pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
    def test_every_package_of_a_lock_is_asked_about(self, lock: Path, service_python: Path, say: Say) -> None:
        code, report, said = self._run(lock, service_python, {})
        assert code == 0, said
        locked = {line.partition("==")[0] for line in lock.read_text("utf-8").splitlines() if "==" in line}
        assert not [one for one in report["dependencies"] if "skip_reason" in one]
        # Those of other systems are left out.
        assert len(report["dependencies"]) >= 0.9 * len(locked)
        count = len(report["dependencies"])
        say(f"pip-audit, {lock.name}", f"{count} packages asked about; advisories of our own, none is reached")

    def test_one_advisory_is_red(self, service_python: Path) -> None:
        code, report, _ = self._run(LOCKS[1], service_python, {"fastapi": ["PYSEC-2026-1"]})
        assert code == 1
        assert [one["name"] for one in report["dependencies"] if one["vulns"]] == ["fastapi"]
