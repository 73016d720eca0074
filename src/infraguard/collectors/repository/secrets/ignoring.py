"""What .gitignore keeps out of a repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from infraguard.collectors.repository.remembering import once
from infraguard.readers.tree import Tree, Unreadable

_NAME = ".gitignore"


class _Pattern(Struct, frozen=True):
    """A line of a .gitignore: the folder that it speaks of, the paths below that, and whether it keeps them in."""

    folder: str
    paths: re.Pattern[str]
    keeps_in: bool

    def matches(self, path: str) -> bool:
        return path.startswith(self.folder) and self.paths.match(path, len(self.folder)) is not None


def ignoring(tree: Tree) -> Callable[[str], bool]:
    """Whether git ignores a path, by every .gitignore of the tree: the last pattern that it matches decides."""
    patterns = once(tree, _NAME, lambda: _patterns(tree))

    def is_ignored(path: str) -> bool:
        ignored = False
        for pattern in patterns:
            if ignored is pattern.keeps_in and pattern.matches(path):
                ignored = not pattern.keeps_in
        return ignored

    return is_ignored


def _patterns(tree: Tree) -> list[_Pattern]:
    """Those of the outer folders first, so that inner ones have the last word."""
    files = [path for path in tree.paths if posixpath.basename(path) == _NAME]
    found: list[_Pattern] = []
    for path in sorted(files, key=lambda name: name.count("/")):
        try:
            lines = tree.read_bytes(path).decode("utf-8", "replace").splitlines()
        except Unreadable:
            continue
        folder = path.removesuffix(_NAME)
        found.extend(_pattern(folder, line.rstrip()) for line in lines if line.strip() and not line.startswith("#"))
    return found


def _pattern(folder: str, line: str) -> _Pattern:
    return _Pattern(folder, _paths(line.removeprefix("!").rstrip("/")), keeps_in=line.startswith("!"))


@lru_cache(maxsize=10_000)
def _paths(glob: str) -> re.Pattern[str]:
    """A glob as git reads it: a slash within it ties it to its folder, and a folder takes all below it along.

    Many folders of a repository have the same lines.
    """
    below = "" if "/" in glob else "(?:.*/)?"
    return re.compile(f"{below}{_regexp(glob.lstrip('/'))}(?:/.*)?\\Z", re.DOTALL)


def _regexp(glob: str) -> str:
    parts = re.split(r"(\*\*/|/\*\*|\*+|\?|\[[^\]/]+\])", glob)
    return "".join(_part(part) for part in parts)


def _part(part: str) -> str:
    if part == "**/":
        return "(?:.*/)?"
    if part == "/**":
        return "/.*"
    if part == "?":
        return "[^/]"
    if part and not part.strip("*"):
        return "[^/]*"
    if part.startswith("[") and part.endswith("]"):
        return _set(part[1:-1])
    return re.escape(part)


def _set(letters: str) -> str:
    """A set of letters; only a sign at its beginning turns it round, and only a stroke makes a range."""
    inside = letters[1:] if letters[0] in "!^" and len(letters) > 1 else letters
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside)
    return f"[^{escaped}]" if inside is not letters else f"[{escaped}]"
