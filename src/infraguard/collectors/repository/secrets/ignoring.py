"""What .gitignore keeps out of a repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from msgspec import Struct

from infraguard.collectors.repository.remembering import once
from infraguard.readers.tree import Tree, Unreadable

_NAME = ".gitignore"


class _Pattern(Struct, frozen=True):
    matches: re.Pattern[str]
    keeps_in: bool


def ignoring(tree: Tree) -> Callable[[str], bool]:
    """Whether git ignores a path, by every .gitignore of the tree: the last pattern that it matches decides."""
    patterns = once(tree, _NAME, lambda: _patterns(tree))

    def is_ignored(path: str) -> bool:
        ignored = False
        for pattern in patterns:
            if ignored is pattern.keeps_in and pattern.matches.match(path):
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
        folder = posixpath.dirname(path)
        found.extend(_pattern(folder, line.rstrip()) for line in lines if line.strip() and not line.startswith("#"))
    return found


def _pattern(folder: str, line: str) -> _Pattern:
    """A line as git reads it: a slash within it ties it to its folder, and a folder takes all below it along."""
    keeps_in = line.startswith("!")
    glob = line.removeprefix("!").rstrip("/")
    anchored = "/" in glob
    start = re.escape(f"{folder}/") if folder else ""
    below = "" if anchored else "(?:.*/)?"
    return _Pattern(re.compile(f"{start}{below}{_regexp(glob.lstrip('/'))}(?:/.*)?\\Z", re.DOTALL), keeps_in)


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
