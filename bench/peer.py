"""checkov, in an environment of its own below .tools/, never in ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from timing import ROOT

_FOLDER = ROOT / ".tools" / "checkov"
#: No look at the network, and the kinds of files that both read.
_OPTIONS = ("--quiet", "--compact", "--skip-download", "--framework", "terraform", "dockerfile", "github_actions")


def peer_command(folder: Path) -> list[str]:
    """The command that has it scan a folder."""
    return [str(_FOLDER / "bin" / "checkov"), *_OPTIONS, "--directory", str(folder)]


def peer_version() -> str:
    done = subprocess.run([_FOLDER / "bin" / "checkov", "--version"], capture_output=True, text=True, check=True)
    return f"checkov {done.stdout.strip()}"


def install_peer() -> str:
    """Install it unless it is there; gives why it could not be, or nothing."""
    if (_FOLDER / "bin" / "checkov").exists():
        return ""
    uv = Path(sys.executable).with_name("uv")
    env = {**os.environ, "UV_COMPILE_BYTECODE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    for arguments in (
        ("venv", "--quiet", "--clear", "--python", sys.executable, str(_FOLDER)),
        ("pip", "install", "--quiet", "--python", str(_FOLDER / "bin" / "python"), "checkov"),
    ):
        try:
            done = subprocess.run([uv, *arguments], env=env, capture_output=True, text=True, timeout=300, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["uv gave no reason"])[0]
    return ""
