"""A project from its template to its folder, by us with and without the scan, and by plain cookiecutter, in one run.

Usage: python bench/bench_new.py [--rounds N] [--write]
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

from timing import ROOT, Timed, show, table, time_commands

#: What a person waits for at the most, in milliseconds.
TARGET = 3000
OURS, UNSCANNED, PLAIN = "infraguard new", "infraguard new --no-scan", "cookiecutter"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="put the result into docs/benchmarks.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "out"
        timed = time_commands(_commands(folder), options.rounds)
        # What the last command of a round left: the same project, whoever made it.
        files = sum(path.is_file() for path in folder.rglob("*"))
    text = f"{_table(timed)}\n\n{options.rounds} rounds in turns; the project has {files} files and holds 153 gates."
    show("new", text, write=options.write)


def _commands(folder: Path) -> dict[str, list[str]]:
    programs = Path(sys.executable).parent
    to = f"--no-input --output-dir {shlex.quote(str(folder))}"
    template = shlex.quote(str(ROOT / "templates/consulting-service"))
    commands = {
        OURS: f"{programs / 'infraguard'} new {to}",
        UNSCANNED: f"{programs / 'infraguard'} new --no-scan {to}",
        PLAIN: f"{programs / 'cookiecutter'} {template} {to}",
    }
    # A project is never written over another one.
    afresh = f"rm -rf {shlex.quote(str(folder))} && mkdir {shlex.quote(str(folder))} && exec"
    return {name: ["sh", "-c", f"{afresh} {command}"] for name, command in commands.items()}


def _table(timed: list[Timed]) -> str:
    by_name = {one.name: one for one in timed}
    rows = [
        [
            one.name,
            f"{one.median:.0f} ms",
            f"{min(one.times):.0f} ms",
            f"{one.median / by_name[PLAIN].median:.1f} x",
            f"{TARGET} ms: {'met' if one.median < TARGET else 'missed'}" if one.name == OURS else "",
        ]
        for one in timed
    ]
    return table(["command", "median", "fastest", "of cookiecutter", "target"], rows)


if __name__ == "__main__":
    main()
