"""Putting the pieces of a template together: strip markers, indentation of `<<-`, and directives into a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn
from unicodedata import normalize

from msgspec import Struct

from infraguard.terraform.syntax.nodes import Literal, Node, TemplateFor, TemplateIf

#: Directives inside each other; a template nested deeper is refused.
MAX_DIRECTIVES = 50


_NOTHING = Literal(0, None)


class Directive(Node, frozen=True, gc=False):
    """`if`, `else`, `endif`, `for` or `endfor`, as it stands in the text; only `if` and `for` have a subject."""

    keyword: str
    names: tuple[str, str] = ("", "")
    subject: Node = _NOTHING


class Strip(Node, frozen=True, gc=False):
    """A `~`: white space is cut from the text before it, or else from the text after it."""

    before: bool


#: A template as it is read, before directives become a tree.
Piece = str | Node
Parts = tuple[Piece, ...]
Fail = Callable[[str, int], NoReturn]


def strip(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces without strip markers and without what they cut. Empty text is left out."""
    result: list[Piece] = []
    cut_next = False
    for piece in pieces:
        if isinstance(piece, Strip):
            if not piece.before:
                cut_next = True
            elif result and isinstance(result[-1], str):
                result[-1] = result[-1].rstrip()
            continue
        result.append(piece.lstrip() if cut_next and isinstance(piece, str) else piece)
        cut_next = False
    return [piece for piece in result if piece != ""]


def dedent(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a `<<-` heredoc, one line of text each, without the indentation that all lines share.

    Lines of white space alone neither count nor change.
    """
    opening = [(index, piece) for index, piece in enumerate(pieces) if index == 0 or _ends_line(pieces[index - 1])]
    indented = {index: piece for index, piece in opening if isinstance(piece, str) and not _is_blank(piece)}
    if any(not isinstance(piece, str) for _, piece in opening):
        return pieces  # a line that starts with an interpolation has no indentation to share
    width = min((len(text) - len(text.lstrip()) for text in indented.values()), default=0)
    return [indented[index][width:] if index in indented else piece for index, piece in enumerate(pieces)]


def _is_blank(text: str) -> bool:
    return text.endswith("\n") and not text.strip()


def _ends_line(piece: Piece) -> bool:
    return isinstance(piece, str) and piece.endswith("\n")


class _Open(Struct):
    """A directive that waits for its end; `outer` are the parts around it."""

    directive: Directive
    outer: list[Piece]
    then: Parts | None = None


def nest(pieces: Iterable[Piece], fail: Fail) -> Parts:
    """The pieces with `if` and `for` directives as nodes that hold what is between them and their end."""
    opened: list[_Open] = []
    parts: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, Directive):
            parts.append(piece)
        elif piece.keyword in ("if", "for"):
            if len(opened) == MAX_DIRECTIVES:
                fail("template directives nested too deeply", piece.at)
            opened.append(_Open(piece, parts))
            parts = []
        elif not opened or not _answers(piece.keyword, opened[-1]):
            fail(f'the template directive "{piece.keyword}" closes nothing here', piece.at)
        elif piece.keyword == "else":
            opened[-1].then, parts = tuple(parts), []
        else:
            last = opened.pop()
            last.outer.append(_closed(last, tuple(parts)))
            parts = last.outer
    if opened:
        keyword = opened[-1].directive.keyword
        fail(f'the template directive "{keyword}" is never closed by "end{keyword}"', opened[-1].directive.at)
    return tuple(parts)


def _answers(keyword: str, last: _Open) -> bool:
    if keyword == "else":
        return last.directive.keyword == "if" and last.then is None
    return keyword == f"end{last.directive.keyword}"


def _closed(last: _Open, parts: Parts) -> Node:
    directive = last.directive
    if directive.keyword == "for":
        return TemplateFor(directive.at, *directive.names, directive.subject, parts)
    then, otherwise = (parts, ()) if last.then is None else (last.then, parts)
    return TemplateIf(directive.at, directive.subject, then, otherwise)


def lines_of(text: str) -> Iterator[str]:
    """The lines of a heredoc's text, each with its end: strip markers and indentation work on single lines."""
    *lines, last = (text if text.isascii() else normalize("NFC", text)).split("\n")
    yield from (f"{line}\n" for line in lines)
    if last:
        yield last
