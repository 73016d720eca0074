"""What code does only where the database is SQLite, or on the machine of a developer or a test."""

from __future__ import annotations

import ast
import re
from typing import Final

from infraguard.collectors.repository.python.modules import Module
from infraguard.readers.patterns import pattern

#: `os.environ["APP_ENV"] == "dev"`, `settings.environment in ("local", "test")`.
_DEVELOPMENT: Final = pattern(
    r"(?i)\A[^=!<>]*(?:env|stage)[^=!<>]*(?:==|\bin\b)\W*['\"](?:dev|development|local|test|testing|ci)['\"]\W*"
    r"(?:['\"](?:dev|development|local|test|testing|ci)['\"]\W*)*\Z"
)


def only_elsewhere(module: Module) -> set[int]:
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
