"""Our HCL parser and bc-python-hcl2, the one that checkov uses, on the same files in the same run.

Both get the text of all files, in turns, and processor time is counted. bc-python-hcl2 installs a module of its own
named hcl2, so it runs in an environment of its own; where that cannot be made, the reason is printed and only our own
figure is given. Files that the peer cannot parse are left out for both.

Usage: python bench/bench_parse.py [--rounds N] [--no-peer] [--write] [FOLDER...]
       FOLDER: more .tf files, beside the templates and examples of the project
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import ROOT, show, table

from infraguard.model.errors import SyntaxProblem
from infraguard.terraform.syntax import parse_file

#: Small corpora are parsed several times a round, so that a round takes long enough to be measured.
ROUND_CHARACTERS = 400_000
PEER = "bc-python-hcl2"
#: Runs in the peer's environment: answers each line of input with the seconds that one round takes, and the failures.
PEER_PROGRAM = """
import io, json, sys, time
import hcl2
texts, repeats = json.load(open(sys.argv[1]))
def parsed(text):
    try:
        return hcl2.load(io.StringIO(text))
    except Exception:
        return None
print(json.dumps([parsed(text) is not None for text in texts]), flush=True)
for line in sys.stdin:
    wanted = json.loads(line)
    start = time.process_time()
    for _ in range(repeats):
        for index in wanted:
            hcl2.load(io.StringIO(texts[index]))
    print(time.process_time() - start, flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true", help=f"do not compare with {PEER}")
    parser.add_argument("--write", action="store_true", help="put the result into docs/benchmarks.md")
    options = parser.parse_args()
    texts = _texts([ROOT / "examples", ROOT / "templates", *options.folders])
    peer = None if options.no_peer else _Peer(texts)
    show("parse", _compare(texts, peer, options.rounds), write=options.write)
    if peer:
        peer.close()


def _texts(folders: list[Path]) -> list[str]:
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.tf"))]
    return [text for text in texts if text and _parses(text)]


def _parses(text: str) -> bool:
    try:
        parse_file(text, "main.tf")
    except SyntaxProblem:
        return False
    return True


def _compare(texts: list[str], peer: _Peer | None, rounds: int) -> str:
    wanted = peer.parses if peer and not peer.missing else list(range(len(texts)))
    chosen = [texts[index] for index in wanted]
    characters = sum(map(len, chosen))
    repeats = _repeats(texts)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        ours.append(_round(chosen, repeats))
        if peer and not peer.missing:
            theirs.append(peer.round())
    rows = [_row("infraguard", ours, ours, characters * repeats)]
    if theirs:
        rows.append(_row(PEER, theirs, ours, characters * repeats))
    text = table(["parser", "MB/s of processor time", "time, of ours"], rows)
    text += f"\n\n{rounds} rounds in turns; {len(chosen)} files, {characters / 1e6:.2f} MB."
    if theirs:
        left_out = len(texts) - len(chosen)
        return text + (f" {left_out} more files that {PEER} cannot parse are left out." if left_out else "")
    return f"{text}\nNot compared with {PEER}: {peer.missing if peer else 'it was not asked for'}."


def _row(name: str, taken: list[float], ours: list[float], characters: int) -> list[str]:
    median = statistics.median(taken)
    return [name, f"{characters / median / 1e6:.2f}", f"{median / statistics.median(ours):.1f} x"]


def _round(texts: list[str], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        for text in texts:
            parse_file(text, "main.tf")
    return time.process_time() - start


def _repeats(texts: list[str]) -> int:
    return max(1, ROUND_CHARACTERS // sum(map(len, texts)))


class _Peer:
    """The other parser, in a process of its own that waits for its turn. `missing` says why there is none."""

    def __init__(self, texts: list[str]) -> None:
        self.missing = ""
        self.parses: list[int] = []
        self._scratch = tempfile.TemporaryDirectory()
        corpus = Path(self._scratch.name) / "corpus.json"
        corpus.write_text(json.dumps([texts, _repeats(texts)]), encoding="utf-8")
        uv = Path(sys.executable).with_name("uv")
        command = [uv, "run", "--quiet", "--isolated", "--no-project", "--python", sys.executable, "--with", PEER]
        try:
            self._process = subprocess.Popen(
                [*command, "python", "-c", PEER_PROGRAM, str(corpus)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=self._scratch.name,
            )
        except OSError as error:
            self.missing = str(error)
            return
        answer = self._process.stdout.readline() if self._process.stdout else ""
        if not answer:
            self.missing = (self._process.communicate()[1].strip().splitlines() or ["it gave no reason"])[0]
            return
        self.parses = [index for index, good in enumerate(json.loads(answer)) if good]

    def close(self) -> None:
        """End the process, which stops at the end of its input."""
        if not self.missing:
            self._process.communicate()
        self._scratch.cleanup()

    def round(self) -> float:
        """The processor seconds that the peer needs for one round."""
        if not self._process.stdin or not self._process.stdout:
            raise RuntimeError("the process of the peer has no pipes")
        self._process.stdin.write(json.dumps(self.parses) + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


if __name__ == "__main__":
    main()
