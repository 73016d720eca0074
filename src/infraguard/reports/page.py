"""A page of text for a terminal or a pipe: wrapped, indented, in colour if wanted, and never read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import StringIO

from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from infraguard.reports.options import RenderOptions
from infraguard.reports.text import printable

#: A piece of a line: text with a style (`red`, `bold`), or plain text.
Piece = str | tuple[str, str]

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
        self._file = StringIO()
        self._console = Console(
            file=self._file,
            width=options.width,
            force_terminal=options.color,
            color_system="standard" if options.color else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    @property
    def text(self) -> str:
        return self._file.getvalue()

    def blank(self) -> None:
        self._file.write("\n")

    def line(self, *pieces: Piece, indent: int = 0) -> None:
        """One line, never broken: places in files stay in one piece for those who click or copy them."""
        self._print(Text(" " * indent).append_text(_joined(pieces)))

    def prose(self, *pieces: Piece, indent: int = 0, label: Piece = "") -> None:
        """Text broken at blanks to the width. A `label` stands before its first line, and the rest lines up with it."""
        lead = _joined([label]) if label else Text()
        hang = indent + lead.cell_len
        for number, line in enumerate(_wrapped(_joined(pieces), max(self.width - hang, _NARROWEST))):
            first = Text(" " * indent).append_text(lead) if number == 0 else Text(" " * hang)
            self._print(first.append_text(line))

    def heading(self, *pieces: Piece) -> None:
        """A line that opens a part of the report, with a blank line before it unless it is the first."""
        if self._file.tell():
            self.blank()
        self.line(*pieces)

    def rule(self) -> None:
        self.line((self.signs.rule * self.width, "dim"))

    def _print(self, text: Text) -> None:
        text.rstrip()
        self._console.print(text, soft_wrap=True)


def _joined(pieces: Iterable[Piece]) -> Text:
    """The pieces as one text; an empty piece is left out."""
    text = Text()
    for piece in pieces:
        words, style = piece if isinstance(piece, tuple) else (piece, "")
        text.append(printable(words), style=style or None)
    return text


def _wrapped(text: Text, width: int) -> list[Text]:
    """Lines of at most `width` cells, broken at blanks only: what is longer than a line is a path, or to be copied."""
    breaks, used = [], 0
    for word in re.finditer(r"\S+\s*", text.plain):
        cells = cell_len(word[0].rstrip())
        if used and used + cells > width:
            breaks.append(word.start())
            used = 0
        used += cell_len(word[0])
    lines = text.divide(breaks)
    for line in lines:
        line.rstrip()
    return list(lines)
