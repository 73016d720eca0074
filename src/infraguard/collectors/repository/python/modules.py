"""A Python file as readers of applications see it: its calls and classes, with names as its imports spell them out."""

from __future__ import annotations

import ast
import re
from collections import ChainMap
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

from infraguard.collectors.repository.found import UNIT, at
from infraguard.collectors.repository.python.source import parse_python
from infraguard.collectors.repository.remembering import once
from infraguard.model.evidence import Resource, Source
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree


class Call(NamedTuple):
    """A call, the full name of what is called, and the functions and classes that it stands in."""

    name: str
    node: ast.Call
    scope: str

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]

    def argument(self, name: str, position: int = -1) -> ast.expr | None:
        """The argument of that name, or at that position."""
        for keyword in self.node.keywords:
            if keyword.arg == name:
                return keyword.value
        plain = self.node.args
        return plain[position] if 0 <= position < len(plain) else None


#: Classes of settings for a machine of a developer, or for tests.
_FOR_DEVELOPERS: Final = pattern(r"(?i)(?:dev|local|test|ci(?![a-z]))")


def _assigned(body: Iterable[ast.stmt]) -> dict[str, ast.expr]:
    """What statements give names to, by the name."""
    found: dict[str, ast.expr] = {}
    for statement in body:
        if isinstance(statement, ast.Assign):
            found |= {each.id: statement.value for each in statement.targets if isinstance(each, ast.Name)}
        elif isinstance(statement, ast.AnnAssign) and statement.value and isinstance(statement.target, ast.Name):
            found[statement.target.id] = statement.value
    return found


