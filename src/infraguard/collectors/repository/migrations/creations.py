"""`schema_creation`: calls of `create_all` that may make tables in production."""

from __future__ import annotations

import ast
import re
from typing import Final

from infraguard.collectors.repository.found import Found, gap_of
from infraguard.collectors.repository.nature.places import is_aside
from infraguard.collectors.repository.python.modules import Module, module_of, resource
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Gap, Resource
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

_CREATES_ALL: Final = pattern(rb"\bcreate_all\b")
#: `os.environ["APP_ENV"] == "dev"`, `settings.environment in ("local", "test")`.
_DEVELOPMENT: Final = pattern(
    r"(?i)\A[^=!<>]*(?:env|stage)[^=!<>]*(?:==|\bin\b)\W*['\"](?:dev|development|local|test|testing|ci)['\"]\W*"
    r"(?:['\"](?:dev|development|local|test|testing|ci)['\"]\W*)*\Z"
)


def creations(tree: Tree) -> Found:
    """Calls of `create_all` in what runs in production: tables that no migration knows of."""
    resources: list[Resource] = []
    gaps: list[Gap] = []
    for path in tree.paths:
        if not path.endswith(".py") or is_aside(path) or "/versions/" in path:
            continue
        try:
            if not _CREATES_ALL.search(tree.read_bytes(path)):
                continue
            module = module_of(tree, path)
        except (SyntaxProblem, Unreadable) as error:
            gaps.append(gap_of(error, path, ("schema_creation",)))
            continue
        elsewhere = _only_elsewhere(module)
        for call in module.calls:
            text = "" if id(call.node) in elsewhere else ast.unparse(call.node)
            if "create_all" in text.partition("(")[0] or ("run_sync" in call.name and "create_all" in text):
                resources.append(resource("schema_creation", path, call.node.lineno, call.scope, {"call": text[:80]}))
    return Found(tuple(resources), tuple(gaps))


def _only_elsewhere(module: Module) -> set[int]:
    """The calls, by their id, that no service in production makes: those behind such a condition."""
    found: set[int] = set()
    for branch in (each for each in ast.walk(module.tree) if isinstance(each, ast.If)):
        found.update(id(node) for part in _guarded(branch) for node in ast.walk(part) if isinstance(node, ast.Call))
    return found


def _guarded(branch: ast.If) -> list[ast.stmt]:
    asked = ast.unparse(branch.test)
    if "sqlite" in asked.lower():
        return branch.orelse if re.search(r"\bnot\b|!=", asked) else branch.body
    return branch.body if _DEVELOPMENT.search(asked) else []
