"""The settings that coverage.py would read in a folder: which file wins, and what it says."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from infraguard.model.values import Location, Unknown
from infraguard.readers.ini import read_ini
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree

#: In the order of `coverage.config.config_files_to_try`; the first with settings for coverage is the only one read.
_OWN_FILES = (".coveragerc", ".coveragerc.toml")
_SHARED_FILES = ("setup.cfg", "tox.ini", "pyproject.toml")
_WANTED = {"fail_under": "report", "precision": "report", "branch": "run"}
_OMITTING = ("run", "report")
_TRUE = frozenset({"1", "yes", "true", "on"})


class CoverageSettings(Struct, frozen=True):
    """`fail_under`, `precision` and `branch` as far as `file` sets them; `file` is empty when no file does.

    `omit` are the patterns of files that are left out of the count.
    """

    file: str = ""
    values: dict[str, Any] = {}
    places: dict[str, Location] = {}
    omit: tuple[str, ...] = ()


def coverage_settings(tree: Tree, folder: str, specified: str = "") -> CoverageSettings:
    """The settings for a run in `folder`, or those of the file that an option names.

    Raises `SyntaxProblem` or `Unreadable` for a file that coverage.py would stumble over too.
    """
    names = (specified,) if specified else (*_OWN_FILES, *_SHARED_FILES)
    for name in names:
        path = name if folder == "." else f"{folder}/{name}"
        if path in tree:
            settings = _settings_in(tree.read(path), path, is_own=name in _OWN_FILES or bool(specified))
            if settings is not None:
                return settings
    return CoverageSettings()


def _settings_in(text: str, path: str, *, is_own: bool) -> CoverageSettings | None:
    return _from_toml(text, path, is_own=is_own) if path.endswith(".toml") else _from_ini(text, path, is_own=is_own)


def _from_toml(text: str, path: str, *, is_own: bool) -> CoverageSettings | None:
    if not is_own and "coverage" not in text:
        return None
    document = read_toml(text, path)
    prefix = "tool.coverage."
    tables = _table(_table(document.data, "tool"), "coverage")
    if is_own and not tables:
        prefix, tables = "", document.data
    if not tables and not is_own:
        return None
    found = {key: _table(tables, section)[key] for key, section in _WANTED.items() if key in _table(tables, section)}
    places = {key: document.at(f"{prefix}{_WANTED[key]}.{key}") for key in found}
    values = {key: _value(key, value) for key, value in found.items()}
    omit = tuple(text for section in _OMITTING for text in _listed(_table(tables, section).get("omit")))
    return CoverageSettings(path, values, {key: place for key, place in places.items() if place}, omit)


def _from_ini(text: str, path: str, *, is_own: bool) -> CoverageSettings | None:
    if not is_own and "coverage:" not in text:
        return None
    document = read_ini(text, path)
    if not is_own and not any(name.startswith("coverage:") and options for name, options in document.sections.items()):
        return None
    values: dict[str, Any] = {}
    places: dict[str, Location] = {}
    for key, section in _WANTED.items():
        for name in (f"coverage:{section}", section) if is_own else (f"coverage:{section}",):
            if key in document.sections.get(name, {}) and key not in values:
                values[key] = _value(key, document.sections[name][key])
                places[key] = document.places[name, key]
    named = [
        name
        for section in _OMITTING
        for name in ((f"coverage:{section}", section) if is_own else (f"coverage:{section}",))
    ]
    omit = tuple(text for name in named for text in _listed(document.sections.get(name, {}).get("omit")))
    return CoverageSettings(path, values, places, omit)


def _table(data: Any, name: str) -> dict[str, Any]:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def _listed(value: Any) -> list[str]:
    """A list of patterns, which INI files write by lines or commas."""
    if isinstance(value, str):
        return [text for text in re.split(r"[,\s]+", value) if text]
    return [str(text) for text in value] if isinstance(value, list) else []


def _value(key: str, value: Any) -> Any:
    """A setting as coverage.py takes it; texts with `$` are filled from the environment of the run."""
    text = str(value).strip()
    if "$" in text:
        return Unknown(f"{text} is filled in when the tests run", depends_on=(text,), remedy="write the value")
    if key == "branch":
        return text.lower() in _TRUE
    try:
        return float(text) if key == "fail_under" else int(text)
    except ValueError:
        return Unknown(f"{text!r} is not a number", remedy=f"give {key} a number")
