"""The parts of a repository that hold several Python projects, and which of them a command is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.python.folders import project_folders
from infraguard.collectors.repository.python.left_out import LeftOut, left_out
from infraguard.collectors.repository.remembering import once
from infraguard.collectors.repository.suites.recipes import joined
from infraguard.model.values import Unknown
from infraguard.readers.tree import Tree

#: Files that a command is given to look at; others are its settings.
_LOOKED_AT: Final = (".py", ".txt", ".lock", ".in")
#: Options behind which stands what a command does not look at.
_LEAVING: Final = frozenset(
    {
        "-x",
        "--exclude",
        "--extend-exclude",
        "--skip",
        "--extend-skip",
        "--skip-glob",
        "--ignore",
        "--ignore-paths",
        "--omit",
    }
)


def parts(tree: Tree) -> tuple[str, ...]:
    """The folders of projects with application code of their own; none where there are not several of them.

    Code in a folder of Terraform is a resource's, such as a Lambda's, and no project that somebody runs a pipeline for.
    """
    return once(tree, "parts", lambda: _parts(tree))


def _parts(tree: Tree) -> tuple[str, ...]:
    shipped = {path.rpartition("/")[0] for path in tree.paths if path.endswith(".tf")} - {""}
    folders = [
        folder
        for folder in project_folders(tree)
        if not (is_aside(f"{folder}/x.py") or any(f"{folder}/".startswith(f"{around}/") for around in shipped))
    ]
    owners = {_around(path, folders) for path in tree.paths if is_application(path)}
    found = tuple(folder for folder in folders if folder in owners)
    return found if len(found) > 1 else ()


def part_around(tree: Tree, path: str) -> list[str]:
    """The part that a file is in, the innermost of them: one or none."""
    found = [part for part in parts(tree) if part == "." or path.startswith(f"{part}/")]
    return [max(found, key=len)] if found else []


def parts_of(
    tree: Tree, folder: str, words: Sequence[str], *, chosen: Sequence[str] = ()
) -> list[str] | Unknown | None:
    """The parts that a command in a folder is for: those of the paths that it is given, or of the folder.

    `chosen` are the paths that its settings choose where it is given none. Nothing where the repository has no several
    parts. Unknown where only a run can tell.
    """
    every = parts(tree)
    if not every:
        return None
    given, doubtful = _paths(tree, folder, words), next((word for word in words[1:] if word.startswith("$")), "")
    if not given and doubtful:
        reason = f"which part {' '.join(words[:2])} is for depends on {doubtful}"
        return Unknown(reason, (doubtful,), remedy="name the folder in the workflow itself")
    return [part for part in every if any(_meet(path, part, every) for path in given or chosen or [folder])]


def without_left_out(tree: Tree, tool: str, folder: str, words: Sequence[str], seen: list[str]) -> list[str] | Unknown:
    """The parts without those of which the settings of a tool leave all application code out.

    Ruff looks at what it is given by name, whatever its settings say.
    """
    kept: list[str] = []
    named = _paths(tree, folder, words) if tool.startswith("ruff") and "--force-exclude" not in words else []
    for part in seen:
        is_named = any(path == part or path.startswith(f"{part}/") for path in named)
        sayings = [] if is_named else left_out(tree, tool, folder, words, part)
        every = _files(tree)[part] if sayings else ()
        hidden = [_is_hidden(path, sayings) for path in every]
        if None in hidden and False not in hidden:
            said = sayings[0].said_by
            reason = f"what of {part} {said} keeps {tool} from looking at is an expression that is not worked out"
            return Unknown(reason, (said,), remedy="name the folders that are left out")
        if not hidden or False in hidden:
            kept.append(part)
    return kept


def _is_hidden(path: str, sayings: Sequence[LeftOut]) -> bool | None:
    answers = [saying.holds(path) for saying in sayings]
    return True if True in answers else None if None in answers else False


def _files(tree: Tree) -> dict[str, list[str]]:
    """The application code of each part."""

    def made() -> dict[str, list[str]]:
        every = parts(tree)
        found: dict[str, list[str]] = {part: [] for part in every}
        for path in tree.paths:
            if is_application(path) and (part := _around(path, every)):
                found[part].append(path)
        return found

    return once(tree, "files of parts", made)


def _paths(tree: Tree, folder: str, words: Sequence[str]) -> list[str]:
    """The folders, and the files to look at, among the words of a command."""
    folders = once(tree, "folders", lambda: frozenset(_folders(tree)))
    given = [word for before, word in pairwise(("", *words)) if before not in _LEAVING]
    places = (joined(folder, word.rstrip("*/") or ".") for word in given if not word.startswith(("-", "$", "/")))
    return [place for place in places if place in folders or (place in tree and place.endswith(_LOOKED_AT))]


def _folders(tree: Tree) -> Iterator[str]:
    yield "."
    for path in tree.paths:
        place = path.rpartition("/")[0]
        while place:
            yield place
            place = place.rpartition("/")[0]


def _meet(path: str, part: str, every: Sequence[str]) -> bool:
    """Whether a path is around a part, or in it and in no part that is further inside."""
    return path == "." or f"{part}/".startswith(f"{path}/") or _around(path, every) == part


def _around(path: str, folders: Sequence[str]) -> str:
    """The innermost of the folders that a path is in; no name where it is in none."""
    around = (folder for folder in folders if folder == "." or f"{path}/".startswith(f"{folder}/"))
    return max(around, key=lambda folder: 0 if folder == "." else len(folder), default="")
