"""Environments of tools: made on first use, one a tool and lock, and never shared with ours.

checkov installs a module of the same name as another package's and pins boto3, so no two tools share one either.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infraguard.collectors.tools.lock import digest_of, requirements_of, version_of
from infraguard.collectors.tools.table import Tool
from infraguard.model.errors import CollectionError

#: Names another folder for the environments, for machines whose cache is not kept.
VARIABLE: Final = "INFRAGUARD_TOOLS"
_COMPLETE: Final = ".complete"
#: Seconds that making an environment may take.
_PATIENCE: Final = 900

#: Tells a person what is going on.
Tell = Callable[[str], None]


def tools_folder() -> Path:
    """Where environments lie: the folder that the variable names, else one in the user's cache."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "infraguard" / "tools"


def environment_of(tool: Tool) -> Path:
    """The folder of a tool's environment, whether or not it is there."""
    return tools_folder() / f"{tool.name}-{digest_of(tool.name)}"


def is_installed(tool: Tool) -> bool:
    """Whether the environment is there, and whole."""
    return (environment_of(tool) / _COMPLETE).is_file()


def program_of(tool: Tool) -> Path:
    """The tool's program in its environment."""
    return environment_of(tool) / "bin" / tool.program


def install(tool: Tool, tell: Tell) -> Path:
    """Make the tool's environment unless it is there, and return its program.

    Raises `CollectionError` when it cannot be made; nothing that looks whole is left then.
    """
    folder = environment_of(tool)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if not is_installed(tool):
                tell(f"installing {tool.name} {version_of(tool.name)} into {folder}")
                _make(tool, folder)
    except OSError as error:
        raise _failed(tool, f"{folder}: {error.strerror or error}") from error
    return program_of(tool)


def _make(tool: Tool, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    requirements = folder.with_suffix(".txt")
    requirements.write_text(requirements_of(tool.name), "utf-8")
    uv = shutil.which("uv")
    python = str(folder / "bin" / "python")
    flags = ["--quiet", "--require-hashes", "--requirement", str(requirements)]
    steps = [
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)]
        if uv
        else [sys.executable, "-m", "venv", str(folder)],
        [uv, "pip", "install", "--python", python, "--compile-bytecode", *flags]
        if uv
        else [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", *flags],
    ]
    try:
        for step in steps:
            _step(tool, [word for word in step if word])
    finally:
        requirements.unlink(missing_ok=True)
    (folder / _COMPLETE).touch()


def _step(tool: Tool, command: list[str]) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    try:
        done = subprocess.run(  # noqa: S603 - uv or pip, with arguments of ours
            command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(tool, f"it took more than {_PATIENCE} s") from error
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise _failed(tool, lines[-1] if lines else f"exit code {done.returncode}")


def _failed(tool: Tool, why: str) -> CollectionError:
    return CollectionError(
        f"{tool.name} cannot be installed: {why}",
        hint=f"with a network, run `infraguard tools install {tool.name}`; {VARIABLE} names another folder",
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps two scans from making the same environment at once."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
