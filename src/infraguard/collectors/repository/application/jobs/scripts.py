"""Modules that are run once, or by hand, and serve nobody: a connection that they open is one, and needs no pool."""

from __future__ import annotations

import ast
from typing import Final

from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.python.modules import Module, holds
from infraguard.collectors.repository.remembering import once
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

_IMPORT: Final = pattern(r"(?m)^[ \t]*(?:from\s+\S+\s+import\s*(?:\([^)]*\)|[^\n]*)|import\s[^\n]*)")
_WORD: Final = pattern(r"[A-Za-z_]\w*")
#: What is called to make something that answers again and again.
_SERVERS: Final = frozenset(
    {"FastAPI", "Flask", "Starlette", "Litestar", "Sanic", "Quart", "APIRouter", "Blueprint", "Celery", "FastMCP"}
    | {"Application", "BlockingScheduler", "AsyncIOScheduler", "BackgroundScheduler", "HTTPServer", "serve_forever"}
    | {"KafkaConsumer", "start_consuming", "run_forever", "run_server", "Worker"}
)
_HANDLES: Final = pattern(r"(?i)handler\Z|\Ahandle|\Aon_")


def is_script(tree: Tree, module: Module, line: int) -> bool:
    """Whether what stands on a line is done by a program that ends: nothing imports it, and it waits for nobody."""
    is_started = any(_is_guard(each) or (holds(each, line) and not _is_named(each)) for each in module.tree.body)
    return is_started and not _waits(module) and _stem(module.path) not in _imported(tree)


def _is_named(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _is_guard(statement: ast.stmt) -> bool:
    test = statement.test if isinstance(statement, ast.If) else None
    return isinstance(test, ast.Compare) and "__name__" in ast.unparse(test)


def _waits(module: Module) -> bool:
    """Whether it serves requests, takes tasks or messages, or goes round without end."""
    if any(call.last in _SERVERS for call in module.calls) or any(_HANDLES.search(f.name) for f in module.functions):
        return True
    return any(isinstance(node, ast.While) and isinstance(node.test, ast.Constant) for node in ast.walk(module.tree))


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".py")


def _imported(tree: Tree) -> frozenset[str]:
    """The words of all import statements of the application."""
    return once(tree, "imported", lambda: frozenset(word for path in tree.paths for word in _words(tree, path)))


def _words(tree: Tree, path: str) -> frozenset[str]:
    if not (is_application(path) and path.endswith(".py")):
        return frozenset()
    return frozenset(word for found in _IMPORT.findall(text_or_empty(tree, path)) for word in _WORD.findall(found))
