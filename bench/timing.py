"""Timing programs as users start them: real processes, in turns, so that a busy moment hits all of them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"


class Timed(NamedTuple):
    """Wall times of one command, in milliseconds."""

    name: str
    times: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.times)


def time_commands(commands: Mapping[str, Sequence[str]], rounds: int) -> list[Timed]:
    """Run every command once to warm caches, then `rounds` times in turns. Raises when one cannot judge (2 or 70)."""
    for command in commands.values():
        _run(command)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(_run(command))
    return [Timed(name, tuple(taken)) for name, taken in times.items()]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that is readable as text too: the first column to the left, figures to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    ruler = [("-" * widths[0]), *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(_cells(row, widths)) + " |" for row in [head, ruler, *rows])


def show(section: str, text: str, *, write: bool) -> None:
    """Print a result, and put it between the marks of its section in docs/benchmarks.md where that is wanted."""
    print(text + "\n")
    if write:
        begin, end = f"<!-- {section} -->\n", f"<!-- /{section} -->"
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        PAGE.write_text(f"{before}{begin}{text}\n{end}{after}", encoding="utf-8")


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _run(command: Sequence[str]) -> float:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    taken = (time.perf_counter() - start) * 1000
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode()}")
    return taken
