"""Holds the policies to the list of gates: every id is there, and judged on what the list says.

Prints how many gates each source decides, and the gaps; exit code 1 when there is one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).parents[1] / "policies" / "gates.yaml"
#: Cells that a rule must decide, and the sources that such a rule serves.
JUDGED = {"tf": ("tf", "plan"), "aws": ("aws",), "repo": ("repo",), "results": ("results",)}
#: Gates on the files of a root: a plan has what they declare, and not how it is pinned, written or composed.
NOT_IN_PLANS = frozenset(f"infrastructure/{name}" for name in ("environment-parity", "valid-terraform", "versioned"))
#: Cells that wait for collectors of their own; a gate with nothing else is stated by a person until then.
LIVE = ("github", "db", "endpoint", "attest")


def gates() -> dict[str, dict[str, Any]]:
    document = yaml.safe_load(LIST.read_text("utf-8"))
    return {gate["id"]: gate for area in document.values() for gate in area}


def policies() -> dict[str, dict[str, Any]]:
    command = [str(Path(sys.executable).with_name("infraguard")), "policies", "list", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {policy["id"]: policy for policy in json.loads(done.stdout)}


def problems(wanted: dict[str, dict[str, Any]], found: dict[str, dict[str, Any]]) -> list[str]:
    lines = [f"{gate}: there is no policy" for gate in wanted if gate not in found]
    lines += [f"{gate}: it is not on the list" for gate in found if gate not in wanted]
    for gate in sorted(wanted.keys() & found.keys()):
        cells, sources = wanted[gate]["decides"], found[gate]["sources"]
        needed = {source for cell in cells for source in JUDGED.get(cell, ())}
        needed -= {"plan"} if gate in NOT_IN_PLANS else set()
        lines += [f"{gate}: nothing judges it on {source}" for source in sorted(needed - set(sources))]
        if not needed and not sources and not found[gate]["manual"]:
            lines.append(f"{gate}: it is judged on nothing, and no person states it")
    return lines


def main() -> int:
    wanted, found = gates(), policies()
    count = Counter(source for policy in found.values() for source in policy["sources"])
    table = [(source, count[source]) for source in ("tf", "plan", "aws", "repo", "results", *LIVE) if count[source]]
    print(f"{len(found)} of {len(wanted)} gates; " + ", ".join(f"{source} {number}" for source, number in table))
    print(f"stated by a person alone: {sum(policy['manual'] for policy in found.values())}")
    found_problems = problems(wanted, found)
    for line in found_problems:
        print(line)
    return 1 if found_problems else 0


if __name__ == "__main__":
    sys.exit(main())
