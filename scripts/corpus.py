"""Our parser of HCL beside two others, on public Terraform that is no part of this project.

Go's parser, by pygohcl, says which files are accepted; tree-sitter's says where every block, argument and value begins.
Without a FOLDER, the repositories are cloned into a folder of their own first, which needs a network.

Usage: python scripts/corpus.py [--write] [--into FOLDER] [FOLDER...]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pygohcl
import tree_sitter_hcl
from tree_sitter import Language, Parser

from infraguard.model.errors import SyntaxProblem
from infraguard.terraform.syntax import parse_file
from infraguard.terraform.syntax.nodes import Body, SourceFile

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "corpus.md"
REPOSITORIES = (
    *(f"terraform-aws-modules/terraform-aws-{name}" for name in ("alb", "ecs", "eks", "lambda", "rds", "s3-bucket")),
    *(f"terraform-aws-modules/terraform-aws-{name}" for name in ("security-group", "vpc")),
    *("cloudposse/terraform-aws-components", "ministryofjustice/modernisation-platform-environments"),
    "bridgecrewio/terragoat",
)
_PARSER = Parser(Language(tree_sitter_hcl.language()))
#: A beginning: of what sort, and at which line and column, counted from 1.
Begun = tuple[str, int, int]


class Result(NamedTuple):
    """One repository: its files, those that both accept or refuse, and the beginnings that were compared."""

    name: str
    files: int
    lines: int
    refused: int
    disputed: list[str]
    beginnings: int
    elsewhere: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--into", type=Path, default=ROOT / ".tools" / "corpus", help="where to clone to")
    parser.add_argument("--write", action="store_true", help="put the result into docs/corpus.md")
    options = parser.parse_args()
    folders = options.folders or [bring(repository, options.into) for repository in REPOSITORIES]
    results = [check(folder) for folder in folders]
    page = table(results)
    print(page)
    for result in results:
        for line in (*result.disputed[:20], *result.elsewhere[:20]):
            print(line)
    if options.write:
        before, _, rest = PAGE.read_text("utf-8").partition("<!-- corpus -->\n")
        _, _, after = rest.partition("<!-- /corpus -->")
        PAGE.write_text(f"{before}<!-- corpus -->\n{page}<!-- /corpus -->{after}", "utf-8")
    return 1 if any(result.disputed or result.elsewhere for result in results) else 0


def bring(repository: str, into: Path) -> Path:
    """The newest state of a repository, in a folder of its own."""
    folder = into / repository.partition("/")[2]
    if not folder.exists():
        address = f"https://github.com/{repository}.git"
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", address, str(folder)], check=True)
    return folder


def check(folder: Path) -> Result:
    """Every Terraform file of a folder, read by all three."""
    files = sorted(path for path in folder.rglob("*.tf") if path.is_file())
    lines = refused = beginnings = 0
    disputed: list[str] = []
    elsewhere: list[str] = []
    for path in files:
        content = path.read_bytes()
        text = content.decode("utf-8", "replace")
        lines += text.count("\n")
        ours = parsed(text)
        if (ours is not None) is not accepted_by_go(text):
            disputed.append(f"{path}: {'we accept it' if ours else 'we refuse it'}")
        if ours is None:
            refused += 1
            continue
        mine = set(begun(ours, ours.body))
        theirs = set(begun_by_tree_sitter(text))
        beginnings += len(mine | theirs)
        elsewhere += [f"{path}: ours only {each}" for each in sorted(mine - theirs)]
        elsewhere += [f"{path}: tree-sitter's only {each}" for each in sorted(theirs - mine)]
    return Result(folder.resolve().name, len(files), lines, refused, disputed, beginnings, elsewhere)


def parsed(text: str) -> SourceFile | None:
    try:
        return parse_file(text, "main.tf")
    except SyntaxProblem:
        return None


def accepted_by_go(text: str) -> bool:
    try:
        pygohcl.loads(text)
    except pygohcl.HCLParseError:
        return False
    except pygohcl.HCLInternalError:
        return True  # it parsed; only its conversion to plain data failed
    return True


def begun(file: SourceFile, body: Body) -> Iterator[Begun]:
    """Where our parser has every block and argument of a body begin, every value, and the end of every block."""
    for attribute in body.attributes.values():
        yield _at("argument", file, attribute.at)
        yield _at("value", file, attribute.value.at)
    for block in body.blocks:
        yield _at("block", file, block.at)
        yield _at("end", file, block.end)
        yield from begun(file, block.body)


def _at(sort: str, file: SourceFile, offset: int) -> Begun:
    place = file.location(offset)
    return sort, place.line, place.column


def begun_by_tree_sitter(text: str) -> Iterator[Begun]:
    """The same by tree-sitter, whose columns are bytes."""
    content = text.encode()
    lines = content.split(b"\n")

    def at(sort: str, point: Any) -> Begun:
        return sort, point.row + 1, len(lines[point.row][: point.column].decode("utf-8", "replace")) + 1

    waiting = [_PARSER.parse(content).root_node]
    while waiting:
        node = waiting.pop()
        if node.type == "attribute":
            yield at("argument", node.start_point)
            yield at("value", node.children[2].start_point)
        elif node.type == "block":
            yield at("block", node.start_point)
            brace = next(child for child in reversed(node.children) if child.type == "block_end")
            yield at("end", brace.start_point)
            waiting.extend(node.children)
        elif node.type in ("config_file", "body"):
            waiting.extend(node.children)


def table(results: list[Result]) -> str:
    head = ("repository", "files", "lines", "refused by both", "disputed with Go", "places", "elsewhere")
    rows = [_row(result) for result in results]
    total = ["together", *(str(sum(int(row[i]) for row in rows)) for i in range(1, len(head)))]
    every = [list(head), *rows, total]
    widths = [max(len(row[i]) for row in every) for i in range(len(head))]
    lines = [[cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))]
             for row in every]  # fmt: skip
    ruler = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (lines[0], ruler, *lines[1:])) + "\n"


def _row(result: Result) -> list[str]:
    counts = (result.files, result.lines, result.refused, len(result.disputed), result.beginnings)
    return [result.name, *map(str, counts), str(len(result.elsewhere))]


if __name__ == "__main__":
    sys.exit(main())
