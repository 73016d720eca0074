"""Which folder of the repository a service of Compose works in."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any

from infraguard.collectors.repository.compose.merging import merged_project
from infraguard.collectors.repository.suites.recipes import joined
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.tree import Tree, Unreadable

_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")


def home_of_service(tree: Tree, words: Sequence[str], service: str, folder: str) -> str:
    """The folder that is mounted where the service that `docker compose` is asked for works; empty when none is.

    What the image holds beside is not looked into: it is the mounted files that a command of make finds there.
    """
    named = [words[at + 1] for at, word in enumerate(words[:-1]) if word in ("-f", "--file")]
    paths = [path for file in named or _DEFAULTS if (path := joined(folder, file)) in tree]
    for path in paths if named else paths[:1]:
        try:
            found = merged_project(tree, path)["services"].get(service)
        except (SyntaxProblem, Unreadable):
            continue
        if isinstance(found, dict) and (home := _home(tree, path, found)):
            return home
    return ""


def _home(tree: Tree, path: str, service: Mapping[str, Any]) -> str:
    build = service.get("build")
    context = str((build if isinstance(build, dict) else {"context": build}).get("context") or "")
    at = posixpath.dirname(path) or "."
    for source, target in filter(None, map(_mounted, service.get("volumes") or [])):
        place = joined(at, source)
        work = str(service.get("working_dir") or target)
        below = posixpath.relpath(work, target)
        if context and place == joined(at, context) and not below.startswith("..") and _holds_files(tree, place):
            return joined(place, below)
    return ""


def _mounted(entry: Any) -> tuple[str, str] | None:
    """The folder beside the file that a volume mounts, and where; None for any other volume."""
    if isinstance(entry, dict):
        source, target = str(entry.get("source") or ""), str(entry.get("target") or "")
    else:
        source, _, rest = str(entry).partition(":")
        target = rest.partition(":")[0]
    return (source, target) if source.startswith(".") and target.startswith("/") else None


def _holds_files(tree: Tree, folder: str) -> bool:
    return folder == "." or any(path.startswith(f"{folder}/") for path in tree.paths)
