"""TLS in Python source: SSL contexts and what is set on them. The source is parsed, never imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from infraguard.collectors.repository.python_source import parse_python
from infraguard.collectors.repository.tls_versions import setting, unknown_version, version
from infraguard.model.evidence import Resource
from infraguard.model.values import Default
from infraguard.readers.tree import Tree

_CONCERNS = re.compile(rb"\bssl\b|\bssl_version\b|\bminimum_version\b|PROTOCOL_TLS|TLSVersion")
#: The `ssl` module's documentation on SSLContext, since 3.10, for the protocols that negotiate a version.
_PYTHON_DEFAULT = Default(1.2, "Python 3.10")
_NEGOTIATED = {"PROTOCOL_TLS_SERVER": "server", "PROTOCOL_TLS_CLIENT": "client", "PROTOCOL_TLS": "unknown"}
_ROLES = {"CLIENT_AUTH": "server", "SERVER_AUTH": "client"}
_CONTEXTS = ("SSLContext", "create_default_context", "_create_unverified_context")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def wants_python(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def read_python(tree: Tree, path: str) -> Iterator[Resource]:
    """The settings of a file. Raises `SyntaxProblem` or `Unreadable`."""
    content = tree.read_bytes(path)
    if not _CONCERNS.search(content):
        return
    yield from _of_scope(parse_python(content, path), path, "module")


def _of_scope(scope: ast.AST, path: str, name: str) -> Iterator[Resource]:
    """The settings made in a module, class or function, and in those inside it."""
    nodes = list(_inside(scope))
    contexts = _contexts(nodes)
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg == "ssl_version":
            yield _setting(path, node.value.lineno, f"{name}/ssl_version", "unknown", _protocol(node.value))
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(node, ast.Assign) and isinstance(target, ast.Attribute) and target.attr == "minimum_version":
                role = contexts.pop(ast.unparse(target.value), (0, "unknown", None))[1]
                yield _setting(path, node.lineno, f"{name}/minimum_version", role, _named(node.value))
    for line, role, minimum in contexts.values():
        yield _setting(path, line, f"{name}/context", role, minimum)
    for node in nodes:
        if isinstance(node, _SCOPES):
            yield from _of_scope(node, path, f"{name}.{getattr(node, 'name', 'lambda')}")


def _contexts(nodes: list[ast.AST]) -> dict[str, tuple[int, str, Any]]:
    """The contexts that assignments make, by the text of the name: line, role and minimum version."""
    found: dict[str, tuple[int, str, Any]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and (made := _created(node.value)):
            found |= {ast.unparse(target): (node.lineno, *made) for target in node.targets}
    return found


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the scopes inside it."""
    waiting = list(ast.iter_child_nodes(scope))[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting.extend(list(ast.iter_child_nodes(node))[::-1])


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


def _setting(path: str, line: int, label: str, role: str, minimum: Any) -> Resource:
    return setting("python", path, line, label, {"minimum_version": minimum, "role": role})
