"""Projects rendered from the shipped templates, and a Python that can run them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infraguard.bundled import bundled_folder
from infraguard.workflows.new import NewRequest, new
from tests.conftest import Tell
from tests.tools import run_ok, tool

TEMPLATE = bundled_folder("templates") / "consulting-service"

#: Every kind of character that means something in a file that answers go to.
ODD_ANSWERS = {
    "project_name": """'O' \"""S'øn\""" ${x}%{if} #1 $(id)`id` {{y}} {% z %} {#🧾 \\n\\""",
    "project_slug": "odd-1",
    "package_name": "odd_1",
    "owner_email": "on.call+p1@ops.example.co.uk",
    "github_owner": "Odd-Owner-9",
    "aws_region": "us-gov-west-1",
    "dr_region": "us-gov-east-1",
    "domain_name": "a.b-c.example.org",
    "database_storage_gb": "6553",
    "instance_class": "r6i.xlarge",
    "load_balancer": "alb",
    "extras": "warehouse-vpn",
}


#: Puts a line into the table of what the real tools said of the generated project: a tool, and what it said.
Say = Callable[[str, str], None]


@pytest.fixture
def say(tell: Tell) -> Say:
    return lambda tool, said: tell("what the tools said of the generated project", tool, {"said": said})


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the template's defaults. Tests only read it."""
    return new(NewRequest(output_dir=tmp_path_factory.mktemp("default"), no_input=True)).folder


@pytest.fixture(scope="session")
def odd_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of answers that try to break out of every file. Tests only read it."""
    request = NewRequest(output_dir=tmp_path_factory.mktemp("odd"), overrides=ODD_ANSWERS, no_input=True)
    return new(request).folder


@pytest.fixture(scope="session")
def service_python() -> Path:
    """The Python of an environment that holds what the project's lock for our own Python says, and no project.

    Made once for a lock and a Python, however many processes ask for it.
    """
    return locked_python(f"{sys.version_info.major}.{sys.version_info.minor}", sys.executable)


def locked_python(version: str, python: str) -> Path:
    """The Python of an environment made of the project's lock for a version of Python, by uv."""
    number = version.replace(".", "")
    lock = TEMPLATE / "{{cookiecutter.project_slug}}/requirements" / f"py{number}.lock"
    if not lock.exists():
        pytest.skip(f"the project has no lock for Python {version}")
    digest = hashlib.sha256(f"{python} {sys.prefix}".encode() + lock.read_bytes()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"infraguard-service-{os.getuid()}-{digest}"
    with _alone(folder):
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            env = {"UV_PYTHON_DOWNLOADS": "never", "UV_COMPILE_BYTECODE": "1", "VIRTUAL_ENV": str(folder)}
            run_ok(tool("uv"), "venv", "--quiet", "--python", python, str(folder), env=env)
            sync = ("pip", "sync", "--quiet", "--require-hashes", str(lock))
            run_ok(tool("uv"), *sync, env=env, timeout=900)
            (folder / "ready").touch()
    return folder / "bin" / "python"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other process near the folder meanwhile."""
    with folder.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def in_project(project: Path, python: Path) -> dict[str, str]:
    """Variables with which programs run as if the project were installed; so tests go side by side."""
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    return {"PYTHONPATH": str(project / "src"), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", **NO_SERVERS}


#: A developer's own servers are none of our tests' business.
NO_SERVERS = {"DATABASE_URL": "sqlite+pysqlite:///:memory:", "REDIS_URL": "redis://127.0.0.1:1/0", "BASE_URL": ""}


#: What makes pip install a project from its folder alone. As a variable "no build isolation" is on when it says 0:
#: pip stores it under the name of its opposite.
OFFLINE_PIP = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def program(folder: Path, name: str, text: str) -> Path:
    """Write a shell script that stands in for a program, and give its folder, which goes before PATH."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    file.chmod(0o755)
    return folder