class Module:
    """The syntax of one file, walked once."""

    def __init__(self, path: str, tree: ast.Module, source: str) -> None:
        self.path = path
        self.tree = tree
        self.source = source
        self.imports: dict[str, str] = {}
        self.calls: list[Call] = []
        self.classes: list[ast.ClassDef] = []
        self.functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self.names: dict[str, ast.expr] = {}
        found: list[tuple[ast.Call, str]] = []
        self._walk(tree, "", found)
        self.calls = [Call(self.name_of(node.func), node, scope) for node, scope in found]
        self.names = {**self._names_of_settings(), **_assigned(tree.body)}

    def _names_of_settings(self) -> dict[str, ast.expr]:
        """What classes of settings set, as django-configurations has them: the last that is not for developers."""
        every: dict[str, dict[str, ast.expr]] = {}
        for each in (node for node in self.tree.body if isinstance(node, ast.ClassDef)):
            bases = [self.name_of(base) for base in each.bases]
            if any(base.startswith("configurations.") or base in every for base in bases):
                inherited = (every[base] for base in bases if base in every)
                every[each.name] = dict(ChainMap(_assigned(each.body), *inherited))
        meant = [names for name, names in every.items() if not _FOR_DEVELOPERS.match(name)] or list(every.values())
        return meant[-1] if meant else {}

    @cached_property
    def lines(self) -> list[str]:
        """Its lines as `ast` counts them: a form feed ends none."""
        return re.split(r"\r\n|\r|\n", self.source)

    def _walk(self, root: ast.AST, scope: str, calls: list[tuple[ast.Call, str]]) -> None:
        waiting: list[tuple[ast.AST, str]] = [(root, scope)]
        while waiting:
            node, within = waiting.pop()
            inside = within
            if isinstance(node, ast.Call):
                calls.append((node, within))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.append(node)
                inside = f"{within}.{node.name}" if within else node.name
            elif isinstance(node, ast.ClassDef):
                self.classes.append(node)
                inside = f"{within}.{node.name}" if within else node.name
            elif isinstance(node, ast.Import):
                self.imports |= {alias.asname or alias.name.partition(".")[0]: _bound(alias) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                self.imports |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
            waiting.extend((child, inside) for child in reversed(_children(node)))

    def name_of(self, node: ast.AST) -> str:
        """The dotted name of an expression, its first part as it was imported; nothing where it has none."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            parts.append(self.imports.get(node.id, node.id))
        elif isinstance(node, ast.Call):
            parts.append(f"{self.name_of(node.func)}()")
        return ".".join(reversed(parts))

    def text(self, node: ast.AST | None, depth: int = 0) -> str | None:
        """The text that an expression certainly gives, with `{}` for parts that are worked out; None for no text."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.JoinedStr):
            return "".join(self._part(part, depth) for part in node.values)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            left = self.text(node.left, depth)
            right = "" if isinstance(node.op, ast.Mod) else self.text(node.right, depth)
            return None if left is None else left + (right or "")
        if isinstance(node, ast.Name) and node.id in self.names and depth < 5:
            return self.text(self.names[node.id], depth + 1)
        if isinstance(node, ast.Call) and node.args and self.name_of(node.func).rpartition(".")[2] in _WRAPPERS:
            return self.text(node.args[0], depth)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_METHODS:
            return self.text(node.func.value, depth)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and depth < 5:
            return self.text(self.returned(node.func.id), depth + 1)
        return None

    def _part(self, part: ast.expr, depth: int) -> str:
        """A part of a formatted text: as it stands, what a name of the module gives, or `{}`."""
        node = part.value if isinstance(part, ast.FormattedValue) else part
        number = self.number(node)
        text = self.text(node, depth) if number is None else str(number)
        return "{}" if text is None else text

    def number(self, node: ast.expr | None, depth: int = 0) -> int | None:
        """The whole number that an expression certainly gives: `60 * 60 * 24`, or a name of the module for one."""
        if isinstance(node, ast.Constant):
            return node.value if type(node.value) is int else None
        if isinstance(node, ast.Name) and depth < 5:
            return self.number(self.names.get(node.id), depth + 1)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and depth < 9:
            left, right = self.number(node.left, depth + 1), self.number(node.right, depth + 1)
            return None if left is None or right is None else left * right
        return None

    def returned(self, name: str) -> ast.expr | None:
        """What a function of this module returns, where it returns at one place only."""
        made = [function for function in self.functions if function.name == name]
        returned = [node.value for function in made[:1] for node in ast.walk(function) if isinstance(node, ast.Return)]
        return returned[0] if len(made) == len(returned) == 1 else None


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below one, in order, without those in which nothing is called or defined."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST) and type(each) not in _LEAVES]
        elif isinstance(value, ast.AST) and type(value) not in _LEAVES:
            found.append(value)
    return found


_LEAVES: Final = frozenset({ast.Name, ast.Constant, ast.Load, ast.Store, ast.Del, ast.Pass})

#: Calls whose result is the text that they are given, for what is read from it.
_WRAPPERS = frozenset({"text", "dedent", "DDL", "cleandoc", "SQL"})
_TEXT_METHODS = frozenset({"format", "strip", "lower", "upper", "execution_options"})


def _bound(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.partition(".")[0]


def module_of(tree: Tree, path: str) -> Module:
    """The module at a path, parsed once. Raises `SyntaxProblem` or `Unreadable`."""
    return once(tree, ("module", path), lambda: _module(tree, path))


def _module(tree: Tree, path: str) -> Module:
    content = tree.read_bytes(path)
    return Module(path, parse_python(content, path), content.decode("utf-8", "replace"))


def holds(node: ast.stmt, line: int) -> bool:
    """Whether a line is one of a statement."""
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def literal(node: ast.AST | None) -> Any:
    """The plain value of a literal; None for anything else."""
    if node is None:
        return None
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def resource(kind: str, path: str, line: int, label: str, attributes: dict[str, Any], end_line: int = 0) -> Resource:
    """A resource of a place in a Python file; `label` tells it from others of the file without naming its line."""
    return Resource(
        kind=kind,
        id=f"{path}#{label}" if label else path,
        source=Source.REPO,
        unit=UNIT,
        attributes={key: value for key, value in attributes.items() if value is not None},
        location=at(path, line, end_line),
    )


def told_apart(resources: Iterator[Resource]) -> Iterator[Resource]:
    """Resources of one file, each with an id of its own."""
    from msgspec.structs import replace

    used: dict[str, int] = {}
    for each in resources:
        used[each.id] = used.get(each.id, 0) + 1
        yield each if used[each.id] == 1 else replace(each, id=f"{each.id} ({used[each.id]})")
