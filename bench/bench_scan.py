"""A scan of the same small repository by us and by checkov, in the same run.

checkov lives in an environment of its own below .tools/, never in ours. Where it cannot be installed, or `--no-peer` is
given, the comparison is left out and the reason is printed.

Usage: python bench/bench_scan.py [--rounds N] [--no-peer] [--write]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from peer import install_peer, peer_command, peer_version
from small_repository import make_small_repository
from timing import Timed, show, table, time_commands


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true", help="do not compare with checkov")
    parser.add_argument("--write", action="store_true", help="put the result into docs/benchmarks.md")
    options = parser.parse_args()
    missing = "it was not asked for" if options.no_peer else install_peer()
    with tempfile.TemporaryDirectory() as scratch:
        repository, files = make_small_repository(Path(scratch))
        commands = {"infraguard scan": [str(Path(sys.executable).with_name("infraguard")), "scan", str(repository)]}
        if not missing:
            commands["checkov"] = peer_command(repository)
        timed = time_commands(commands, options.rounds)
    show("scan", _text(timed, files, missing), write=options.write)


def _text(timed: list[Timed], files: int, missing: str) -> str:
    ours = timed[0].median
    rows = [[each.name, f"{each.median:.0f} ms", f"{each.median / ours:.1f} x"] for each in timed]
    text = table(["scan", "median", "of ours"], rows) + f"\n\n{len(timed[0].times)} rounds; {files} files."
    return text + (
        f"\nNot compared with checkov: {missing}." if missing else f" {peer_version()}, compiled, without a network."
    )


if __name__ == "__main__":
    main()
