"""InfraGuard as its users get it: a wheel in an environment that has nothing else, run far from any checkout."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging.program import ROOT, Run, runner
from tests.tools import run_ok, tool


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source distribution, and the wheel that was built from it alone."""
    folder = tmp_path_factory.mktemp("built")
    # Our own environment has what a build requires, so that building fetches nothing.
    run_ok(
        tool("uv"), "build", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(folder), cwd=ROOT
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def make_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Makes an empty environment, puts a wheel and its locked dependencies into it, and gives its `bin`."""

    def make(wheel: Path) -> Path:
        folder = tmp_path_factory.mktemp("environment") / "venv"
        env = {"UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(folder)}
        uv = tool("uv")
        run_ok(uv, "venv", "--quiet", "--python", sys.executable, str(folder), cwd=ROOT, env=env)
        lock = str(ROOT / "requirements-dev.lock")
        run_ok(uv, "pip", "install", "--quiet", "--constraint", lock, str(wheel), cwd=ROOT, env=env)
        run_ok(uv, "pip", "check", "--quiet", cwd=ROOT, env=env)
        return folder / "bin"

    return make


@pytest.fixture(scope="session")
def installed(wheel: Path, make_environment: Callable[[Path], Path]) -> Path:
    """The `bin` of an environment with the wheel."""
    return make_environment(wheel)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where the installed program would keep compiled policies."""
    return tmp_path / "cache"


@pytest.fixture
def infraguard(installed: Path, tmp_path: Path, cache: Path) -> Run:
    """Runs the installed program in an empty folder, and gives what it did."""
    return runner(installed / "infraguard", tmp_path, cache)
