"""What the image's Dockerfile would run, run without a container; and its compose file, read by the real tools."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infraguard.readers.yaml import read_document
from tests.templates.conftest import Say, in_project
from tests.tools import run, run_ok, tool


def commands(project: Path, port: int) -> tuple[list[str], list[str]]:
    """The health check and the command of the Dockerfile, on another port of this machine only."""
    text = (project / "Dockerfile").read_text("utf-8").replace("8000", str(port)).replace("0.0.0.0", "127.0.0.1")
    health, command = (json.loads(found) for found in re.findall(r"CMD (\[.*\])", text))
    return health, command


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def started(command: list[str], port: int, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    try:
        deadline = time.monotonic() + 60
        while not listens(port) and time.monotonic() < deadline:
            assert process.poll() is None, "the service ended at its start"
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_the_health_check_tells_a_living_service_from_a_dead_one(project: Path, service_python: Path) -> None:
    port = free_port()
    health, command = commands(project, port)
    health[0] = str(service_python)
    # No database and no Redis answer: it lives all the same.
    env = {**in_project(project, service_python), "DATABASE_URL": "postgresql+psycopg://app@127.0.0.1:1/portal"}
    with started([str(service_python), "-m", *command], port, env) as process:
        assert run(*health).returncode == 0
        process.terminate()
        assert process.wait(timeout=25) in (0, -15), "it ends when it is told to"
    assert run(*health).returncode == 1


def test_the_health_check_fails_when_the_service_answers_with_an_error(
    project: Path, service_python: Path, tmp_path: Path
) -> None:
    port = free_port()
    health, _ = commands(project, port)
    health[0] = str(service_python)
    web_server = ["-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    with started([shutil.which("python3") or "python3", *web_server], port):
        assert run(*health).returncode == 1


def test_what_the_image_is_built_of_is_there(project: Path) -> None:
    text = (project / "Dockerfile").read_text("utf-8")
    allowed = {line[1:] for line in (project / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"}
    copied = {
        source for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE) for source in line.split()[:-1]
    }
    assert copied
    for source in copied:
        assert (project / source).exists()
        assert source.removeprefix("./") in allowed


@pytest.mark.parametrize("which", ["project", "odd_project"])
def test_compose_is_accepted(which: str, request: pytest.FixtureRequest, say: Say) -> None:
    folder: Path = request.getfixturevalue(which)
    run_ok(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(folder / "compose.yaml"))
    say("check-jsonschema, compose", "nothing found")


@pytest.mark.parametrize("password", ["", "only-for-this-test"])
def test_compose_resolves_with_a_password_alone(password: str, project: Path, tmp_path: Path, say: Say) -> None:
    """By the program itself, where it is: what it refers to is there, and variables that must be given are missed."""
    program = tool("docker-compose", "install docker-compose", "INFRAGUARD_REQUIRE_CONTAINERS")
    folder = Path(shutil.copytree(project, tmp_path / project.name))
    file = folder / "compose.yaml"
    if "version 1." in run(program, "version").stdout:
        # The first generation does not know the name of a project, which the specification has since.
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if not line.startswith("name:")), "utf-8")
    done = run(program, "--file", str(file), "config", cwd=folder, env={"POSTGRES_PASSWORD": password})
    assert (done.returncode == 0) == bool(password), done.stderr
    if password:
        assert f"postgresql+psycopg://portal:{password}@db:5432/portal" in done.stdout
        say("docker-compose config", "accepted with a password, refused without")
    else:
        assert "copy .env.example to .env" in done.stderr


def test_compose_does_not_start_without_a_password(project: Path) -> None:
    document = read_document((project / "compose.yaml").read_text("utf-8"), "compose.yaml").data
    services = document["services"]
    assert services["db"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert (project / ".env.example").read_text("utf-8").count("POSTGRES_PASSWORD=\n") == 1
    assert {name for name, one in services.items() if "profiles" not in one} == {"api", "migrate", "db", "redis"}
    assert all(port.startswith("127.0.0.1:") for one in services.values() for port in one.get("ports", []))
