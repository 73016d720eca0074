"""Strings of JSON: the text that their escapes stand for is the template, and places are those of the file."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from infraguard.readers.patterns import pattern
from infraguard.terraform.syntax.nodes import Node

#: A whole string that no line end interrupts.
STRING = pattern(r'"(?:[^"\\\r\n]++|\\[^\r\n])*+"')
_ESCAPE = pattern(r'\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|["\\/bfnrt])')


def is_escaped_template(text: str) -> bool:
    """Whether a string has both escapes and something to evaluate, so that what is evaluated is written in escapes."""
    return "\\" in text and ("${" in text or "%{" in text)


class Decoded(Struct, frozen=True):
    """The text of a string, and where each of its characters and its end stand in the file."""

    text: str
    places: Sequence[int]


def decoded(content: str, start: int) -> Decoded:
    """What stands between the quotes of a string, which begins at an offset of the file."""
    pieces: list[str] = []
    places: list[int] = []
    position = 0
    for match in _ESCAPE.finditer(content):
        pieces += (content[position : match.start()], literal(f'"{match[0]}"'))
        places += (*range(start + position, start + match.start()), start + match.start())
        position = match.end()
    pieces.append(content[position:])
    return Decoded("".join(pieces), [*places, *range(start + position, start + len(content) + 1)])


def literal(string: str) -> str:
    """What a string with its quotes says, nothing in it being evaluated."""
    text = str(json.loads(string, strict=False))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def moved(part: object, places: Sequence[int]) -> object:
    """A part of a tree with the places of the file in place of those of the text that was decoded from it."""
    if isinstance(part, tuple):
        return tuple(moved(each, places) for each in part)
    if not isinstance(part, Node):
        return part
    names = [name for name in part.__struct_fields__ if name != "at"]
    return replace(part, at=places[part.at], **{name: moved(getattr(part, name), places) for name in names})
