"""Which modules of the repository a Python program comes to, by its imports: read as text, so that none must parse."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Final

from infraguard.collectors.repository.suites.recipes import joined, upwards
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

_IMPORT: Final = pattern(
    r"(?m)^[ \t]*(?:from[ \t]+(?P<source>\.*[\w.]*)[ \t]+import[ \t]+(?P<names>[^\n#]+)|import[ \t]+(?P<plain>[\w.]+))"
)
#: Modules that a program may come to; a larger one may do anything.
_MAX_MODULES: Final = 300


def modules_of(tree: Tree, path: str) -> Iterator[str]:
    """The program and all modules of the repository that it may come to."""
    waiting, seen = [path], {path}
    while waiting and len(seen) < _MAX_MODULES:
        current = waiting.pop()
        yield current
        for module in imports_of(tree, current):
            if module not in seen:
                seen.add(module)
                waiting.append(module)


def imports_of(tree: Tree, path: str, *, relative: bool = True) -> Iterator[str]:
    """The modules of the repository that a program imports, each looked for from its folder upwards.

    What is run as a program is of no package, so that a `relative` import of it leads nowhere.
    """
    folder = posixpath.dirname(path) or "."
    for found in _IMPORT.finditer(text_or_empty(tree, path)):
        source = found["source"] or found["plain"] or ""
        dots = len(source) - len(source.lstrip("."))
        if dots and not relative:
            continue
        folders = [joined(folder, "../" * (dots - 1) or ".")] if dots else upwards(folder)
        names = [name.strip(" ()\t").partition(" ")[0] for name in (found["names"] or "").split(",")]
        base = source.lstrip(".").replace(".", "/")
        for end in (base, *(f"{base}/{name}".lstrip("/") for name in names if name)):
            yield from _first(tree, folders, end)


def _first(tree: Tree, folders: Sequence[str], end: str) -> Iterator[str]:
    if not end:
        return
    for folder in folders:
        for candidate in (joined(folder, f"{end}.py"), joined(folder, f"{end}/__init__.py")):
            if candidate in tree:
                yield candidate
                return


def imported_roots(text: str) -> Iterator[str]:
    """The packages that a program imports from, whoever brings them."""
    for found in _IMPORT.finditer(text):
        yield (found["source"] or found["plain"] or "").partition(".")[0]
