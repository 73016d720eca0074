"""The lowest layer of the parser: a place in the text, and the token that stands there.

Every quantifier over text is possessive, so no input makes matching take more than linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NoReturn, cast

from infraguard.model.errors import SyntaxProblem, TooMuch
from infraguard.readers.patterns import pattern
from infraguard.terraform.syntax.nodes import line_starts

#: Brackets, blocks and templates inside each other. Deeper files are refused, before Python's own stack ends.
MAX_NESTING = 100

#: Matching never fails: the last alternative of a token takes any character.
_Match = Callable[[str, int], re.Match[str]]
_IDENTIFIER = r"[^\W\d][\w-]*+"
_BLOCK_COMMENT = r"/\*(?:[^*]++|\*(?!/))*+\*/"
_LINE_COMMENT = r"(?:\#|//)[^\n]*+"
#: The escapes that a quoted string may hold, as a pattern.
ESCAPE = r'\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})'
_STRING = rf'"(?:[^"\\$%\r\n]++|{ESCAPE}|\$\$\{{|%%\{{|\$(?!\{{)|%(?!\{{))*+"'
_NEWLINE = rf"(?:\n|{_LINE_COMMENT})(?:[ \t\n]++|\r(?=\n)|{_LINE_COMMENT}|{_BLOCK_COMMENT})*+"
_TOKENS = rf"""(?:
  (?P<NAME>{_IDENTIFIER}(?:(?:\.(?:{_IDENTIFIER}|[0-9]++(?!\w|\.[0-9]))|::{_IDENTIFIER})*+))
| (?P<STRING>{_STRING})
| (?P<NEWLINE>{_NEWLINE})
| (?P<NUMBER>[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)
| (?P<QUOTE>")
| (?P<HEREDOC><<-?(?P<TAG>{_IDENTIFIER})\r?\n)
| (?P<OPERATOR>\.\.\.|=>|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:=.,(){{}}\[\]~])
| (?P<END>\Z)
| (?P<OTHER>[\s\S])
)"""
_BY_LINE = cast("_Match", pattern(rf"(?:[ \t]++|\r(?=\n)|{_BLOCK_COMMENT})*+{_TOKENS}", re.VERBOSE).match)
_FREELY = cast(
    "_Match", pattern(rf"(?:[ \t\n]++|\r(?=\n)|{_LINE_COMMENT}|{_BLOCK_COMMENT})*+{_TOKENS}", re.VERBOSE).match
)
#: What follows the name of an argument whose value is one plain token: most are, and four tokens are read as one.
PLAIN_VALUE = pattern(
    rf"[ \t]*+=[ \t]*+(?:(?P<STRING>{_STRING})|(?P<NAME>{_IDENTIFIER}(?:\.{_IDENTIFIER})*+)|(?P<NUMBER>[0-9]{{1,15}}+))"
    rf"[ \t]*+(?P<NEWLINE>{_NEWLINE})"
)
_NOT_HCL = {
    "'": "single quotes are not valid; strings stand in double quotes",
    "`": "backquotes are not valid; strings stand in double quotes",
    ";": "semicolons are not valid; each argument stands on its own line",
    "&": 'a single "&" is not valid; "&&" is the logical and',
    "|": 'a single "|" is not valid; "||" is the logical or',
}
_WORDS = {"NEWLINE": "the end of the line", "END": "the end of the file", "QUOTE": "a string", "HEREDOC": "a heredoc"}


def is_simple(name: str) -> bool:
    """Whether a name token is one identifier, without dots and namespaces."""
    return "." not in name and ":" not in name


class Cursor:
    """A place in a text. `kind` is the sort of the token there, or for operators the operator itself.

    `start` is the offset of the token, `position` the offset after it. Inside brackets line ends mean nothing:
    `enter` and `leave` switch that. In `json` they never mean anything, and `literal` JSON has nothing to evaluate.
    """

    __slots__ = (
        "_by_line",
        "_match",
        "depth",
        "json",
        "kind",
        "literal",
        "path",
        "position",
        "start",
        "tag",
        "text",
        "value",
    )

    def __init__(self, text: str, path: str, *, json: bool = False, literal: bool = False) -> None:
        self.literal = literal
        self.text = text
        self.path = path
        self.position = 1 if text.startswith("\ufeff") else 0
        self.depth = 0
        self.json = json
        self._by_line = _FREELY if json else _BY_LINE
        self._match = self._by_line
        self.kind = self.value = self.tag = ""
        self.start = 0

    def advance(self) -> None:
        """Move to the next token."""
        match = self._match(self.text, self.position)
        kind = match.lastgroup or ""
        self.value = value = match[kind]
        self.position = end = match.end()
        self.start = end - len(value)
        if kind == "OPERATOR":
            self.kind = value
        elif kind == "OTHER":
            self.fail(_NOT_HCL.get(value, f"the character {value!r} is not valid here"))
        else:
            self.kind = kind
            if kind == "HEREDOC":
                self.tag = match["TAG"]

    def mark(self) -> object:
        """The place of the cursor, for `back_to`."""
        return self.position, self.start, self.kind, self.value, self.tag, self.depth, self._match

    def back_to(self, mark: object) -> None:
        """Come back to where `mark` was asked for."""
        self.position, self.start, self.kind, self.value, self.tag, self.depth, self._match = mark  # type: ignore[misc]

    def enter(self, *, by_line: bool | None = None) -> object:
        """Go one level deeper, with line ends significant or not or as before; gives what `leave` takes back."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.refuse(f"nested more than {MAX_NESTING} levels deep")
        outer = self._match
        if by_line is not None:
            self._match = self._by_line if by_line else _FREELY
        return outer

    def leave(self, outer: object) -> None:
        """Come back from `enter`; the closing bracket is still the current token."""
        self.depth -= 1
        self._match = outer  # type: ignore[assignment]  # opaque to callers, so that nobody else matches with it

    def expect(self, kind: str, where: str) -> None:
        """Move past a token that must be there."""
        if self.kind != kind:
            self.fail(f'expected "{kind}" {where}, found {self.found()}')
        self.advance()

    def found(self) -> str:
        """The current token in words."""
        return _WORDS.get(self.kind) or f'"{self.value}"'

    def refuse(self, why: str, at: int | None = None) -> NoReturn:
        """Refuse a file that is beyond a bound of ours, whether Terraform takes it or not."""
        try:
            self.fail(why, at)
        except SyntaxProblem as problem:
            raise TooMuch(why, file=problem.file, line=problem.line, column=problem.column) from None

    def fail(self, why: str, at: int | None = None, hint: str = "") -> NoReturn:
        """Refuse the file, at the current token or another offset."""
        offset = self.start if at is None else at
        if self.kind == "/" and at is None and self.text.startswith("/*", offset):
            why = 'a comment is opened by "/*" and never closed by "*/"'
        starts = line_starts(self.text)
        line = bisect_right(starts, offset)
        raise SyntaxProblem(why, file=self.path, line=line, column=offset - starts[line - 1] + 1, hint=hint)
