"""TOML with places: `tomllib` gives the data, and a scan over the text gives the line of each key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern

_WHERE = pattern(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_PART = pattern(r"\s*(?:\"((?:\\.|[^\"\\])*)\"|'([^']*)'|([A-Za-z0-9_-]+))\s*")
#: What changes how the rest of a value is read: strings of four kinds, comments, brackets.
_TOKEN = pattern(
    r"'''.*?'''+|\"\"\"(?:\\.|[^\\])*?\"\"\"+|'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\"|#[^\n]*|[\[\]{}\n]", re.DOTALL
)


class TomlDocument(Struct, frozen=True):
    """A TOML file: plain data, and where each key stands by dotted path (`tool.coverage.report.fail_under`).

    Keys inside inline tables have the place of the key that holds them.
    """

    data: dict[str, Any]
    places: dict[str, Location]

    def at(self, path: str) -> Location | None:
        """The place of a key, or of the nearest one around it."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path)


def read_toml(text: str, file: str) -> TomlDocument:
    """Raises `SyntaxProblem` at the place of the error."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.search(str(error))
        line, column = (int(where[1] or 0), int(where[2] or 0)) if where else (0, 0)
        raise SyntaxProblem(_WHERE.sub("", str(error)), file=file, line=line, column=column) from error
    except RecursionError as error:
        raise SyntaxProblem("nested too deeply", file=file, line=1) from error
    return TomlDocument(data, dict(_places(text, file)))


def _places(text: str, file: str) -> Iterator[tuple[str, Location]]:
    """The path and the place of each table header and each key of a text that is known to be valid."""
    table: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for line, start, end in _statements(text):
        statement = text[start:end]
        column = len(statement) - len(statement.lstrip()) + 1
        if statement.lstrip().startswith("["):
            table = _numbered(statement.lstrip(), counts)
            path = table
        else:
            path = (*table, *_key(statement)[0])
        yield ".".join(path), Location(file=file, line=line, column=column, end_line=line + statement.count("\n"))


def _statements(text: str) -> Iterator[tuple[int, int, int]]:
    """Line, start and end of each header or key with its value, however many lines that takes."""
    start, depth, line, first = 0, 0, 1, 1
    for token in _TOKEN.finditer(f"{text}\n"):
        mark = token[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        line += mark.count("\n")
        if mark == "\n" and depth == 0:
            if text[start : token.start()].partition("#")[0].strip():
                yield first, start, token.start()
            start, first = token.end(), line


def _numbered(header: str, counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """The path of a header, with the indexes of the arrays of tables that it stands in."""
    is_array = header.startswith("[[")
    names, _ = _key(header.lstrip("["))
    path: tuple[str, ...] = ()
    for index, name in enumerate(names):
        path = (*path, name)
        if is_array and index == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, str(counts[path]))
    return path


def _key(statement: str) -> tuple[tuple[str, ...], int]:
    """The dotted key that a statement starts with, and the offset after it."""
    names: list[str] = []
    offset = 0
    while match := _PART.match(statement, offset):
        names.append(next(part for part in match.groups() if part is not None))
        offset = match.end()
        if statement[offset : offset + 1] != ".":
            break
        offset += 1
    return tuple(names), offset
