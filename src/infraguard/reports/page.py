"""A page of text for a terminal or a pipe: wrapped, indented, in colour if wanted, and never read as markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from infraguard.reports.options import RenderOptions
from infraguard.reports.text import printable

#: A piece of a line: text with a style (`red`, `bold yellow`), or plain text.
Piece = str | tuple[str, str]

#: Text that is printable already, and the style of it, which may be none.
_Styled = tuple[str, str]

#: What the words of a style are for a terminal: the parameters of "Select Graphic Rendition" (ECMA-48, 8.3.117).
_RENDITIONS: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}
#: Prose is never broken into columns narrower than this, however far it is indented.
_NARROWEST = 24


class Signs(Struct, frozen=True):
    """The few signs of a report."""

    fail: str
    unknown: str
    good: str
    rule: str
    dot: str
    arrow: str


_UNICODE = Signs(fail="✗", unknown="?", good="✓", rule="─", dot="·", arrow="→")
_ASCII = Signs(fail="x", unknown="?", good="+", rule="-", dot="-", arrow="->")


class Page:
    """Lines, gathered. Every text that comes in is made printable, and none is read as markup."""

    def __init__(self, options: RenderOptions) -> None:
        self.signs = _UNICODE if options.unicode else _ASCII
        self.width = options.width
        self._color = options.color
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def blank(self) -> None:
        self._lines.append("")

    def line(self, *pieces: Piece, indent: int = 0) -> None:
        """One line, never broken: places in files stay in one piece for those who click or copy them."""
        self._print([(" " * indent, ""), *_styled(pieces)])

    def prose(self, *pieces: Piece, indent: int = 0, label: Piece = "") -> None:
        """Text broken at blanks to the width. A `label` stands before its first line, and the rest lines up with it."""
        lead = _styled([label])
        hang = indent + sum(_cells(text) for text, _ in lead)
        for number, line in enumerate(_wrapped(_styled(pieces), max(self.width - hang, _NARROWEST))):
            first = [(" " * indent, ""), *lead] if number == 0 else [(" " * hang, "")]
            self._print([*first, *line])

    def heading(self, *pieces: Piece) -> None:
        """A line that opens a part of the report, with a blank line before it unless it is the first."""
        if self._lines:
            self.blank()
        self.line(*pieces)

    def rule(self) -> None:
        self.line((self.signs.rule * self.width, "dim"))

    def _print(self, line: list[_Styled]) -> None:
        plain = "".join(text for text, _ in line)
        shown = len(plain.rstrip())
        self._lines.append("".join(map(_rendered, _cut(line, 0, shown))) if self._color else plain[:shown])


def _styled(pieces: Iterable[Piece]) -> list[_Styled]:
    pairs = (piece if isinstance(piece, tuple) else (piece, "") for piece in pieces)
    return [(printable(text), style) for text, style in pairs if text]


def _rendered(piece: _Styled) -> str:
    text, style = piece
    codes = ";".join(_RENDITIONS[word] for word in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m" if codes else text


def _wrapped(line: list[_Styled], width: int) -> Iterator[list[_Styled]]:
    """Lines of at most `width` cells, broken at blanks only: what is longer than a line is a path, or to be copied."""
    start = used = 0
    plain = "".join(text for text, _ in line)
    for word in re.finditer(r"\S+\s*", plain):
        cells = _cells(word[0].rstrip())
        if used and used + cells > width:
            yield _cut(line, start, word.start())
            start, used = word.start(), 0
        used += _cells(word[0])
    yield _cut(line, start, len(plain))


def _cut(line: list[_Styled], start: int, end: int) -> list[_Styled]:
    """What stands between two places of a line, in its styles."""
    kept, at = [], 0
    for text, style in line:
        part = text[max(start - at, 0) : max(end - at, 0)]
        if part:
            kept.append((part, style))
        at += len(text)
    return kept


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide sign, none for what is written over another."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) > 0 for sign in text)
