"""Settings of mypy and ruff that gates ask for, from the files that these tools read."""

from __future__ import annotations

import re
from typing import Any

from infraguard.collectors.repository.suites.recipes import joined, upwards
from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown
from infraguard.readers.ini import read_ini
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree, Unreadable

_ON = frozenset({"true", "1", "yes", "on"})
_SORTING = frozenset({"I", "I0", "I00", "I001", "ALL"})


def mypy_is_strict(tree: Tree, folder: str, command: str) -> Any:
    """Whether the settings that mypy finds in its folder switch its strict mode on."""
    named = re.search(r"--config-file[= ](\S+)", command)
    names = (named[1],) if named else ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")
    for name in names:
        path = joined(folder, name)
        if path not in tree:
            continue
        try:
            found = _strict_in(tree.read(path), path)
        except (SyntaxProblem, Unreadable) as error:
            return Unknown(f"{path}: {error}", depends_on=(path,), remedy="mend the file")
        if found is not None:
            return found
    return False


def _strict_in(text: str, path: str) -> bool | None:
    if path.endswith(".toml"):
        table = _table(read_toml(text, path).data, "mypy")
        return None if table is None else table.get("strict") is True
    section = read_ini(text, path).sections.get("mypy")
    if section is None:
        return None if path.endswith("setup.cfg") else False
    return section.get("strict", "").strip().lower() in _ON


def ruff_sorts_imports(tree: Tree, folder: str) -> bool:
    """Whether the rules that ruff is configured with include those on the order of imports."""
    for inside in upwards(folder):
        for name in (".ruff.toml", "ruff.toml", "pyproject.toml"):
            path = joined(inside, name)
            if path not in tree:
                continue
            try:
                data = read_toml(tree.read(path), path).data
            except (SyntaxProblem, Unreadable):
                return False
            table = _table(data, "ruff") if name == "pyproject.toml" else data
            if table is not None:
                return _selects(table)
    return False


def _selects(table: dict[str, Any]) -> bool:
    lint = table.get("lint")
    rules: list[Any] = []
    for holder in (table, lint if isinstance(lint, dict) else {}):
        for key in ("select", "extend-select"):
            rules += holder.get(key, []) if isinstance(holder.get(key), list) else []
    return not _SORTING.isdisjoint(map(str, rules))


def _table(data: dict[str, Any], name: str) -> dict[str, Any] | None:
    tool = data.get("tool")
    table = tool.get(name) if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None
