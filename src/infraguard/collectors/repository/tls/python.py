"""TLS in Python source: SSL contexts and what is set on them. The source is parsed, never imported."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from infraguard.collectors.repository.python.source import parse_python
from infraguard.collectors.repository.tls.versions import setting, unknown_version, version
from infraguard.model.evidence import Resource
from infraguard.model.values import Default
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

#: What a statement must name to be looked into.
_CONCERNS = pattern(
    rb"\b(?:SSLContext|create_default_context|_create_unverified_context|ssl_version|minimum_version)\b"
)
_TESTS = pattern(r"(?:.*/)?(?:tests?/.*|test_[^/]*|[^/]*_test|conftest)\.py\Z")
#: The `ssl` module's documentation on SSLContext, since 3.10, for the protocols that negotiate a version.
_PYTHON_DEFAULT = Default(1.2, "Python 3.10")
_NEGOTIATED = {"PROTOCOL_TLS_SERVER": "server", "PROTOCOL_TLS_CLIENT": "client", "PROTOCOL_TLS": "unknown"}
_ROLES = {"CLIENT_AUTH": "server", "SERVER_AUTH": "client"}
_CONTEXTS = ("SSLContext", "create_default_context", "_create_unverified_context")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def wants_python(path: str) -> bool:
    """Every Python file but tests, whose servers serve nobody."""
    return path.endswith(".py") and not _TESTS.match(path)


def read_python(tree: Tree, path: str) -> Iterator[Resource]:
    """The settings of a file. Raises `SyntaxProblem` or `Unreadable`."""
    content = tree.read_bytes(path)
    if not _CONCERNS.search(content):
        return
    lines = [number for number, line in enumerate(content.split(b"\n"), 1) if _CONCERNS.search(line)]
    yield from _of_scope(parse_python(content, path), _File(path, tuple(lines)), "module")


class _File(Struct, frozen=True):
    """A file with the lines that speak of TLS, so that nothing else of its tree is walked."""

    path: str
    lines: tuple[int, ...]

    def concerns(self, node: ast.AST) -> bool:
        start, end = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
        if start is None or end is None:
            return True
        index = bisect_left(self.lines, start)
        return index < len(self.lines) and self.lines[index] <= end

    def setting(self, line: int, label: str, role: str, minimum: Any) -> Resource:
        return setting("python", self.path, line, label, {"minimum_version": minimum, "role": role})


def _of_scope(scope: ast.AST, file: _File, name: str) -> Iterator[Resource]:
    """The settings made in a module, class or function, and in those inside it."""
    nodes = list(_inside(scope, file))
    contexts = _contexts(nodes)
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg == "ssl_version":
            yield file.setting(node.value.lineno, f"{name}/ssl_version", "unknown", _protocol(node.value))
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(node, ast.Assign) and isinstance(target, ast.Attribute) and target.attr == "minimum_version":
                role = contexts.pop(ast.unparse(target.value), (0, "unknown", None))[1]
                yield file.setting(node.lineno, f"{name}/minimum_version", role, _named(node.value))
    for line, role, minimum in contexts.values():
        yield file.setting(line, f"{name}/context", role, minimum)
    for node in nodes:
        if isinstance(node, _SCOPES):
            yield from _of_scope(node, file, f"{name}.{getattr(node, 'name', 'lambda')}")


def _inside(scope: ast.AST, file: _File) -> Iterator[ast.AST]:
    """The nodes of a scope that concern TLS, without those of the scopes inside it."""
    waiting = list(ast.iter_child_nodes(scope))[::-1]
    while waiting:
        node = waiting.pop()
        if file.concerns(node):
            yield node
            if not isinstance(node, _SCOPES):
                waiting.extend(list(ast.iter_child_nodes(node))[::-1])


def _contexts(nodes: list[ast.AST]) -> dict[str, tuple[int, str, Any]]:
    """The contexts that are made: line, role and minimum version, by the text of the name that holds each."""
    found: dict[str, tuple[int, str, Any]] = {}
    held: set[int] = set()
    for node in nodes:
        if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.Call)):
            continue
        value = node if isinstance(node, ast.Call) else node.value
        made = _created(value) if isinstance(value, ast.Call) and id(value) not in held else None
        if made:
            held.add(id(value))
            found |= {ast.unparse(target): (node.lineno, *made) for target in _holders(node)}
    return found


def _holders(node: ast.Assign | ast.AnnAssign | ast.Call) -> list[ast.expr]:
    """What a new context is bound to; a call that binds it to nothing stands for itself."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target if isinstance(node, ast.AnnAssign) else node]


def _created(call: ast.Call) -> tuple[str, Any] | None:
    """The role and the minimum version of a context that a call makes; None for any other call."""
    function = ast.unparse(call.func).rpartition(".")[2]
    if function not in _CONTEXTS:
        return None
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in ("protocol", "purpose"))]
    text = ast.unparse(given[0]).rpartition(".")[2] if given else ""
    if function != "SSLContext":
        return _ROLES.get(text, "client" if not text else "unknown"), _PYTHON_DEFAULT
    return _NEGOTIATED.get(text, "unknown"), _protocol(given[0]) if given else _PYTHON_DEFAULT


def _protocol(node: ast.expr) -> Any:
    """`ssl.PROTOCOL_TLSv1_2` means that version; the negotiating protocols mean Python's default."""
    text = ast.unparse(node).rpartition(".")[2]
    return _PYTHON_DEFAULT if text in _NEGOTIATED else _version(text.removeprefix("PROTOCOL_"), text)


def _named(node: ast.expr) -> Any:
    text = ast.unparse(node).rpartition(".")[2]
    return _PYTHON_DEFAULT if text == "MINIMUM_SUPPORTED" else _version(text, text)


def _version(name: str, text: str) -> Any:
    number = version(name)
    return unknown_version(text) if number is None else number
