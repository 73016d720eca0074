"""The name and the Python versions that a project states, from whichever file it states them in."""

from __future__ import annotations

import ast
from typing import Any

from infraguard.collectors.repository.found import at
from infraguard.collectors.repository.python.source import parse_python
from infraguard.model.values import Location, Unknown
from infraguard.readers.ini import read_ini
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree

#: Where each attribute stands in pyproject.toml, the newer place first.
_IN_TOML = {
    "name": ("project.name", "tool.poetry.name"),
    "requires_python": ("project.requires-python", "tool.poetry.dependencies.python"),
}
_IN_INI = {"name": ("metadata", "name"), "requires_python": ("options", "python_requires")}
_IN_SETUP = {"name": "name", "requires_python": "python_requires"}

Metadata = tuple[dict[str, Any], dict[str, Location]]


def metadata(tree: Tree, folder: str) -> Metadata:
    """`name` and `requires_python` with their places. Raises `SyntaxProblem` or `Unreadable`."""
    values: dict[str, Any] = {}
    places: dict[str, Location] = {}
    for name, read in (("pyproject.toml", _from_pyproject), ("setup.cfg", _from_setup_cfg), ("setup.py", _from_setup)):
        path = name if folder == "." else f"{folder}/{name}"
        if path in tree and len(values) < len(_IN_TOML):
            found, where = read(tree, path)
            places |= {key: place for key, place in where.items() if key not in values}
            values = {**found, **values}
    return values, places


def _from_pyproject(tree: Tree, path: str) -> Metadata:
    document = read_toml(tree.read(path), path)
    values: dict[str, Any] = {}
    places: dict[str, Location] = {}
    for key, candidates in _IN_TOML.items():
        for dotted in candidates:
            value: Any = document.data
            for part in dotted.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            place = document.at(dotted)
            if isinstance(value, str) and place and key not in values:
                values[key], places[key] = value, place
    return values, places


def _from_setup_cfg(tree: Tree, path: str) -> Metadata:
    document = read_ini(tree.read(path), path)
    found = {key: where for key, where in _IN_INI.items() if where[1] in document.sections.get(where[0], {})}
    values = {key: document.sections[section][option].strip() for key, (section, option) in found.items()}
    return values, {key: document.places[where] for key, where in found.items()}


def _from_setup(tree: Tree, path: str) -> Metadata:
    values: dict[str, Any] = {}
    places: dict[str, Location] = {}
    for node in ast.walk(parse_python(tree.read_bytes(path), path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "setup":
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            for key, argument in _IN_SETUP.items():
                if argument in given:
                    values[key] = _literal(given[argument], path)
                    places[key] = at(path, given[argument].lineno)
    return values, places


def _literal(node: ast.expr, path: str) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    return Unknown(f"{path} works it out when it runs", remedy="state it in pyproject.toml")
