"""How often verdicts are right: labelled public repositories against what a scan says of them.

    python bench/accuracy.py CLONES [--write]

CLONES holds a git repository for each file of benchmarks/labels, as `owner+name` (bare or not, or `owner+name/repo`).
The labelled commit is read from it into a temporary folder, and nothing of it is executed. `--write` writes
docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "benchmarks" / "labels"
PAGE = ROOT / "docs" / "accuracy.md"
PROGRAM = Path(sys.executable).with_name("infraguard")


class Judged(NamedTuple):
    """A label beside what the scan said of its gate and source."""

    repository: str
    gate: str
    source: str
    label: str
    said: str
    evidence: str
    why: str
    reason: str
    corrected: str = ""
    is_blind: bool = True

    @property
    def outcome(self) -> str:
        if self.said == self.label:
            return "right"
        return "unknown" if self.said == "unknown" else "wrong"


def git_folder(clones: Path, name: str) -> Path:
    base = clones / name.replace("/", "+")
    for folder in (base / "repo", base / ".git", base):
        if (folder / "HEAD").is_file():
            return folder
    sys.exit(f"error: no clone of {name} in {base}")


def export(git: Path, commit: str, target: Path) -> None:
    """The files of a commit, those left out that the clone does not hold, and links that stay inside."""
    listed = run("git", "--git-dir", str(git), "ls-tree", "-r", "-z", commit).split(b"\0")
    entries = [line.split(b"\t", 1) for line in listed if line]
    wanted = [(meta.split(), path.decode("utf-8", "surrogateescape")) for meta, path in entries]
    files = [(meta[2], path, meta[0] == b"120000") for meta, path in wanted if meta[1] == b"blob"]
    batch = subprocess.run(
        ["git", "--git-dir", str(git), "cat-file", "--batch"],
        input=b"".join(sha + b"\n" for sha, _, _ in files), capture_output=True, check=True,
    ).stdout  # fmt: skip
    stream = io.BytesIO(batch)
    for _, path, is_link in files:
        head = stream.readline().split()
        if head[1] == b"missing":
            continue
        content = stream.read(int(head[2]))
        stream.read(1)
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not is_link:
            file.write_bytes(content)
        elif file.parent.joinpath(os.fsdecode(content)).resolve().is_relative_to(target.resolve()):
            file.symlink_to(os.fsdecode(content))


def run(*command: str) -> bytes:
    return subprocess.run(command, capture_output=True, check=True).stdout


def judged(document: dict[str, Any], clones: Path) -> list[Judged]:
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "repository"
        export(git_folder(clones, document["repository"]), document["commit"], target)
        done = subprocess.run([str(PROGRAM), "scan", str(target), "--format", "json"], capture_output=True, check=False)
        report = json.loads(done.stdout)
    gates = {gate["policy"]: gate for gate in report["gates"]}
    found = []
    later = document.get("found_after_a_scan", [])
    for label in [*document["labels"], *later]:
        said = gates.get(label["gate"], {"sources": {}})["sources"].get(label["source"], "not judged")
        reasons = [
            finding["reason"] or finding["message"]
            for finding in report["findings"]
            if (finding["policy"], finding["source"], finding["verdict"]) == (label["gate"], label["source"], said)
        ]
        if said == "not judged" and label["verdict"] == "not_applicable":
            said = "not_applicable"
        found.append(
            Judged(
                document["repository"],
                label["gate"],
                label["source"],
                label["verdict"],
                said,
                label["evidence"],
                label["why"],
                reasons[0] if reasons else "",
                label.get("corrected", ""),
                is_blind=label not in later,
            )
        )
    return found


def page(every: list[Judged], first: dict[str, dict[str, int]]) -> str:
    blind = [one for one in every if one.is_blind]
    later = [one for one in every if not one.is_blind]
    repositories = sorted({one.repository for one in every})
    lines = ["# Accuracy", "", "Made by `python bench/accuracy.py CLONES --write`.", ""]
    lines += [
        f"{len(blind)} labels over {len(repositories)} public repositories, each read before any scan, with file and",
        "line: [benchmarks/labels](../benchmarks/labels). A label is a gate, a source and the verdict that a careful",
        "reader gives.",
        "",
        *_counts(blind),
        "",
        *_first_scans(first),
        "## By gate",
        "",
        "| gate | source | right | wrong | unknown |",
        "|---|---|---|---|---|",
    ]
    for gate, source in sorted({(one.gate, one.source) for one in blind}):
        mine = Counter(one.outcome for one in blind if (one.gate, one.source) == (gate, source))
        lines.append(f"| {gate} | {source} | {mine['right']} | {mine['wrong']} | {mine['unknown']} |")
    lines += ["", "## Where a label and the scan differ", "", *_differences(every)]
    corrected = [one for one in blind if one.corrected]
    lines += ["", "## Labels corrected after the scan, and why", ""]
    lines += [f"{len(corrected)} of {len(blind)}: what the label says now, and what the reader had missed.", ""]
    lines += [f"- {one.repository}, {one.gate} ({one.source}): {one.label}; {one.corrected}" for one in corrected]
    lines += ["", "## Labels found after a scan", ""]
    lines += [
        "Verdicts that a reader of a whole report looked into: they show what was mended, and count nowhere above.",
        "",
    ]
    return "\n".join([*lines, *_counts(later)]) + "\n"


def _counts(labels: list[Judged]) -> list[str]:
    count = Counter(one.outcome for one in labels)
    numbers = f"| {count['right']} | {count['wrong']} | {count['unknown']} |"
    return ["| right | wrong | unknown |", "|---|---|---|", numbers]


def _first_scans(first: dict[str, dict[str, int]]) -> list[str]:
    """What the first scan of repositories said that nobody had looked at while the scanner was made."""
    names = ("right", "wrong", "unknown")
    total = [sum(one[name] for one in first.values()) for name in names]
    rows = [
        f"| {repository} | {one['right']} | {one['wrong']} | {one['unknown']} |" for repository, one in first.items()
    ]
    return [
        "## First scans",
        "",
        "Nobody had looked at these repositories while the scanner was made, and their labels were committed before",
        "their first scan, which this is. What was wrong has been mended since, or the label was (below).",
        "",
        "| repository | right | wrong | unknown |",
        "|---|---|---|---|",
        *rows,
        f"| together | {total[0]} | {total[1]} | {total[2]} |",
        "",
    ]


def _differences(every: list[Judged]) -> list[str]:
    lines = []
    for one in every:
        if one.outcome != "right":
            said = f"the scan says {one.said}" + (f" ({one.reason})" if one.reason else "")
            lines.append(f"- {one.repository}, {one.gate}: {one.label} ({one.why}), and {said}")
    return lines or ["Nowhere."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    documents = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(LABELS.glob("*.yaml"))]
    every = [one for document in documents for one in judged(document, options.clones)]
    text = page(every, {each["repository"]: each["first_scan"] for each in documents if "first_scan" in each})
    if options.write:
        PAGE.write_text(text, "utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
