"""How long people wait: `--version`, `--help`, and a scan of a small repository, beside a Python that does nothing.

Usage: python bench/bench_startup.py [--rounds N] [--write]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from small_repository import make_small_repository
from timing import Timed, show, table, time_commands

#: Milliseconds, on a machine where `python -c pass` takes as long as `COMPARABLE` says.
TARGETS = {"infraguard --version": 60, "infraguard scan": 300}
COMPARABLE = range(15, 26)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true", help="put the result into docs/benchmarks.md")
    options = parser.parse_args()
    program = str(Path(sys.executable).with_name("infraguard"))
    with tempfile.TemporaryDirectory() as scratch:
        repository, files = make_small_repository(Path(scratch))
        timed = time_commands(
            {
                "python -c pass": [sys.executable, "-c", "pass"],
                "infraguard --version": [program, "--version"],
                "infraguard --help": [program, "--help"],
                "infraguard scan": [program, "scan", str(repository)],
                "infraguard scan --format json": [program, "scan", str(repository), "--format", "json"],
            },
            options.rounds,
        )
    show("startup", _text(timed, files), write=options.write)


def _text(timed: list[Timed], files: int) -> str:
    idle = timed[0].median
    rows = [
        [
            each.name,
            f"{each.median:.0f} ms",
            f"{min(each.times):.0f} ms",
            f"{each.median / idle:.1f} x",
            _target(each, idle),
        ]
        for each in timed
    ]
    return (
        table(["command", "median", "fastest", "of an idle Python", "target"], rows)
        + f"\n\n{len(timed[0].times)} rounds; the repository scanned has {files} files."
    )


def _target(each: Timed, idle: float) -> str:
    target = TARGETS.get(each.name)
    if target is None:
        return ""
    if round(idle) not in COMPARABLE:
        return f"{target} ms (not comparable here)"
    return f"{target} ms: {'met' if each.median <= target else 'MISSED'}"


if __name__ == "__main__":
    main()
