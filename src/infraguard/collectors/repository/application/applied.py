"""Which web applications a set-up is for: logging that another program sets up is not theirs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec.structs import replace

from infraguard.collectors.repository.application.used import words_of
from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.nature.served import Served, served
from infraguard.collectors.repository.python.modules import Module, holds, module_of, resource
from infraguard.collectors.repository.python.reach import importing
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, text_or_empty

KINDS: Final = ("web_application",)
#: What an application has by what runs with it.
SET_UP: Final = frozenset({"log_setup", "request_id", "log_masking", "tracing_setup", "metric"})
#: What is started by itself, or by Lambda.
_STARTS: Final = pattern(r"__main__|\blambda_handler\b|(?m:^)(?:async )?def \w+\(\s*_?event\b[^)]*,\s*_?context\b")
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def web_applications(tree: Tree) -> Iterator[Resource]:
    """The web applications of the repository."""
    for each in served(tree):
        attributes: dict[str, Any] = {"name": each.path, "framework": each.framework}
        yield resource("web_application", each.path, each.location.line, "", attributes)


def applied(tree: Tree, found: Resource) -> Resource:
    """A set-up, with the names of the applications that it is for."""
    if found.kind not in SET_UP or not served(tree):
        return found
    return replace(found, attributes={**found.attributes, "applications": _applications_of(tree, found)})


def _applications_of(tree: Tree, found: Resource) -> list[str] | Unknown:
    """The applications with which a set-up runs.

    One that nothing imports is loaded by its name, as settings of a server are: it is for the applications of its
    folder, and for all where there are none.
    """
    path, every = found.location.file, served(tree)
    if not path.endswith(".py"):
        return _beside(path, every)
    if mine := _with(tree, found, [each for each in every if path in each.runs]):
        return [each.path for each in mine]
    if any(is_application(each) for each in importing(tree).get(path, ())) or _is_program(tree, path):
        if any(each.is_open for each in every):
            why = f"what runs with {path} is imported by a name that only a run tells"
            return Unknown(why, (path,), remedy="import what sets this up where the application is made")
        return []
    return _beside(path, every)


def _beside(path: str, every: Sequence[Served]) -> list[str]:
    folder = path.rpartition("/")[0]
    below = [each.path for each in every if not folder or each.path.startswith(f"{folder}/")]
    return below or [each.path for each in every]


def _is_program(tree: Tree, path: str) -> bool:
    """Whether a file is what somebody starts, or what Lambda calls."""
    return path.endswith("/__main__.py") or bool(_STARTS.search(text_or_empty(tree, path)))


def _with(tree: Tree, found: Resource, every: Sequence[Served]) -> Sequence[Served]:
    """The applications with which something runs that comes to the function or class in which a set-up stands.

    Of what no module at all names, nothing is told: a framework may call it.
    """
    path = found.location.file
    try:
        module = module_of(tree, path)
    except (SyntaxProblem, Unreadable):
        return every
    names = _leading_to(module, found.location.line) if every else None
    if names is None:
        return every
    others = (other for other in tree.paths if is_application(other) and other != path)
    naming = {other for other in others if not names.isdisjoint(words_of(tree, other))}
    return [
        each
        for each in every
        if not naming.isdisjoint(each.runs)
        or not naming
        or (path == each.path and _in(module, each.location.line) in names)
    ]


def _leading_to(module: Module, line: int) -> frozenset[str] | None:
    """The names of a module by which others come to a line of it; None where it runs when the module is imported.

    A function with a decorator may be called by whoever gave that.
    """
    names: set[str] = set()
    waiting = [node for node in module.tree.body if holds(node, line)]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)) or node.decorator_list:
            return None
        if node.name not in names:
            names.add(node.name)
            waiting.extend(other for other in module.tree.body if other is not node and _mentions(other, node.name))
    return frozenset(names) if names else None


def _in(module: Module, line: int) -> str:
    """The function or class of a module that a line stands in; no name where it stands in none."""
    around = (node for node in module.tree.body if holds(node, line))
    return next((node.name for node in around if isinstance(node, (*_FUNCTIONS, ast.ClassDef))), "")


def _mentions(root: ast.AST, name: str) -> bool:
    """Whether a statement names something, in a text such as `"app.logging.JSONFormatter"` too."""
    for node in ast.walk(root):
        if isinstance(node, ast.Name) and node.id == name:
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.rpartition(".")[2] == name:
            return True
    return False
