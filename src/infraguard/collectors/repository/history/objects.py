"""The objects of a history that may hold what somebody wrote, and the commits that brought them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from infraguard.readers.git import Git

#: A larger text is data, which nobody writes by hand.
MAX_BYTES: Final = 1024 * 1024
_EVERY: Final = ("--all", "HEAD")


class Objects(NamedTuple):
    """Paths of texts by the name of their object, and how many objects the clone lacks."""

    paths: dict[bytes, str]
    missing: int


class Introduced(NamedTuple):
    """The commit that first had an object, and the path that it gave it."""

    commit: str
    path: str


def objects_of(git: Git) -> Objects:
    """Every text that any commit has, once. Raises `GitFailed`."""
    filters = f"--filter=combine:blob:limit={MAX_BYTES}+object:type=blob"
    paths: dict[bytes, str] = {}
    missing = 0
    for line in git.lines("rev-list", "--objects", "--missing=print", filters, *_EVERY):
        name, has_path, path = line.partition(b" ")
        if name.startswith(b"?"):
            missing += 1
        elif has_path:
            paths[name] = path.decode("utf-8", "surrogateescape")
    return Objects(paths, missing)


def objects_now(git: Git) -> frozenset[bytes]:
    """The objects of the commit that is checked out: what files show already."""
    lines = git.lines("ls-tree", "-r", "--full-tree", "HEAD")
    return frozenset(line.split(b"\t")[0].split(b" ")[-1] for line in lines)


def introduced(git: Git, wanted: Collection[bytes]) -> dict[bytes, Introduced]:
    """Which commit first brought each object, parents before children. Raises `GitFailed`."""
    left = set(wanted)
    found: dict[bytes, Introduced] = {}
    if not left:
        return found
    commits = git.lines("rev-list", "--topo-order", "--reverse", *_EVERY)
    commit = ""
    for line in git.lines(
        "diff-tree", "--stdin", "-r", "--root", "-c", "--raw", "--no-abbrev", "--no-renames", given=commits
    ):
        if not line.startswith(b":"):
            commit = line.decode("ascii", "replace").strip()
            continue
        what, _, path = line.partition(b"\t")
        name = what.split(b" ")[-2]
        if name in left:
            left.discard(name)
            found[name] = Introduced(commit, path.decode("utf-8", "surrogateescape"))
            if not left:
                break
    return found
