"""Whether what a module makes is used: a middleware that nothing adds and a metric that nothing measures are none."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from infraguard.collectors.repository.application.logged.context_variables import is_set, reads_unset
from infraguard.collectors.repository.application.logged.request_ids import ID
from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.python.modules import Module, holds, module_of
from infraguard.collectors.repository.remembering import once
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, text_or_empty

_WORD: Final = pattern(r"[A-Za-z_]\w*")
#: What takes the metrics of OpenTelemetry somewhere.
_METERED: Final = frozenset(
    {
        *("MeterProvider", "set_meter_provider", "PrometheusMetricReader", "PeriodicExportingMetricReader"),
        *("configure_azure_monitor", "logfire", "OTEL_METRICS_EXPORTER", "start_http_server"),
    }
)
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_used(tree: Tree, found: Resource) -> bool:
    """Whether something of the application comes to what was found; where names alone do not tell, it does."""
    place = found.location
    if found.kind not in ("hsts_setting", "metric", "request_id") or not place.file.endswith(".py"):
        return True
    if found.kind == "metric" and found.attributes["library"] == "opentelemetry" and _only_traces(tree):
        return False
    try:
        module = module_of(tree, place.file)
    except (SyntaxProblem, Unreadable):
        return True
    if found.kind == "metric":
        names = _bound_at(module, place.line) if found.attributes["library"] == "prometheus" else []
        return all(_is_reached(tree, module, name) for name in names)
    if found.kind == "request_id":
        if not is_set(tree, module, place.line) or reads_unset(tree, module, place.line):
            return False
        given = (each for each in module.tree.body if isinstance(each, _FUNCTIONS) and holds(each, place.line))
        given = (each for each in given if any(ID.fullmatch(argument.arg) for argument in each.args.args))
        return all(_elsewhere(tree, module, each.name) or _named(module.tree, each.name) for each in given)
    around = [each for each in module.tree.body if isinstance(each, ast.ClassDef) and holds(each, place.line)]
    return all(_elsewhere(tree, module, each.name) or _named(module.tree, each.name) for each in around)


def _only_traces(tree: Tree) -> bool:
    """Whether the application hands on the traces of OpenTelemetry, and its metrics to nobody."""
    words = _words(tree).values()
    return any("TracerProvider" in each for each in words) and all(_METERED.isdisjoint(each) for each in words)


def _bound_at(module: Module, line: int) -> list[str]:
    """The names of the module that what is made on a line is bound to."""
    made = (each for each in module.tree.body if isinstance(each, ast.Assign) and holds(each, line))
    calls = (each for each in made if isinstance(each.value, ast.Call))
    return [target.id for each in calls for target in each.targets if isinstance(target, ast.Name)]


def _elsewhere(tree: Tree, module: Module, name: str) -> bool:
    """Whether another module of the application has the word."""
    return any(name in words for path, words in _words(tree).items() if path != module.path)


def _words(tree: Tree) -> Mapping[str, frozenset[str]]:
    return once(tree, "words", lambda: {path: words_of(tree, path) for path in tree.paths if is_application(path)})


def words_of(tree: Tree, path: str) -> frozenset[str]:
    """The words of a file of Python."""
    return once(tree, ("words", path), lambda: frozenset(_WORD.findall(text_or_empty(tree, path))))


def _named(root: ast.AST, name: str) -> bool:
    return any(_is_name(node, name) for node in ast.walk(root))


def _is_name(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Store)
    return isinstance(node, ast.Attribute) and node.attr == name


def _is_reached(tree: Tree, module: Module, name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a name of the module is in another one, in what runs when it is read, or in a function that is reached.

    Of what no line of the module names at all, nothing is told: whoever made it may hand it on.
    """
    around = list(_around(module.tree, name))
    if _elsewhere(tree, module, name) or (not seen and not around):
        return True
    for function, is_free in around:
        if function is None or is_free or function.name.startswith("__"):
            return True
        if function.name not in seen and _is_reached(tree, module, function.name, seen | {name, function.name}):
            return True
    return False


def _around(root: ast.Module, name: str) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef | None, bool]]:
    """Where the name stands: the outermost function, if any, and whether a framework may call that by itself."""
    for statement in root.body:
        is_class = isinstance(statement, ast.ClassDef)
        for node in statement.body if isinstance(statement, ast.ClassDef) else (statement,):
            if not _named(node, name):
                continue
            if isinstance(node, _FUNCTIONS):
                has_bases = is_class and bool(getattr(statement, "bases", ()))
                yield node, bool(node.decorator_list) or has_bases
            else:
                yield None, False
