"""Which file of the repository a path in an image is."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from infraguard.collectors.repository.remembering import once
from infraguard.collectors.repository.suites.recipes import upwards
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

_SHEBANG = pattern(rb"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?(?:ba|da|k|z)?sh\b")
#: No file lies deeper; a word of a command may be anything.
_MAX_PARTS = 64
_WORD = pattern(r"[^\s\"'\[\],]+")


class Copies:
    """What a Dockerfile copies into its image, and the files of the repository that paths there stand for."""

    def __init__(self, tree: Tree, dockerfile: str, stages: Iterable[Any]) -> None:
        self._tree = tree
        self._folders = upwards(posixpath.dirname(dockerfile) or ".")
        self._renamed = dict(_renamed(stages))

    def script(self, path: str) -> str | None:
        """The shell script at a path of the image."""
        found = self.file(path)
        if found is None:
            return None
        try:
            head = self._tree.read_bytes(found)[:80]
        except Unreadable:
            return None
        return found if found.endswith((".sh", ".bash")) or _SHEBANG.match(head) else None

    def file(self, path: str) -> str | None:
        """The file at a path of the image: what is copied there by that name, or lies there under some folder."""
        name = path.rpartition("/")[2]
        for source in (self._renamed.get(path.removeprefix("./")), self._renamed.get(name), path):
            if source and (found := self._below(source)):
                return found
        same = _by_name(self._tree).get(name, ())
        return same[0] if len(same) == 1 else None

    def _below(self, path: str) -> str | None:
        """The file whose path ends as this one does, below the folders around the Dockerfile: the longest end first."""
        parts = [part for part in posixpath.normpath(path).split("/") if part and part != ".."][-_MAX_PARTS:]
        for start in range(len(parts)):
            end = "/".join(parts[start:])
            for folder in self._folders:
                candidate = end if folder == "." else f"{folder}/{end}"
                if candidate in self._tree:
                    return candidate
        return None


def _renamed(stages: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Where single files are copied to, by the path and by the name that they get."""
    for stage in stages:
        for instruction in stage.attributes["instructions"]:
            if instruction["instruction"] not in ("COPY", "ADD"):
                continue
            words: Sequence[str] = _WORD.findall(str(instruction["value"]))
            if len(words) == 2 and not words[1].endswith("/"):
                yield words[1].removeprefix("./"), words[0]
                yield words[1].rpartition("/")[2], words[0]


def _by_name(tree: Tree) -> dict[str, tuple[str, ...]]:
    def made() -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for path in tree.paths:
            name = path.rpartition("/")[2]
            found[name] = (*found.get(name, ()), path)[:2]
        return found

    return once(tree, "paths by name", made)
