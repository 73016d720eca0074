"""Processor time and peak memory of a scan on public repositories, and on one root that grows.

Each FOLDER is a checkout that a script of yours brought, or holds several, which are then scanned together and are one
row; without one, only the growing root is measured. In turns, on each of them: our scan; the floors, which are
interpreters that read the files that a scan reads, parse them with our parser or with those of others, and do no more;
trivy; and checkov, on folders of up to `--peer-lines` lines, since it takes minutes on larger ones. Both live in
environments of their own.

Usage: python bench/bench_corpus.py [--rounds N] [--peer-lines N] [--no-peer] [--write] [FOLDER...]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from large_root import make_large_root
from peer import CHECKOV, PEERS, TRIVY
from timing import show, table

FLOORS = Path(__file__).with_name("floors.py")
#: The smallest repository that there is something to say of.
ONE_FILE = """
resource "aws_db_instance" "main" {
  identifier              = "main"
  engine                  = "postgres"
  instance_class          = "db.t3.medium"
  backup_retention_period = 7
}
"""
SIZES = (100, 1250, 2500, 5000, 10_000, 20_000)


class Cost(NamedTuple):
    """Processor seconds of a command and what it started, and the most memory that one process of it took, in MB."""

    seconds: float
    megabytes: float


class Measured(NamedTuple):
    """One folder: its lines of Terraform, and the medians of the rounds. A peer that was not asked is not there."""

    name: str
    lines: int
    floor: Cost
    by_others: Cost
    ours: Cost
    peers: dict[str, Cost]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-lines", type=int, default=10_000, help="leave checkov out above this many lines")
    parser.add_argument("--no-peer", action="store_true", help="do not compare with checkov")
    parser.add_argument("--write", action="store_true", help="put the results into docs/benchmarks.md")
    options = parser.parse_args()
    if options.folders:
        missing = {peer.name: "it was not asked for" if options.no_peer else peer.install() for peer in PEERS}
        most = {TRIVY.name: sys.maxsize, CHECKOV.name: options.peer_lines}
        most = {name: 0 if missing[name] else lines for name, lines in most.items()}
        with tempfile.TemporaryDirectory() as scratch:
            alone = Path(scratch) / "one file"
            alone.mkdir()
            (alone / "main.tf").write_text(ONE_FILE, "utf-8")
            measured = [_folder(folder, options.rounds, most) for folder in (alone, *options.folders)]
        show("corpus", _corpus_text(measured, options.rounds, missing, options.peer_lines), write=options.write)
    with tempfile.TemporaryDirectory() as scratch:
        show("curve", _curve_text(Path(scratch), options.rounds), write=options.write)


def _folder(folder: Path, rounds: int, most: dict[str, int]) -> Measured:
    lines = sum(path.read_bytes().count(b"\n") for path in folder.rglob("*.tf") if path.is_file())
    asked = [peer for peer in PEERS if lines <= most[peer.name]]
    commands = [
        *([sys.executable, str(FLOORS), by, str(folder)] for by in ("ours", "others")),
        _scan(folder),
        *(peer.command(folder) for peer in asked),
    ]
    floor, by_others, ours, *peers = _costs(commands, rounds)
    found = {peer.name: cost for peer, cost in zip(asked, peers, strict=True)}
    return Measured(folder.resolve().name, lines, floor, by_others, ours, found)


def _scan(folder: Path) -> list[str]:
    return [str(Path(sys.executable).with_name("infraguard")), "scan", str(folder), "--format", "json"]


def _costs(commands: Sequence[Sequence[str]], rounds: int) -> list[Cost]:
    """The medians of each command, run in turns."""
    taken = [[_cost(command) for command in commands] for _ in range(rounds)]
    return [
        Cost(*(statistics.median(values) for values in zip(*each, strict=True))) for each in zip(*taken, strict=True)
    ]


def _cost(command: Sequence[str]) -> Cost:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _corpus_text(measured: Sequence[Measured], rounds: int, missing: dict[str, str], peer_lines: int) -> str:
    rows = [_row(each) for each in measured]
    rows.append(_row(_sum("together", measured[1:])))
    both = [each for each in measured[1:] if CHECKOV.name in each.peers]
    if both:
        rows.append(_row(_sum("together, where both", both)))
    head = ["repository", "lines", "floor", "by others", "infraguard", "of the floor", "of others", "memory"]
    for peer in PEERS:
        head += [peer.name, "of ours", "its memory"]
    words = [f"{rounds} rounds in turns; processor time, and the peak of the largest process."]
    words += [f"Not compared with {name}: {why}." for name, why in missing.items() if why]
    words += [peer.version() + "." for peer in PEERS if not missing[peer.name]]
    words.append(f"checkov only on repositories of up to {peer_lines} lines.")
    return f"{table(head, rows)}\n\n{' '.join(words)}"


def _sum(name: str, measured: Sequence[Measured]) -> Measured:
    """All folders as one: times add up, and memory is that of the largest; of peers, those that were asked of all."""

    def joined(costs: Sequence[Cost]) -> Cost:
        return Cost(sum(cost.seconds for cost in costs), max(cost.megabytes for cost in costs))

    return Measured(
        name,
        sum(each.lines for each in measured),
        joined([each.floor for each in measured]),
        joined([each.by_others for each in measured]),
        joined([each.ours for each in measured]),
        {
            peer.name: joined([each.peers[peer.name] for each in measured])
            for peer in PEERS
            if all(peer.name in each.peers for each in measured)
        },
    )


def _row(each: Measured) -> list[str]:
    row = [
        each.name,
        f"{each.lines}",
        f"{each.floor.seconds:.2f} s",
        f"{each.by_others.seconds:.2f} s",
        f"{each.ours.seconds:.2f} s",
        f"{each.ours.seconds / each.floor.seconds:.1f} x",
        f"{each.ours.seconds / each.by_others.seconds:.1f} x",
        f"{each.ours.megabytes:.0f} MB",
    ]
    for peer in PEERS:
        cost = each.peers.get(peer.name)
        row += (
            [f"{cost.seconds:.1f} s", f"{cost.seconds / each.ours.seconds:.0f} x", f"{cost.megabytes:.0f} MB"]
            if cost
            else ["", "", ""]
        )
    return row


def _curve_text(scratch: Path, rounds: int) -> str:
    folders = [make_large_root(scratch / str(size), size) for size in SIZES]
    costs = _costs([_scan(folder) for folder in folders], rounds)
    rows = []
    for index, (size, cost) in enumerate(zip(SIZES, costs, strict=True)):
        doubled = index and SIZES[index - 1] * 2 == size
        rows.append(
            [
                f"{size}",
                f"{cost.seconds:.2f} s",
                f"{cost.seconds / costs[index - 1].seconds:.1f} x" if doubled else "",
                f"{cost.seconds / size * 1e6:.0f} us",
                f"{cost.megabytes:.0f} MB",
            ]
        )
    head = ["resources", "processor time", "of half as many", "a resource", "memory"]
    return table(head, rows) + f"\n\n{rounds} rounds in turns; every fourth resource is a database, with its own alarm."


if __name__ == "__main__":
    main()
