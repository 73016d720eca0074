"""Which applications of Django a project installs: the models of others make no table."""

from __future__ import annotations

from typing import Final

from infraguard.collectors.repository.python.imports import imports_of
from infraguard.collectors.repository.remembering import once
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, bytes_or_empty

#: The application that models are of: the folder of `models.py`, or the one around `models`.
_APPLICATION: Final = pattern(r"(?P<folder>(?:.*/)?(?P<name>[^/]+))/models(?:\.py|/.*)\Z")
#: By what settings gather the names: out of folders, or out of their environment.
_GATHERS: Final = pattern(
    rb"\b(?:listdir|scandir|iterdir|r?glob|iter_modules|walk|entry_points)\(|INSTALLED_APPS[^\n]*(?:\benv\b|environ|getenv)"
)
_NAMES: Final = pattern(rb"[\"']([\w.]+)[\"']")


def is_installed(tree: Tree, path: str) -> bool:
    """Whether the models in a file may have tables: settings name their application, or it has migrations.

    Where no settings are here, or some gather the names of applications, any may be installed.
    """
    application = _APPLICATION.match(path)
    named = once(tree, "applications of django", lambda: _named(tree))
    if application is None or named is None or application["name"] in named:
        return True
    folder = f"{application['folder']}/migrations/"
    return any(each.startswith(folder) for each in tree.paths)


def _named(tree: Tree) -> frozenset[str] | None:
    """All that settings with applications name, part by part; None where there are none, or they are gathered.

    Lists of applications may stand in a module that the settings import.
    """
    settings = [path for path in tree.paths if path.endswith(".py") and b"INSTALLED_APPS" in bytes_or_empty(tree, path)]
    paths = {each for path in settings for each in (path, *imports_of(tree, path))}
    texts = [bytes_or_empty(tree, path) for path in sorted(paths)]
    if not texts or any(map(_GATHERS.search, texts)):
        return None
    return frozenset(part for text in texts for name in _NAMES.findall(text) for part in name.decode().split("."))
