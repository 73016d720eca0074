"""Recovery objectives in prose and tables: `RTO: 1 hour`, `| Recovery point objective | 30 min |`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from infraguard.readers.patterns import pattern

_NAMES: Final = {
    "rto": r"RTO|recovery[ -]time(?:[ -]objectives?)?",
    "rpo": r"RPO|recovery[ -]point(?:[ -]objectives?)?",
}
_NUMBERS: Final = {"one": 1, "an": 1, "a": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "twelve": 12}
_UNITS: Final = {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}
_SPAN = pattern(
    rf"(?P<number>\d+(?:[.,]\d+)?|\b(?:{'|'.join(_NUMBERS)})\b)[\s-]*"
    r"(?P<unit>s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?)\b",
    re.IGNORECASE,
)
#: A cell that says that nothing is lost, or no time.
_NOTHING = pattern(r"(?:0|zero)(?![\w.,%])", re.IGNORECASE)
#: Any of the names, in small letters: one that begins as it does is found many times faster than after a sign.
_ANY_NAME = pattern(r"r(?<![a-z]r)(?:[tp]o|ecovery[ -](?:time|point))(?![a-z])")
_NAMED = {name: pattern(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", re.IGNORECASE) for name, words in _NAMES.items()}


def objectives_in(lines: Sequence[str]) -> dict[str, float]:
    """The recovery time (`rto`) and recovery point (`rpo`) in minutes; the longest of several, since each must hold."""
    if not _ANY_NAME.search("\n".join(lines).lower()):
        return {}
    found: dict[str, list[float]] = {"rto": [], "rpo": []}
    for name, minutes in (*_in_lines(lines), *_in_columns(lines)):
        found[name].append(minutes)
    return {name: max(spans) for name, spans in found.items() if spans}


def _in_lines(lines: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The first span after each name on its line, as long as no other name stands between."""
    for line in lines:
        places = sorted((match.start(), match.end(), name) for name in _NAMED for match in _NAMED[name].finditer(line))
        for number, (_, end, name) in enumerate(places):
            limit = places[number + 1][0] if number + 1 < len(places) else len(line)
            limit = min(limit, _end_of_cell(line, end))
            span = _SPAN.search(line, end, limit)
            if span:
                yield name, _minutes(span)


def _end_of_cell(line: str, end: int) -> int:
    """Where the cell of a table ends in which a name stands; of a cell that is the name alone, the row's end."""
    if not line.lstrip().startswith("|") or "|" not in line[end:]:
        return len(line)
    start, close = line.rindex("|", 0, end) + 1, line.index("|", end)
    words = len(line[start:close].split())
    return len(line) if words <= _NAME_WORDS else close


#: As many words as the name of an objective has: `Recovery point objective (RPO)`.
_NAME_WORDS: Final = 5


def _in_columns(lines: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Spans below a name in the head of a table."""
    columns: dict[int, str] = {}
    for line in lines:
        if not line.lstrip().startswith("|"):
            columns = {}
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        heads = {index: name for index, cell in enumerate(cells) for name in _NAMED if _NAMED[name].search(cell)}
        if heads and not any(_SPAN.search(cell) for cell in cells):
            columns = heads
            continue
        for index, name in columns.items():
            cell = cells[index] if index < len(cells) else ""
            if span := _SPAN.search(cell):
                yield name, _minutes(span)
            elif _NOTHING.match(cell):
                yield name, 0.0


def _minutes(span: re.Match[str]) -> float:
    text = span["number"].lower()
    number = _NUMBERS[text] if text in _NUMBERS else float(text.replace(",", "."))
    return number * _UNITS[span["unit"][0].lower()]
