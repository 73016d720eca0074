"""Which modules run with a program: what it comes to by its imports, over all packages that the repository holds."""

from __future__ import annotations

import posixpath
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from infraguard.collectors.repository.python.imports import imports_in
from infraguard.collectors.repository.remembering import once
from infraguard.collectors.repository.suites.recipes import joined
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: Texts that name a module which is then loaded: `uvicorn.run("app.main:app")`, `target="src/chat.py"`.
_LOADED: Final = pattern(
    r"[\"'](?P<name>[A-Za-z_][\w.]{0,200}):[A-Za-z_]\w*(?:\(\))?[\"']|[\"'](?P<path>\w[\w./-]{0,200})\.py[\"']"
)
#: Calls that import what is named when it runs.
_AT_RUN_TIME: Final = pattern(
    r"\b(?:import_module|__import__|walk_packages|iter_modules|import_string|autodiscover\w*|find_modules)\("
)

Graph = Mapping[str, frozenset[str]]


def reached_from(graph: Graph, path: str) -> frozenset[str]:
    """A module and all that it comes to."""
    seen, waiting = {path}, [path]
    while waiting:
        found = graph.get(waiting.pop(), frozenset()) - seen
        seen |= found
        waiting.extend(found)
    return frozenset(seen)


def imports_at_run_time(tree: Tree, paths: Iterable[str]) -> bool:
    """Whether one of the modules imports by names that only a run tells."""
    return any(_AT_RUN_TIME.search(text_or_empty(tree, path)) for path in paths)


def import_graph(tree: Tree) -> Graph:
    """Every module of Python, and the modules of the repository that it imports, with the packages around these.

    A package may be installed from any folder: what an absolute import names is looked for everywhere.
    """
    return once(tree, "import graph", lambda: _graph(tree))


def importing(tree: Tree) -> Graph:
    """Which modules import a module."""
    return once(tree, "importing", lambda: _turned(import_graph(tree)))


def _turned(graph: Graph) -> Graph:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path, imported in graph.items():
        for each in imported:
            found[each].add(path)
    return {path: frozenset(others) for path, others in found.items()}


def _graph(tree: Tree) -> Graph:
    modules = frozenset(path for path in tree.paths if path.endswith(".py"))
    places = _Places(modules)
    return {
        path: frozenset(
            each for name, level in _named(text_or_empty(tree, path)) for each in places.of(path, name, level)
        )
        - {path}
        for path in modules
    }


class _Places:
    """The files that dotted names may stand for."""

    def __init__(self, modules: frozenset[str]) -> None:
        self._modules = modules
        self._ends: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for path in modules:
            parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
            for start in range(len(parts)):
                around = "/".join(parts[:start])
                if joined(around or ".", "__init__.py") not in modules:
                    self._ends["/".join(parts[start:])].append((around, path))

    def of(self, path: str, name: str, level: int) -> Iterator[str]:
        """The modules that a name and those around it may stand for, in a file at `path`."""
        folder = posixpath.dirname(path) or "."
        parts = name.split(".") if name else []
        if level:
            around = joined(folder, "../" * (level - 1) or ".")
            for length in range(len(parts) + 1):
                base = joined(around, "/".join(parts[:length]) or ".")
                yield from (each for each in (f"{base}.py", joined(base, "__init__.py")) if each in self._modules)
        elif parts and parts[0] not in sys.stdlib_module_names:
            for length in range(1, len(parts) + 1):
                yield from _nearest(path, self._ends.get("/".join(parts[:length]), ()))


def _nearest(path: str, found: Sequence[tuple[str, str]]) -> list[str]:
    """Of the files that a name may stand for, that around `path`, or all; each with the folder it is imported from."""
    around = [folder for folder, _ in found if not folder or path.startswith(f"{folder}/")]
    nearest = max(around, key=len, default=None)
    return [each for folder, each in found if nearest in (None, folder)]


def _named(text: str) -> Iterator[tuple[str, int]]:
    """The dotted names that a module imports, each with the dots before it."""
    for module, dots, names in imports_in(text):
        for name in names or ("",):
            yield ".".join(filter(None, (module, name))), dots
    for found in _LOADED.finditer(text):
        yield found["name"] or found["path"].replace("/", "."), 0
