"""Python of newer versions than the one that runs the scan, rewritten so that this one parses it.

What the code does stays what it was, and every line stays where it was: type parameters go, quotes around quotes are
tripled, and an `except` of many without parentheses gets them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from infraguard.collectors.repository.python.literals import Literal, literals
from infraguard.readers.patterns import pattern

_TYPE_PARAMETERS: Final = pattern(r"(?m)^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+[ \t]*(?=\[)")
_TYPE_ALIAS: Final = pattern(r"(?m)^[ \t]*(?P<word>type[ \t]+)\w+[ \t]*(?P<next>\[|=(?!=))")
_BARE_EXCEPT: Final = pattern(r"(?m)^[ \t]*except\*?[ \t]+(?P<many>[^\s:()\[\]][^:\n()\[\]]*,[^:\n()\[\]]*?)[ \t]*:")
_ESCAPE: Final = pattern(r"(?s)\\.")
_OTHER: Final = {'"': "'", "'": '"'}
_BRACKETS: Final = {"[": 1, "]": -1}

#: From where to where, and what is put there.
Edit = tuple[int, int, str]


def in_older_syntax(text: str) -> str:
    """The same program for Python 3.11, as far as that is known; what is not known stays as it is."""
    found = list(literals(text))
    code = _without(text, found)
    edits = (*_of_strings(text, found), *_of_parameters(code), *_of_aliases(code), *_of_excepts(code))
    for start, end, put in sorted(edits, reverse=True):
        text = f"{text[:start]}{put}{text[end:]}"
    return text


def _without(text: str, found: Sequence[Literal]) -> str:
    """The text without what strings and comments say, every other character where it was."""
    pieces: list[str] = []
    last = 0
    for each in found:
        pieces += (text[last : each.start], re.sub(r"[^\n]", "_", text[each.start : each.end]))
        last = each.end
    return "".join((*pieces, text[last:]))


def _of_strings(text: str, found: Sequence[Literal]) -> Iterator[Edit]:
    for each in found:
        if "t" in each.prefix:
            yield each.start, each.start + len(each.prefix), each.prefix.replace("t", "f")
        yield from _tripled(text, each, each.quote[:1])
        for start, end in each.fields:
            for inner in literals(text, start, end):
                yield from _tripled(text, inner, _OTHER[each.quote[0]])
            for escape in _ESCAPE.finditer(text, start, end):
                yield *escape.span(), "\n" if escape[0] == "\\\n" else " "


def _tripled(text: str, each: Literal, mark: str) -> Iterator[Edit]:
    """Its quotes three times, where what stands in its braces has the same, or is of several lines."""
    fields = [text[start:end] for start, end in each.fields]
    if len(each.quote) == 1 and any(each.quote in field or "\n" in field for field in fields):
        opening = each.start + len(each.prefix)
        yield opening, opening + 1, mark * 3
        yield each.end - 1, each.end, mark * 3


def _of_parameters(code: str) -> Iterator[Edit]:
    """What stands in brackets after the name of a function or class, whose lines go into the parentheses."""
    for found in _TYPE_PARAMETERS.finditer(code):
        end = _closing(code, found.end())
        lines = "\n" * code.count("\n", found.end(), end)
        after = pattern(r"[ \t]*\(").match(code, end)
        if after:
            yield found.end(), after.end(), f"({lines}"
        elif end < len(code):
            yield found.end(), end, f"({lines})" if lines else ""


def _of_aliases(code: str) -> Iterator[Edit]:
    for found in _TYPE_ALIAS.finditer(code):
        yield *found.span("word"), ""
        if found["next"] == "[":
            start = found.start("next")
            end = _closing(code, start)
            yield start, end, ""


def _of_excepts(code: str) -> Iterator[Edit]:
    for found in _BARE_EXCEPT.finditer(code):
        start, end = found.span("many")
        yield start, start, "("
        yield end, end, ")"


def _closing(code: str, place: int) -> int:
    """Behind the bracket that closes the one at a place."""
    depth = 0
    for index in range(place, len(code)):
        depth += _BRACKETS.get(code[index], 0)
        if not depth:
            return index + 1
    return len(code)
