"""The web applications of a repository, each with the modules that run with it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from infraguard.collectors.repository.nature.applications import PYTHON_FRAMEWORKS, Application, applications
from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.python.folders import project_folders
from infraguard.collectors.repository.python.reach import (
    Graph,
    import_graph,
    importing,
    imports_at_run_time,
    reached_from,
)
from infraguard.collectors.repository.remembering import once
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: Files that say what is started.
_STARTERS: Final = pattern(
    r"(?i)(?:.*/)?(?:[\w.-]*dockerfile[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml|procfile|makefile|[\w.-]+\.(?:sh|tf|conf|toml|service|"
    r"wsgi|ya?ml))\Z"
)


class Served(Struct, frozen=True):
    """An application that answers requests.

    `runs` are the modules that run with it: those that it comes to by imports, what imports it to start it, and what
    that comes to. `is_open` says that some of them import by names that only a run tells.
    """

    path: str
    framework: str
    location: Location
    runs: frozenset[str]
    is_open: bool


def served(tree: Tree) -> tuple[Served, ...]:
    """Every web application that the Python makes and something serves.

    One that another one imports is a part of that. Of several in one project, those count that a file names which
    starts something: the others may be for a developer, or a leftover.
    """
    return once(tree, "served", lambda: tuple(_served(tree)))


def _served(tree: Tree) -> Iterator[Served]:
    made = [
        each
        for each in applications(tree)
        if each.framework in PYTHON_FRAMEWORKS and each.location.file.endswith(".py")
    ]
    yield from _of_django(tree, [each for each in made if each.framework == "django"])
    others = {each.location.file: each for each in made if each.framework != "django"}
    graph, starting = (import_graph(tree), importing(tree)) if others else ({}, {})
    homes: defaultdict[str, list[Application]] = defaultdict(list)
    for path, each in others.items():
        around = _starting(starting, path) - {path}
        if not any(other in around and path not in _starting(starting, other) for other in others):
            homes[_home(tree, path)].append(each)
    for found in homes.values():
        for each in found if len(found) == 1 else _started(tree, found, starting):
            path = each.location.file
            runs = frozenset(other for start in _starting(starting, path) for other in reached_from(graph, start))
            yield Served(path, each.framework, each.location, runs, imports_at_run_time(tree, runs))


def _of_django(tree: Tree, made: Sequence[Application]) -> Iterator[Served]:
    """One application for each project of Django, which imports its modules by the names in its settings."""
    projects: dict[str, Application] = {}
    for each in made:
        projects.setdefault(_django_project(tree, each.location.file), each)
    for folder, each in projects.items():
        runs = frozenset(path for path in tree.paths if is_application(path) and _is_in(folder, path))
        yield Served(each.location.file, each.framework, each.location, runs, is_open=False)


def _django_project(tree: Tree, path: str) -> str:
    """The folder around a file that holds manage.py; else the one around its package."""
    folders = _around(path)
    beside = (f"{folder}/manage.py" if folder else "manage.py" for folder in folders)
    found = next((folder for folder, manage in zip(folders, beside, strict=True) if manage in tree), None)
    return (folders[1] if len(folders) > 1 else folders[0]) if found is None else found


def _home(tree: Tree, path: str) -> str:
    """The innermost project that a file is in; no name where it is in none."""
    homes = once(tree, "homes", lambda: frozenset("" if each == "." else each for each in project_folders(tree)))
    return next((folder for folder in _around(path) if folder in homes), "")


def _around(path: str) -> list[str]:
    """The folders that a file is in, the innermost first, to the root, which has no name."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]


def _is_in(folder: str, path: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _starting(graph: Graph, path: str) -> frozenset[str]:
    """A module, and the application's modules that import it, also by others."""
    return frozenset(each for each in reached_from(graph, path) if each == path or is_application(each))


def _started(tree: Tree, found: Sequence[Application], starting: Graph) -> Iterator[Application]:
    """The applications that a file names which starts something, by their module or by one that imports it."""
    for each in found:
        names = {
            path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
            for path in _starting(starting, each.location.file)
        }
        named = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names)))})(?:\.py|:\w)")
        if any(named.search(text) for text in _starters(tree)):
            yield each


def _starters(tree: Tree) -> tuple[str, ...]:
    return once(
        tree,
        "starters",
        lambda: tuple(text_or_empty(tree, path) for path in tree.paths if _STARTERS.match(path) and not is_aside(path)),
    )
