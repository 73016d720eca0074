"""Where the strings and the comments of a Python text are, told without a parser: f-strings as Python 3.12 has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from infraguard.readers.patterns import pattern

_START: Final = pattern(r"""(?P<comment>\#[^\n]*)|(?P<prefix>(?<!\w)[A-Za-z]{0,2})(?P<quote>\"{3}|'{3}|"|')""")
_FORMATTED: Final = frozenset("ft")


class Literal(NamedTuple):
    """A string or a comment: where it is, what stands before it, its quote, and what stands in its braces."""

    start: int
    end: int
    prefix: str
    quote: str
    fields: tuple[tuple[int, int], ...] = ()


def literals(text: str, start: int = 0, stop: int | None = None) -> Iterator[Literal]:
    """The outermost strings and the comments of a text, in their order."""
    stop = len(text) if stop is None else stop
    while found := _START.search(text, start, stop):
        if found["comment"] is not None:
            literal = Literal(found.start(), found.end(), "#", "")
        else:
            literal = _string(text, found.start(), found["prefix"].lower(), found["quote"], stop)
        yield literal
        start = literal.end


def _string(text: str, start: int, prefix: str, quote: str, stop: int) -> Literal:
    place = start + len(prefix) + len(quote)
    fields: list[tuple[int, int]] = []
    is_formatted = not _FORMATTED.isdisjoint(prefix)
    while place < stop:
        if text.startswith(quote, place):
            return Literal(start, place + len(quote), prefix, quote, tuple(fields))
        if text[place] == "\\" or (is_formatted and text.startswith(("{{", "}}"), place)):
            place += 2
        elif is_formatted and text[place] == "{":
            end = _field(text, place + 1, quote, stop)
            fields.append((place + 1, end))
            place = end + 1
        elif text[place] == "\n" and len(quote) == 1:
            break  # it is not closed: what follows is read as code again
        else:
            place += 1
    return Literal(start, min(place, stop), prefix, quote, tuple(fields))


def _field(text: str, place: int, quote: str, stop: int) -> int:
    """The end of what stands in braces: brackets are counted, and the strings in it have quotes of their own."""
    depth = 0
    while place < stop:
        found = _START.match(text, place, stop)
        if found and found["comment"] is None:
            place = _string(text, place, found["prefix"].lower(), found["quote"], stop).end
            continue
        if text[place] in "([{":
            depth += 1
        elif text[place] in ")]}":
            if not depth:
                return place
            depth -= 1
        elif text[place] == ":" and not depth:
            return _specification(text, place + 1, quote, stop)
        place += 1
    return stop


def _specification(text: str, place: int, quote: str, stop: int) -> int:
    """The end of a format, in which braces may stand, and no string."""
    while place < stop and text[place] != "}" and not text.startswith(quote, place):
        place = _field(text, place + 1, quote, stop) + 1 if text[place] == "{" else place + 1
    return min(place, stop)
