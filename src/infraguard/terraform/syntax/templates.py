"""Strings and heredocs: literal text, `${…}` interpolations and `%{…}` directives."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NoReturn, cast
from unicodedata import normalize

from msgspec.structs import replace

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern
from infraguard.terraform.syntax.cursor import ESCAPE, Cursor, is_simple
from infraguard.terraform.syntax.directives import Directive, Piece, Strip, dedent, lines_of, nest, strip
from infraguard.terraform.syntax.escaped import STRING, decoded, is_escaped_template, literal, moved
from infraguard.terraform.syntax.nodes import Literal, Node, Template, TemplateFor, TemplateIf, line_starts

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
#: The escapes that JSON has and HCL has not.
_JSON_ESCAPES = {"\\/": "/", "\\b": "\b", "\\f": "\f"}
_ESCAPED = pattern(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$\{|%%\{", re.DOTALL)
_DOUBLED = pattern(r"\$\$\{|%%\{")
_QUOTED_TEXT = pattern(rf'(?:[^"\\$%\r\n]++|{ESCAPE}|\$\$\{{|%%\{{|\$(?!\{{)|%(?!\{{))++').match
_PLAIN_TEXT = pattern(r"(?:[^$%]++|\$\$\{|%%\{|\$(?!\{)|%(?!\{))++").match


def unescape(text: str) -> str:
    """What a quoted string means, without its quotes; letters with their accents are one character."""
    if "\\" in text or "{" in text:
        text = _ESCAPED.sub(_character, text)
    if text.isascii():
        return text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # \ud83d\ude00 is one character
    return normalize("NFC", text)


def _character(match: re.Match[str]) -> str:
    escape = match[1]
    if escape is None:
        return match[0][1:]
    if len(escape) == 1:
        return _ESCAPES[escape]
    code = int(escape[1:], 16)
    return chr(code) if code < 0x110000 else "\ufffd"


class Templates(Cursor, ABC):
    """Reads strings. Interpolations need expressions, which the layer above provides."""

    __slots__ = ()

    @abstractmethod
    def expression(self) -> Node:
        """The expression at the cursor, up to the first token that cannot belong to it."""

    def quoted_template(self) -> Node:
        """A string with an interpolation or an error in it; the cursor stands on the opening quote."""
        at = self.start
        if self.json and (string := STRING.match(self.text, at)):
            if self.literal:
                return self._literal(at, string)
            if is_escaped_template(string[0]):
                return self._escaped_template(at, string.end())
        outer = self.enter(by_line=False)
        pieces: list[Piece] = []
        while not self.text.startswith('"', self.position):
            if match := _QUOTED_TEXT(self.text, self.position):
                pieces.append(unescape(match[0]))
                self.position = match.end()
            elif self.json and self.text[self.position : self.position + 2] in _JSON_ESCAPES:
                pieces.append(_JSON_ESCAPES[self.text[self.position : self.position + 2]])
                self.position += 2
            elif self.text.startswith(("${", "%{"), self.position):
                pieces.extend(self._sequence())
            else:
                self._fail_in_string(at)
        self.position += 1
        self.leave(outer)
        self.advance()
        return self._whole(at, strip(pieces), unwraps=True)

    def _literal(self, at: int, string: re.Match[str]) -> Node:
        try:
            text = literal(string[0])
        except ValueError:
            self.fail("invalid escape in a string of JSON", at)
        self.position = string.end()
        self.advance()
        return Literal(at, text)

    def _escaped_template(self, at: int, end: int) -> Node:
        """A string of JSON that has escapes; they may stand inside of what is evaluated."""
        string = decoded(self.text[at + 1 : end - 1], at + 1)
        inner = type(self)(string.text, self.path)
        inner.depth = self.depth
        try:
            node = inner.whole_template(unwraps=True)
        except SyntaxProblem as problem:
            start = line_starts(string.text)[(problem.line or 1) - 1]
            self.fail(problem.why, string.places[min(start + (problem.column or 1), len(string.text) + 1) - 1])
        self.position = end
        self.advance()
        return replace(cast("Node", moved(node, string.places)), at=at)

    def heredoc(self) -> Node:
        """A heredoc; the cursor stands on `<<TAG`."""
        at, tag, indented = self.start, self.tag, self.value.startswith("<<-")
        closing = re.compile(rf"^[ \t]*+{re.escape(tag)}[ \t]*+(?=\r?\n)", re.MULTILINE)
        end = closing.search(self.text, self.position)
        if end is None:
            self.fail(f"unterminated heredoc: expected a line that holds only {tag}, found the end of the file", at)
        outer = self.enter(by_line=False)
        pieces = strip(self._plain(end.start()))
        self.leave(outer)
        self.position = end.end()
        self.advance()
        return self._whole(at, dedent(pieces) if indented else pieces, unwraps=False)

    def whole_template(self, *, unwraps: bool = False) -> Node:
        """The whole text as one template, as `templatefile` reads it."""
        self.enter(by_line=False)
        return self._whole(0, strip(self._plain(len(self.text))), unwraps=unwraps)

    def _plain(self, end: int) -> Iterator[Piece]:
        """The pieces of text in which backslashes mean nothing, up to an offset."""
        while self.position < end:
            if match := _PLAIN_TEXT(self.text, self.position, end):
                text = match[0]
                yield from lines_of(_DOUBLED.sub(lambda m: m[0][1:], text) if "{" in text else text)
                self.position = match.end()
            else:
                yield from self._sequence()

    def _sequence(self) -> Iterator[Piece]:
        """`${…}` or `%{…}` at the position; afterwards the position is behind the closing brace."""
        at = self.position
        is_directive = self.text.startswith("%", at)
        self.position += 2
        if self.text.startswith("~", self.position):
            self.position += 1
            yield Strip(at, before=True)
        self.advance()
        yield self._directive(at) if is_directive else self.expression()
        strips = self.kind == "~"
        if strips:
            self.advance()
        if self.kind != "}":
            self.fail(f'expected "}}" to close the template sequence, found {self.found()}')
        self.position = self.start + 1
        if strips:
            yield Strip(at, before=False)

    def _directive(self, at: int) -> Directive:
        keyword = self.value
        if keyword not in ("if", "else", "endif", "for", "endfor"):
            self.fail(f"expected if, else, endif, for or endfor, found {self.found()}")
        self.advance()
        if keyword == "if":
            return Directive(at, keyword, subject=self.expression())
        if keyword == "for":
            names = self.loop_names()
            return Directive(at, keyword, names, self.expression())
        return Directive(at, keyword)

    def loop_names(self) -> tuple[str, str]:
        """`a in` or `a, b in`, up to and with the `in`. The second name is empty when there is only one."""
        first, second = self._loop_name(), ""
        if self.kind == ",":
            self.advance()
            second = self._loop_name()
        if self.value != "in":
            self.fail(f'expected "in" after the names of a for, found {self.found()}')
        self.advance()
        return first, second

    def _loop_name(self) -> str:
        name = self.value
        if self.kind != "NAME" or not is_simple(name):
            self.fail(f"expected a name after for, found {self.found()}")
        self.advance()
        return name

    def _whole(self, at: int, pieces: list[Piece], *, unwraps: bool) -> Node:
        """One node for the pieces. A lone `"${value}"` keeps the type of its value, but not its place, if `unwraps`."""
        parts = nest(pieces, self.fail)
        lone = parts[0] if unwraps and len(parts) == 1 else ""
        if isinstance(lone, Node) and not isinstance(lone, (TemplateIf, TemplateFor)):
            return replace(lone, at=at)
        texts = [part for part in parts if isinstance(part, str)]
        return Literal(at, "".join(texts)) if len(texts) == len(parts) else Template(at, parts)

    def _fail_in_string(self, opened: int) -> NoReturn:
        """The text at the position can neither go on nor close the string."""
        at = self.position
        if self.text.startswith("\\", at):
            escape = self.text[at : at + 2]
            self.fail(f'invalid escape {escape}: expected one of \\n \\r \\t \\" \\\\ \\uNNNN \\UNNNNNNNN', at)
        end = "line" if at < len(self.text) else "file"
        why = f"unterminated string: expected a closing double quote before the end of the {end}"
        self.fail(why, opened, "text of several lines goes into a heredoc")
