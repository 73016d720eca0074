"""`literal_secret`: a secret that is written in a file of the repository."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from infraguard.collectors.repository.found import UNIT, Family, Found, at, each_file
from infraguard.collectors.repository.python.modules import module_of
from infraguard.collectors.repository.remembering import once
from infraguard.collectors.repository.secrets.ignoring import ignoring
from infraguard.collectors.repository.secrets.places import (
    has_bare_values,
    is_looked_at,
    is_made_up,
    may_hide_a_secret,
    supplies,
)
from infraguard.collectors.repository.secrets.written import Written, secrets_written
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource, Source
from infraguard.readers.tree import Tree, Unreadable

KINDS = ("literal_secret",)
#: A text longer than this is data, which nobody writes by hand.
_MAX_BYTES = 1024 * 1024
#: A file with more than this is a list of examples or of words: the first ones show it.
_MAX_OF_A_FILE = 20


def literals_of(tree: Tree) -> Found:
    """Every secret that is written in a file which git does not ignore; read once."""
    return once(tree, "literal_secret", lambda: each_file(tree, is_looked_at, KINDS, _read_file))


def _read_file(tree: Tree, path: str) -> Iterator[Resource]:
    try:
        content = tree.read_bytes(path)
    except Unreadable:
        if may_hide_a_secret(path):
            raise
        return
    if len(content) > _MAX_BYTES or b"\0" in content[:1024]:
        return
    found = list(secrets_written(content, made_up=is_made_up(path), bare=has_bare_values(path)))
    if path.endswith(".py") and any(one.is_guessed for one in found):
        told = _told_of(tree, path)
        found = [one for one in found if not (one.is_guessed and one.line in told)]
    if found and not ignoring(tree)(path):
        yield from _resources(path, found[:_MAX_OF_A_FILE])


def _told_of(tree: Tree, path: str) -> frozenset[int]:
    """The lines of texts that do nothing, such as docstrings with examples of requests."""
    try:
        module = module_of(tree, path)
    except (SyntaxProblem, Unreadable):
        return frozenset()
    lines: set[int] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return frozenset(lines)


def _resources(path: str, found: list[Written]) -> Iterator[Resource]:
    names: Counter[str] = Counter()
    for one in found:
        names[one.name] += 1
        count = names[one.name]
        yield Resource(
            kind="literal_secret",
            id=f"{path}#{one.name}" + (f"@{count}" if count > 1 else ""),
            source=Source.REPO,
            unit=UNIT,
            attributes={
                "file": path,
                "line": one.line,
                "what": one.kind,
                "name": one.name,
                "masked": one.masked,
                "supplies": supplies(path),
            },
            location=at(path, one.line),
        )


FAMILY = Family(KINDS, may_hide_a_secret, literals_of)
