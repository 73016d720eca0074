"""What the image's Dockerfile would run, run without a container."""

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

from tests.templates.conftest import OFFLINE_PIP
from tests.tools import run, run_ok


@pytest.fixture
def installed(project: Path, service_python: Path, tmp_path: Path) -> Path:
    """The folder of programs of an environment that the service is installed in, as the builder stage does it."""
    folder = shutil.copytree(project, tmp_path / "project")
    run_ok(str(service_python), "-m", "pip", "install", "--quiet", "--no-deps", str(folder), env=OFFLINE_PIP)
    return service_python.parent


def commands(project: Path, port: int) -> tuple[list[str], list[str]]:
    """The health check and the command of the Dockerfile, on another port of this machine only."""
    text = (project / "Dockerfile").read_text("utf-8").replace("8000", str(port)).replace("0.0.0.0", "127.0.0.1")
    health, command = (json.loads(found) for found in re.findall(r"CMD (\[.*\])", text))
    return health, command


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def started(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not listens(port) and time.monotonic() < deadline:
            assert process.poll() is None, "the service ended at its start"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_the_health_check_tells_a_living_service_from_a_dead_one(project: Path, installed: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    health, command = commands(project, port)
    health[0] = str(installed / health[0])
    with started([str(installed / "python"), "-m", *command], port):
        assert run(*health).returncode == 0
    assert run(*health).returncode == 1


def test_the_health_check_fails_when_the_service_answers_with_an_error(project: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    health, _ = commands(project, port)
    web_server = ["-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    with started([shutil.which("python3") or "python3", *web_server], port):
        assert run(*health).returncode == 1
