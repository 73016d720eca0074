"""A scan of the same small repository by us and by checkov, in the same run.

checkov lives in an environment of its own below .tools/, never in ours. Where it cannot be installed, or `--no-peer` is
given, the comparison is left out and the reason is printed.

Usage: python bench/bench_scan.py [--rounds N] [--no-peer] [--write]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from small_repository import make_small_repository
from timing import ROOT, Timed, show, table, time_commands

PEER = ROOT / ".tools" / "checkov"
#: No look at the network, and the kinds of files that both read.
PEER_OPTIONS = ("--quiet", "--compact", "--skip-download", "--framework", "terraform", "dockerfile", "github_actions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true", help="do not compare with checkov")
    parser.add_argument("--write", action="store_true", help="put the result into docs/benchmarks.md")
    options = parser.parse_args()
    missing = "it was not asked for" if options.no_peer else _install_peer()
    with tempfile.TemporaryDirectory() as scratch:
        repository, files = make_small_repository(Path(scratch))
        commands = {"infraguard scan": [str(Path(sys.executable).with_name("infraguard")), "scan", str(repository)]}
        if not missing:
            commands["checkov"] = [str(PEER / "bin" / "checkov"), *PEER_OPTIONS, "--directory", str(repository)]
        timed = time_commands(commands, options.rounds)
    show("scan", _text(timed, files, missing), write=options.write)


def _text(timed: list[Timed], files: int, missing: str) -> str:
    ours = timed[0].median
    rows = [[each.name, f"{each.median:.0f} ms", f"{each.median / ours:.1f} x"] for each in timed]
    text = table(["scan", "median", "of ours"], rows) + f"\n\n{len(timed[0].times)} rounds; {files} files."
    return text + (
        f"\nNot compared with checkov: {missing}." if missing else f" {_version()}, compiled, without a network."
    )


def _version() -> str:
    done = subprocess.run([PEER / "bin" / "checkov", "--version"], capture_output=True, text=True, check=True)
    return f"checkov {done.stdout.strip()}"


def _install_peer() -> str:
    """Install checkov unless it is there; gives why it could not be, or nothing."""
    if (PEER / "bin" / "checkov").exists():
        return ""
    uv = Path(sys.executable).with_name("uv")
    env = {**os.environ, "UV_COMPILE_BYTECODE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    for arguments in (
        ("venv", "--quiet", "--clear", "--python", sys.executable, str(PEER)),
        ("pip", "install", "--quiet", "--python", str(PEER / "bin" / "python"), "checkov"),
    ):
        try:
            done = subprocess.run([uv, *arguments], env=env, capture_output=True, text=True, timeout=300, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["uv gave no reason"])[0]
    return ""


if __name__ == "__main__":
    main()
