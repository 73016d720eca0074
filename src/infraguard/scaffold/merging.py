"""A newer template into a project: what was made, what is made now, and what people made of it, file by file."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from msgspec import Struct

from infraguard.model.errors import TemplateError
from infraguard.scaffold.plan import PlannedFile

#: Exit codes of `git merge-file` that count conflicts; more say that it could not merge.
_MOST_CONFLICTS: Final = 127


class Outcome(StrEnum):
    """What happens to one file."""

    ADDED = "added"
    UPDATED = "updated"
    MERGED = "merged"
    CONFLICT = "conflict"
    REMOVED = "removed"
    STAYS_DELETED = "stays deleted"
    KEPT = "kept"


class Change(Struct, frozen=True):
    """One file of an update. `content` is what it becomes; None when it is removed or stays as it is.

    `conflicts` counts the places that a person must settle. For a conflict in what is no text, the newer file is
    written beside, at `beside`.
    """

    path: str
    outcome: Outcome
    content: bytes | None = None
    executable: bool = False
    conflicts: int = 0
    beside: str = ""


Files = Mapping[str, PlannedFile]

#: What git, and we, begin and end a conflict with.
_BEGINS, _ENDS = re.compile(rb"^<{7} ", re.MULTILINE), re.compile(rb"^>{7} ", re.MULTILINE)

#: What the newer of two files that are no text is called, beside the older.
_BESIDE: Final = ".new"


def refuse_conflicts(folder: Path, made: Files, now: Files, theirs: Files) -> None:
    """Raise `TemplateError` where conflicts of an earlier merge are left: nobody could tell them from new ones."""
    _refuse_left_beside(folder, made, now, theirs)
    changed = {path: file for path, file in theirs.items() if path not in made or made[path].content != file.content}
    found = [f"{folder / path}:{line}" for path, file in sorted(changed.items()) for line in _conflicts(file.content)]
    if found:
        raise TemplateError(
            f"{found[0]}: a conflict that nobody has settled" + (f", and {len(found) - 1} more" if found[1:] else ""),
            hint="nothing was changed; settle what is between <<<<<<< and >>>>>>>, and update then",
        )


def _refuse_left_beside(folder: Path, made: Files, now: Files, theirs: Files) -> None:
    """Raise `TemplateError` where a newer file stands beside one that is no text: it would be written over."""
    for path, mine in sorted(theirs.items()):
        beside = folder / f"{path}{_BESIDE}"
        versions = [files[path].content for files in (made, now) if path in files]
        if _is_no_text(mine.content, *versions) and (beside.exists() or beside.is_symlink()):
            raise TemplateError(
                f"{beside}: a conflict that nobody has settled",
                hint=f"nothing was changed; keep one of the two as {Path(path).name} and remove the other, then update",
            )


def _is_no_text(*contents: bytes) -> bool:
    return any(b"\0" in content for content in contents)


def _conflicts(content: bytes) -> list[int]:
    """The lines on which conflicts begin; a marker that nothing ends is a line of text."""
    return [
        content.count(b"\n", 0, begin.start()) + 1
        for begin in _BEGINS.finditer(content)
        if _ENDS.search(content, begin.end())
    ]


def merged(made: Files, now: Files, theirs: Files) -> tuple[Change, ...]:
    """What an update does to each file that it touches, by path. Raises `TemplateError` without git."""
    changes = [_change(path, made.get(path), now.get(path), theirs.get(path)) for path in sorted({*made, *now})]
    return tuple(change for change in changes if change)


def _change(path: str, made: PlannedFile | None, now: PlannedFile | None, theirs: PlannedFile | None) -> Change | None:
    if now is None:
        return _gone(path, made, theirs)
    if theirs is None:
        if made is None:
            return Change(path, Outcome.ADDED, now.content, now.executable)
        return Change(path, Outcome.STAYS_DELETED) if made.content != now.content else None
    if theirs.content == now.content or (made is not None and made.content == now.content):
        return None
    if made is not None and made.content == theirs.content:
        return Change(path, Outcome.UPDATED, now.content, now.executable)
    return _three_ways(path, made.content if made else b"", now, theirs)


def _gone(path: str, made: PlannedFile | None, theirs: PlannedFile | None) -> Change | None:
    """A file that the template has no more."""
    if theirs is None or made is None:
        return None
    return Change(path, Outcome.REMOVED if made.content == theirs.content else Outcome.KEPT)


def _three_ways(path: str, made: bytes, now: PlannedFile, theirs: PlannedFile) -> Change:
    if _is_no_text(made, now.content, theirs.content):
        return Change(path, Outcome.CONFLICT, now.content, now.executable, 1, f"{path}{_BESIDE}")
    content, conflicts = merge_texts(theirs.content, made, now.content)
    outcome = Outcome.CONFLICT if conflicts else Outcome.MERGED
    return Change(path, outcome, content, theirs.executable or now.executable, conflicts)


def merge_texts(theirs: bytes, made: bytes, now: bytes) -> tuple[bytes, int]:
    """The merged text and how many conflicts are marked in it, by git's own merge."""
    git = shutil.which("git")
    if git is None:
        raise TemplateError("git is not installed, and files cannot be merged without it", hint="install git")
    with tempfile.TemporaryDirectory(prefix="infraguard-merge-") as scratch:
        paths = [Path(scratch) / name for name in ("yours", "as-generated", "template")]
        for path, content in zip(paths, (theirs, made, now), strict=True):
            path.write_bytes(content)
        labels = ["-L", "yours", "-L", "as generated", "-L", "newer template"]
        done = subprocess.run(  # noqa: S603 - git, on files of ours
            [git, "merge-file", "--stdout", "--diff3", *labels, *map(str, paths)], capture_output=True, check=False
        )
    if not 0 <= done.returncode <= _MOST_CONFLICTS:
        raise TemplateError(f"git cannot merge: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout, done.returncode
