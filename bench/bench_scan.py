"""A scan of the same small repository, and of a single Terraform file, by us, by checkov and by trivy, in one run.

The others live in environments of their own below .tools/, never in ours. Where one cannot be installed, or `--no-peer`
is given, the comparison is left out and the reason is printed.

Usage: python bench/bench_scan.py [--rounds N] [--no-peer] [--write]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from peer import PEERS, Peer
from small_repository import make_small_repository
from timing import Timed, show, table, time_commands

ONE_FILE = """
resource "aws_db_instance" "main" {
  identifier              = "main"
  engine                  = "postgres"
  instance_class          = "db.t3.medium"
  backup_retention_period = 7
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true", help="do not compare with checkov")
    parser.add_argument("--write", action="store_true", help="put the result into docs/benchmarks.md")
    options = parser.parse_args()
    missing = {peer.name: "it was not asked for" if options.no_peer else peer.install() for peer in PEERS}
    there = [peer for peer in PEERS if not missing[peer.name]]
    with tempfile.TemporaryDirectory() as scratch:
        repository, files = make_small_repository(Path(scratch) / "small")
        small = time_commands(_commands(repository, there), options.rounds)
        alone = Path(scratch) / "alone"
        alone.mkdir()
        (alone / "main.tf").write_text(ONE_FILE, "utf-8")
        one = time_commands(_commands(alone, there), options.rounds)
    words = [f"Not compared with {name}: {why}." for name, why in missing.items() if why]
    words += [", ".join(peer.version() for peer in there) + ", compiled, without a network."] if there else []
    text = f"{_table(small, one, files)}\n\n{options.rounds} rounds in turns. {' '.join(words)}"
    show("scan", text, write=options.write)


def _commands(folder: Path, peers: list[Peer]) -> dict[str, list[str]]:
    ours = [str(Path(sys.executable).with_name("infraguard")), "scan", str(folder)]
    return {"infraguard scan": ours, **{peer.name: peer.command(folder) for peer in peers}}


def _table(small: list[Timed], one: list[Timed], files: int) -> str:
    rows = [
        [
            many.name,
            f"{many.median:.0f} ms",
            f"{many.median / small[0].median:.1f} x",
            f"{single.median:.0f} ms",
            f"{single.median / one[0].median:.1f} x",
        ]
        for many, single in zip(small, one, strict=True)
    ]
    return table(["scan", f"{files} files", "of ours", "one file", "of ours"], rows)


if __name__ == "__main__":
    main()
