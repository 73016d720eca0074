"""Which folder of the repository a service of Compose works in, what it starts there, and what its image is made by."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from infraguard.collectors.repository.compose.builds import built_by
from infraguard.collectors.repository.compose.merging import merged_project
from infraguard.collectors.repository.suites.recipes import joined, upwards
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, text_or_empty

#: What a build copies of its context.
_COPIES = pattern(r"(?mi)^[ \t]*(?:COPY|ADD)\s+(?!.*--from)(?:--\S+\s+)*(.+)\s\S+\s*$")
_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")


def home_of_service(tree: Tree, words: Sequence[str], service: str, folder: str) -> str:
    """The folder that is mounted where the service that `docker compose` is asked for works, or copied; else empty.

    What the image holds beside is not looked into: it is those files that a command of make finds there.
    """
    homes = (_home(tree, path, found) for path, found in _services(tree, words, folder, service))
    return next(filter(None, homes), "")


def command_of_service(tree: Tree, words: Sequence[str], service: str, folder: str) -> tuple[str, ...]:
    """What the service that `docker compose` is asked for starts by itself; empty where no file of Compose says it."""
    for _, found in _services(tree, words, folder, service):
        given = found.get("command")
        listed = given if isinstance(given, list) else [given] if given else []
        if listed:
            return tuple(_split(str(listed[0])) if len(listed) == 1 else map(str, listed))
    return ()


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _services(tree: Tree, words: Sequence[str], folder: str, service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The service as each file of Compose that a call names, or takes by itself, has it."""
    named = [words[at + 1] for at, word in enumerate(words[:-1]) if word in ("-f", "--file")]
    around = [folder] if named else upwards(folder)  # without a name, Compose looks in the folders above as well
    paths = [path for each in around for file in named or _DEFAULTS if (path := joined(each, file)) in tree]
    for path in paths if named else paths[:1]:
        try:
            found = merged_project(tree, path)["services"].get(service)
        except (SyntaxProblem, Unreadable):
            continue
        if isinstance(found, dict):
            yield path, found


def _home(tree: Tree, path: str, service: dict[str, Any]) -> str:
    build = service.get("build")
    context = str((build if isinstance(build, dict) else {"context": build}).get("context") or "")
    at = posixpath.dirname(path) or "."
    for source, target in filter(None, map(_mounted, service.get("volumes") or [])):
        place = joined(at, source)
        work = str(service.get("working_dir") or target)
        below = posixpath.relpath(work, target)
        if context and place == joined(at, context) and not below.startswith("..") and _holds_files(tree, place):
            return joined(place, below)
    is_copied = bool(context) and not service.get("working_dir") and _copies(tree, path, service, joined(at, context))
    return joined(at, context) if is_copied else ""


def _copies(tree: Tree, path: str, service: dict[str, Any], folder: str) -> bool:
    """Whether the image that a service builds takes a folder of its context along."""
    texts = [text_or_empty(tree, dockerfile) for dockerfile, _ in built_by(path, service)]
    sources = [source for text in texts for found in _COPIES.finditer(text) for source in found[1].split()]
    return any(source in (".", "./") or _holds_files(tree, joined(folder, source)) for source in sources)


def image_of_service(tree: Tree, words: Sequence[str], service: str, folder: str) -> str:
    """What the image of a service is made by, as a Dockerfile says it; empty where nothing here does."""
    for path, found in _services(tree, words, folder, service):
        made = next((text_or_empty(tree, dockerfile) for dockerfile, _ in built_by(path, found)), "")
        named = found.get("image")
        if made or named:
            return made or f"FROM {named}\n"
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
