"""Which services of Compose run an image that the repository builds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.compose.merging import is_called_compose, merged_project
from infraguard.collectors.repository.remembering import once
from infraguard.collectors.repository.suites.recipes import joined
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

#: A call of Compose that starts services, the files that it names, and those that it takes by itself.
_UP: Final = pattern(r"\bdocker[ \t-]compose\b[^\n;&|]*?\bup\b")
_FILE: Final = pattern(r"(?:-f|--file)[ \t=]+[\"']?(?:\./)?([^\s\"']+)")
_DEFAULTS: Final = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")


def services_built_from(tree: Tree, dockerfile: str) -> tuple[dict[str, Any], ...]:
    """The services whose image is built from a Dockerfile, as they stand in the files of Compose."""
    every = once(tree, "services by Dockerfile", lambda: tuple(_every(tree)))
    return tuple(service for path, service in every if path == dockerfile)


def commands_brought_up(tree: Tree, script: str) -> tuple[tuple[str, Any], ...]:
    """The commands and entrypoints of the services that `docker compose up` in a script starts, with their files."""
    found: list[tuple[str, Any]] = []
    for match in _UP.finditer(script.replace("\\\n", " ")):
        named = [file for file in _FILE.findall(match[0]) if file in tree]
        for path in named or [path for path in _DEFAULTS if path in tree][:1]:
            for service in _services(tree, path):
                found += [(path, service[key]) for key in ("entrypoint", "command") if service.get(key)]
    return tuple(found)


def _services(tree: Tree, path: str) -> tuple[dict[str, Any], ...]:
    """The services of a file; none of one that cannot be read, whose gap is told elsewhere."""
    try:
        return tuple(merged_project(tree, path)["services"].values())
    except (SyntaxProblem, Unreadable):
        return ()


def built(tree: Tree, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The Dockerfile and the service for each that a file of Compose builds."""
    for service in _services(tree, path):
        yield from built_by(path, service)


def built_by(path: str, service: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The Dockerfile that a service of a file builds, with the service; nothing where it builds none."""
    build = service.get("build")
    given = {"context": build} if isinstance(build, str) else build
    if isinstance(given, dict):
        folder = joined(posixpath.dirname(path) or ".", str(given.get("context") or "."))
        yield joined(folder, str(given.get("dockerfile") or "Dockerfile")), service


def _every(tree: Tree) -> Iterator[tuple[str, dict[str, Any]]]:
    return (found for path in tree.paths if is_called_compose(path) for found in built(tree, path))
