"""What is judged: files of a folder, since when each is what it is, and the commit that is checked out.

The time of a file is when it was written here: a clone writes all of its files anew. Of one that is as the commit has
it we know more: it was so when the commit was made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

from infraguard.readers.git import Git, GitFailed
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

#: Seconds that git may take.
PATIENCE: Final = 30.0
#: What a run of tools is about, of files that no commit has.
_CODE = pattern(
    r".*\.(?:pyi?|pyx|sql|[cm]?[jt]sx?|go|java|kt|rb|rs|php|cs|c|h|cc|cpp|hpp|lock)\Z"
    r"|(?:.*/)?(?:pyproject\.toml|setup\.cfg|(?:tox|pytest)\.ini|\.coveragerc|Pipfile|requirements[\w.-]*\.txt)\Z"
    r"|(?:.*/)?(?:package(?:-lock)?\.json|go\.(?:mod|sum)|Cargo\.toml|Gemfile|composer\.json)\Z"
)
#: Files of a commit that change nothing of what tools report of it.
_ASIDE = pattern(
    r"(?:.*/)?docs?/|\.github/|\.infraguard/|infraguard\.toml\Z|.*\.(?:md|rst|adoc|png|svg|jpe?g)\Z|(?:.*/)?(?:LICEN[CS]E|CODEOWNERS|\.gitignore)\Z"
)


class Commit(Struct, frozen=True, kw_only=True):
    """The commit that is checked out: its id, its time, and its texts by path.

    `others` are files that it lacks and that git does not ignore. `is_same` tells whether another commit has just the
    same files.
    """

    id: str
    at: float
    texts: dict[str, str]
    others: frozenset[str] = frozenset()
    is_same: Callable[[str], bool] = lambda _: False


class Judged:
    """The files of a tree with their times. `written` gives the time of a path, or None where there is none."""

    def __init__(self, tree: Tree, written: Callable[[str], float | None], commit: Commit | None = None) -> None:
        self._tree = tree
        self._as_committed: dict[str, bool] = {}
        self.written = written
        self.commit = commit

    def counted(self) -> list[str]:
        """The files that a change of which makes an earlier report one of something else."""
        if self.commit is None:
            return [path for path in self._tree.paths if _CODE.match(path)]
        tracked = (path for path in self.commit.texts if not _ASIDE.match(path))
        return [*tracked, *(path for path in self._tree.paths if path in self.commit.others and _CODE.match(path))]

    def is_as_committed(self, path: str) -> bool:
        """Whether the commit has a file just as it is."""
        if path not in self._as_committed:
            named = self.commit.texts.get(path, "") if self.commit else ""
            self._as_committed[path] = bool(named) and self._name_of(path, named) == named
        return self._as_committed[path]

    def _name_of(self, path: str, like: str) -> str:
        """The name that git gives to a file's content, made as that of `like` is."""
        try:
            content = self._tree.read_bytes(path)
        except Unreadable:
            return ""
        digest = hashlib.sha256 if len(like) == hashlib.sha256().digest_size * 2 else hashlib.sha1
        return digest(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def judged_since(moment: str, tree: Tree) -> Judged:
    """What is judged where all of it became what it is at one time, ISO 8601, and nothing tells when reports came."""
    at = dt.datetime.fromisoformat(moment).timestamp()
    return Judged(tree, lambda path: at if _CODE.match(path) else None)


def judged_on_disk(folder: Path, tree: Tree) -> Judged:
    """What is judged in a folder; without its commit where git tells of none."""
    return Judged(tree, lambda path: _written(folder / path), _commit(folder))


def _written(path: Path) -> float | None:
    """When a file was written; of one that is gone, when something in its folder last was."""
    for place in (path, *path.parents):
        with suppress(OSError):
            return place.stat().st_mtime
    return None


def _commit(folder: Path) -> Commit | None:
    try:
        git = Git(folder, seconds=PATIENCE)
        at, _, name = git.line("rev-list", "--max-count=1", "--timestamp", "HEAD").partition(" ")
        texts = {}
        for line in git.lines("ls-tree", "-r", "HEAD"):
            facts, _, path = line.decode("utf-8", "surrogateescape").partition("\t")
            mode, _, text = facts.split(" ")
            if mode.startswith("100"):
                texts[path] = text
        others = git.lines("ls-files", "--cached", "--others", "--exclude-standard")
        named = frozenset(line.decode("utf-8", "surrogateescape") for line in others) - texts.keys()
        return Commit(id=name, at=float(at), texts=texts, others=named, is_same=lambda other: _is_same(git, other))
    except (GitFailed, ValueError):
        return None


def _is_same(git: Git, revision: str) -> bool:
    """Whether a revision has the files that are checked out; one that the clone lacks has not, as far as we know."""
    if not revision.isalnum():
        return False
    try:
        return git.line("rev-parse", "--verify", f"{revision}^{{tree}}") == git.line("rev-parse", "HEAD^{tree}")
    except GitFailed:
        return False
