"""Which modules of the repository a Python program comes to, by its imports: read as text, so that none must parse."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from infraguard.collectors.repository.suites.recipes import joined, upwards
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

_IMPORT: Final = pattern(
    r"(?m)^[ \t]*(?:from[ \t]+(?P<dots>\.*)(?P<source>[\w.]*)[ \t]+import[ \t]*"
    r"(?:\((?P<many>(?:[^()#]++|#[^\n]*+)*+)\)|(?P<names>[^\n#(]+))|import[ \t]+(?P<plain>[^\n#]+))"
)
_COMMENT: Final = pattern(r"#[^\n]*")
#: Modules that a program may come to; a larger one may do anything.
_MAX_MODULES: Final = 300


class Import(NamedTuple):
    """What a statement imports: a module, with the dots before its name, and the names that are taken from it."""

    module: str
    dots: int = 0
    names: tuple[str, ...] = ()


def imports_in(text: str) -> Iterator[Import]:
    """The imports of a program. All that a module has comes from the module itself: `*` is its `__init__`."""
    for found in _IMPORT.finditer(text):
        if found["plain"]:
            yield from map(Import, _words(found["plain"]))
        else:
            names = _words(found["many"] or found["names"] or "")
            given = tuple("__init__" if name == "*" else name for name in names)
            yield Import(found["source"], len(found["dots"]), given)


def _words(text: str) -> Iterator[str]:
    for each in _COMMENT.sub("", text).split(","):
        word = each.strip(" ()\t\n\r\\").partition(" ")[0].rstrip(";")
        if word:
            yield word


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
    for module, dots, names in imports_in(text_or_empty(tree, path)):
        if dots and not relative:
            continue
        folders = [joined(folder, "../" * (dots - 1) or ".")] if dots else upwards(folder)
        base = module.replace(".", "/")
        for end in (base, *(f"{base}/{name}".lstrip("/") for name in names)):
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
    for each in imports_in(text):
        yield "" if each.dots else each.module.partition(".")[0]
