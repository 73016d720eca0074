"""Settings of Django in layers: those of production import what is common, and say more of its databases."""

from __future__ import annotations

import ast
from typing import Any, Final

from msgspec.structs import replace

from infraguard.collectors.repository.application.connections.engines import pool_by_age
from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.python.modules import literal, module_of
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, bytes_or_empty

#: Settings that production does not run with.
_LESSER: Final = pattern(r"(?i)(?:.*/)?\w*(?:test|local|dev|stag|ci)\w*\.py\Z")
_SAYS: Final = pattern(rb"DATABASES\s*\[[^\]\n]+\]\s*\[\s*[\"']CONN_MAX_AGE")


def as_layered(tree: Tree, engine: Resource) -> Resource:
    """A connection with what settings beside its own, or those themselves, make of its pool.

    `DATABASES["default"]["CONN_MAX_AGE"] = 60`, behind `from .base import *`.
    """
    file, alias = engine.location.file, engine.id.rpartition("/")[2]
    if engine.attributes["pool"] in ("queue", "persistent") or b"DATABASES" not in bytes_or_empty(tree, file):
        return engine
    pool = _pool(tree, file, alias)
    return engine if pool is None else replace(engine, attributes={**engine.attributes, "pool": pool})


def _pool(tree: Tree, file: str, alias: str) -> Any:
    folder = file.rpartition("/")[0]
    beside = (path for path in tree.paths if path.rpartition("/")[0] == folder and path.endswith(".py"))
    for path in sorted(beside, key=lambda path: path != file):
        if _LESSER.match(path) or not is_application(path) or not _SAYS.search(bytes_or_empty(tree, path)):
            continue
        try:
            module = module_of(tree, path)
        except (SyntaxProblem, Unreadable):
            continue
        for node in module.tree.body:
            if isinstance(node, ast.Assign) and _target(node.targets[0]) == [alias, "CONN_MAX_AGE"]:
                return pool_by_age(node.value)
    return None


def _target(node: ast.expr) -> list[Any]:
    """The keys by which a target leads into DATABASES."""
    keys: list[Any] = []
    while isinstance(node, ast.Subscript):
        keys.insert(0, literal(node.slice))
        node = node.value
    return keys if isinstance(node, ast.Name) and node.id == "DATABASES" else []
