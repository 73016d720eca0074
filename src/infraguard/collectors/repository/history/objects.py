"""The objects of a history that may hold what somebody wrote, and the commits that brought them."""

from __future__ import annotations

from typing import Final, NamedTuple

from infraguard.readers.git import Git

#: A larger text is data, which nobody writes by hand.
MAX_BYTES: Final = 1024 * 1024
_EVERY: Final = ("--all", "HEAD")


class Introduced(NamedTuple):
    """A commit that first gave an object a path; `order` counts commits, parents before children."""

    commit: str
    path: str
    order: int


class Objects(NamedTuple):
    """By the name of each text, oldest first: the paths that it ever had. `missing` objects are not in the clone."""

    texts: dict[bytes, list[Introduced]]
    missing: int


def objects_of(git: Git) -> Objects:
    """Every text that any commit has, once. Raises `GitFailed`."""
    filters = f"--filter=combine:blob:limit={MAX_BYTES}+object:type=blob"
    named: dict[bytes, str] = {}
    missing = 0
    for line in git.lines("rev-list", "--objects", "--missing=print", filters, *_EVERY):
        name, has_path, path = line.partition(b" ")
        if name.startswith(b"?"):
            missing += 1
        elif has_path:
            named[name] = _text(path)
    # git names the newest objects first; the oldest is where a secret first stood.
    texts: dict[bytes, list[Introduced]] = {name: [] for name in reversed(named)}
    order = _introduce(git, texts)
    for name, places in texts.items():
        if not places:  # a tag may name a tree or a text that no commit has
            places.append(Introduced("", named[name], order))
    return Objects(texts, missing)


def _introduce(git: Git, texts: dict[bytes, list[Introduced]]) -> int:
    """Adds to each text the paths that commits gave it, and gives the number of commits. Raises `GitFailed`."""
    commits = git.lines("rev-list", "--topo-order", "--reverse", *_EVERY)
    differences = ("diff-tree", "--stdin", "-r", "--root", "-c", "--raw", "--no-abbrev", "--no-renames")
    commit, order = "", 0
    for line in git.lines(*differences, given=commits):
        if not line.startswith(b":"):
            commit, order = line.decode("ascii", "replace").strip(), order + 1
            continue
        what, _, path = line.partition(b"\t")
        places = texts.get(what.split(b" ")[-2])
        if places is not None and all(place.path != _text(path) for place in places):
            places.append(Introduced(commit, _text(path), order))
    return order


def objects_now(git: Git) -> dict[bytes, list[str]]:
    """The objects of the commit that is checked out, with their paths: what files show already."""
    found: dict[bytes, list[str]] = {}
    for line in git.lines("ls-tree", "-r", "--full-tree", "HEAD"):
        facts, _, path = line.partition(b"\t")
        found.setdefault(facts.split(b" ")[-1], []).append(_text(path))
    return found


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
