"""The Terraform files of a tree: each read and parsed once, and what failed kept with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import GapReason
from infraguard.model.values import Location
from infraguard.readers.tree import Tree, Unreadable
from infraguard.terraform.syntax import parse_file
from infraguard.terraform.syntax.json import parse_json_file
from infraguard.terraform.syntax.nodes import SourceFile

_SUFFIXES = (".tf", ".tf.json")


class Unread(Struct, frozen=True):
    """A file that gave nothing, or something that was cut: why, and what the user can do about it."""

    scope: str
    reason: GapReason
    detail: str
    remedy: str
    location: Location


class Sources:
    """What is known of the files of one tree. Parsed files and failures are kept for all roots that share them."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.failures: dict[str, Unread] = {}
        self._parsed: dict[str, SourceFile | None] = {}
        self.folders: dict[str, list[str]] = {}
        for path in tree.paths:
            if path.endswith(_SUFFIXES):
                self.folders.setdefault(path.rpartition("/")[0] or ".", []).append(path)

    def folder(self, name: str) -> Iterator[SourceFile]:
        """The files of a folder that could be parsed, override files last, as Terraform takes them."""
        for path in sorted(self.folders.get(name, ()), key=lambda path: (is_override(path), path)):
            if parsed := self.parsed(path):
                yield parsed

    def parsed(self, path: str) -> SourceFile | None:
        """A parsed file, or None when it could not be read; `failures` has the reason."""
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def text(self, path: str) -> str | None:
        """The text of any file of the tree, or None."""
        if path not in self.tree:
            return None
        try:
            return self.tree.read(path)
        except Unreadable:
            return None

    def _parse(self, path: str) -> SourceFile | None:
        try:
            text = self.tree.read(path)
            return parse_json_file(text, path) if path.endswith(".json") else parse_file(text, path)
        except Unreadable as error:
            problem = error.problem
            self.failures[path] = Unread(path, problem.reason, problem.detail, problem.remedy, Location(file=path))
        except SyntaxProblem as problem:
            place = Location(file=path, line=problem.line, column=problem.column)
            remedy = problem.hint or "mend the syntax; `terraform validate` says the same"
            self.failures[path] = Unread(path, GapReason.INVALID, problem.why, remedy, place)
        return None


def is_override(path: str) -> bool:
    """Whether Terraform merges the file over the others: `override.tf`, `*_override.tf` and their JSON forms."""
    stem = path.rpartition("/")[2].removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")
