"""Which applications of Django a project installs: the models of others make no table."""

from __future__ import annotations

import re
from typing import Final

from infraguard.collectors.repository.remembering import once
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, bytes_or_empty

#: The application that models are of: the folder of `models.py`, or the one around `models`.
_APPLICATION: Final = pattern(r"(?P<folder>(?:.*/)?(?P<name>[^/]+))/models(?:\.py|/.*)\Z")
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
    """All that settings with applications name, part by part; None where there are none, or they are gathered."""
    texts = [
        text
        for path in tree.paths
        if path.endswith(".py") and b"INSTALLED_APPS" in (text := bytes_or_empty(tree, path))
    ]
    if not texts or any(
        re.search(rb"\blistdir\(|\biterdir\(|\bglob\(|iter_modules\(|\bwalk\(", text) for text in texts
    ):
        return None
    return frozenset(part for text in texts for name in _NAMES.findall(text) for part in name.decode().split("."))
