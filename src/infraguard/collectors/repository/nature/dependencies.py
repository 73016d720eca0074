"""Which Python packages a repository asks for, from all files that list them: names, without versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.nature.places import is_aside
from infraguard.collectors.repository.remembering import once
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree, Unreadable

_REQUIREMENTS: Final = pattern(r"(?:.*/)?(?:requirements?(?:[-_.][\w.-]*)?|requirements/[\w.-]+)\.(?:txt|in)\Z")
_NAME: Final = pattern(
    r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@(,].*)?(?:\s+[#;-].*)?\Z", re.DOTALL
)
_QUOTED: Final = pattern(r"""["']([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@][^"']*)?["']""")
_INI_LINE: Final = pattern(r"(?m)^[ \t]+([A-Za-z0-9][A-Za-z0-9._-]*)[ \t]*(?:\[[^\]]*\])?[ \t]*(?:[<>=!~;].*)?$")
_DASHES: Final = pattern(r"[-_.]+")


def dependencies(tree: Tree) -> frozenset[str]:
    """The names of packages that pyproject.toml, requirements, setup.cfg, setup.py or a Pipfile list, normalised.

    A file that cannot be read adds nothing: whoever needs certainty looks at what the code imports.
    """
    return once(tree, "dependencies", lambda: frozenset(_normal(name) for name in _every(tree)))


def _normal(name: str) -> str:
    return _DASHES.sub("-", name).lower()


def _every(tree: Tree) -> Iterator[str]:
    for path in tree.paths:
        name = path.rpartition("/")[2]
        if is_aside(path):
            continue
        try:
            if name in ("pyproject.toml", "Pipfile"):
                yield from _of_toml(tree.read(path), path)
            elif _REQUIREMENTS.match(path):
                yield from (match[1] for line in tree.read(path).splitlines() if (match := _NAME.match(line)))
            elif name == "setup.cfg":
                yield from _INI_LINE.findall(tree.read(path))
            elif name == "setup.py":
                yield from _QUOTED.findall(tree.read(path))
        except (Unreadable, SyntaxProblem):
            continue


def _of_toml(text: str, path: str) -> Iterator[str]:
    data = read_toml(text, path).data
    for dotted in (
        *("project.dependencies", "project.optional-dependencies", "dependency-groups"),
        *("tool.poetry.dependencies", "tool.poetry.group", "tool.poetry.dev-dependencies"),
        *("tool.pdm.dev-dependencies", "tool.uv.dev-dependencies", "packages", "dev-packages"),
    ):
        value: Any = data
        for part in dotted.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        yield from _names(value)


def _names(value: Any) -> Iterator[str]:
    """The names in a list of requirements, a table of versions by name, or a table of such."""
    if isinstance(value, list):
        yield from (match[1] for item in value if isinstance(item, str) and (match := _NAME.match(item)))
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, list):
                yield from _names(item)
            elif isinstance(item, dict) and "dependencies" in item:
                yield from _names(item["dependencies"])
            yield name
