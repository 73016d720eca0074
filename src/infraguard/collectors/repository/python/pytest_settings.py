"""The options that pytest adds to every run in a folder, from the file that it would read."""

from __future__ import annotations

import shlex
from typing import Any

from msgspec import Struct

from infraguard.collectors.repository.suites.recipes import joined
from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Location
from infraguard.readers.ini import read_ini
from infraguard.readers.toml import TomlDocument, read_toml
from infraguard.readers.tree import Tree, Unreadable

#: In the order of pytest's `CONFIG_LOADERS_BY_NAME`, with the section of each. A file of pytest's own ends the search
#: even when it is empty; the others count only with their section.
_FILES = {
    "pytest.toml": "pytest",
    ".pytest.toml": "pytest",
    "pytest.ini": "pytest",
    ".pytest.ini": "pytest",
    "pyproject.toml": "tool.pytest",
    "tox.ini": "pytest",
    "setup.cfg": "tool:pytest",
}
_OWN_FILES = frozenset({"pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"})


class PytestSettings(Struct, frozen=True):
    """The file that pytest reads, and its `addopts` and `testpaths` as words; `file` is empty when there is none."""

    file: str = ""
    addopts: tuple[str, ...] = ()
    place: Location | None = None
    testpaths: tuple[str, ...] = ()


def pytest_settings(tree: Tree, folder: str) -> PytestSettings:
    """The settings of a run in `folder`: from it, or from the nearest folder above that has some.

    Raises `SyntaxProblem` or `Unreadable` for a file that pytest would stumble over too.
    """
    for candidate in _upwards(folder):
        for name in _FILES:
            path = name if candidate == "." else f"{candidate}/{name}"
            settings = _settings_in(tree, path, name) if path in tree else None
            if settings is not None:
                return settings
    return PytestSettings()


def _upwards(folder: str) -> list[str]:
    parts = [] if folder == "." else folder.split("/")
    return ["/".join(parts[:length]) or "." for length in range(len(parts), -1, -1)]


def _settings_in(tree: Tree, path: str, name: str) -> PytestSettings | None:
    text = tree.read(path)
    if name not in _OWN_FILES and "pytest" not in text:
        return None
    if name.endswith(".toml"):
        return _from_toml(read_toml(text, path), path, name)
    document = read_ini(text, path)
    section = document.sections.get(_FILES[name])
    if section is None:
        return PytestSettings(path) if name in _OWN_FILES else None
    place = document.places.get((_FILES[name], "addopts"))
    paths = _words(section.get("testpaths", ""), document.places.get((_FILES[name], "testpaths")), path)
    return PytestSettings(path, _words(section.get("addopts", ""), place, path), place, paths)


def _from_toml(document: TomlDocument, path: str, name: str) -> PytestSettings | None:
    for table in ("tool.pytest.ini_options", "tool.pytest") if name == "pyproject.toml" else ("pytest",):
        data: Any = document.data
        for key in table.split("."):
            data = data.get(key) if isinstance(data, dict) else None
        if isinstance(data, dict) and data:
            place = document.places.get(f"{table}.addopts")
            paths = _words(data.get("testpaths", ""), document.places.get(f"{table}.testpaths"), path)
            return PytestSettings(path, _words(data.get("addopts", ""), place, path), place, paths)
    return PytestSettings(path) if name in _OWN_FILES else None


def chosen_tests(tree: Tree, folder: str) -> list[str]:
    """The paths that `testpaths` chooses for a run in the folder of its settings that names none."""
    try:
        settings = pytest_settings(tree, folder)
    except (SyntaxProblem, Unreadable):
        return []
    if (settings.file.rpartition("/")[0] or ".") != folder:
        return []
    return [joined(folder, text.partition("*")[0].rstrip("/") or ".") for text in settings.testpaths]


def _words(addopts: Any, place: Location | None, path: str) -> tuple[str, ...]:
    if isinstance(addopts, list):
        return tuple(str(word) for word in addopts)
    try:
        return tuple(shlex.split(str(addopts), comments=True))
    except ValueError as error:
        raise SyntaxProblem(f"a setting of pytest: {error}", file=path, line=place.line if place else 1) from error
