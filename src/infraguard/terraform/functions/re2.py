"""Regular expressions of Go written as those of Python.

What Go refuses is refused (`EvaluationError`); what Python has no words for is not worked out (`Exhausted`).
"""

from __future__ import annotations

import re
from typing import Final

from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted

#: Go's bound on how often something is repeated.
MAX_REPEAT: Final = 1000
_SPACE: Final = r"\t\n\f\r "
_POSIX: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_NEGATED: Final = {"digit": r"\D", "word": r"\W"}
_REPEAT: Final = pattern(r"\{(\d+)(?:(,)(\d*))?\}")
_NAMED: Final = pattern(r"\(\?P?<(\w+)>")
_FLAGS: Final = pattern(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_NUMBER: Final = pattern(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|(0[0-7]{0,2}|[1-7][0-7]{1,2})")
_CLASS: Final = pattern(r"\[:(\^?)(\w+):\]")
_QUOTED: Final = pattern(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)


def translated(text: str) -> str:
    """The pattern for Python, to be compiled with ASCII classes."""
    return _Translation(text).whole()


class _Translation:
    """Goes through a pattern once. `_starts` says that nothing of the group stands before the place that it is at."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._names: set[str] = set()
        #: Of each group that is open, whether `$` means the end of a line in it, and what closes it in Python.
        self._open: list[tuple[bool, str]] = [(False, "")]
        self._may_repeat = False
        self._starts = True

    def whole(self) -> str:
        written: list[str] = []
        while self._at < len(self._text):
            starts, self._starts = self._starts, False
            written.append(self._group(starts=starts) if self._text[self._at] == "(" else self._next())
        if len(self._open) > 1:
            raise EvaluationError("a group of the regular expression is never closed")
        return "".join(written) + self._open[0][1]

    def _next(self) -> str:
        character = self._text[self._at]
        if character in "*+?" or (character == "{" and _REPEAT.match(self._text, self._at)):
            return self._repeated()
        self._may_repeat = character != "|"
        if character == "\\":
            return self._escape()
        if character == "[":
            return self._class()
        self._at += 1
        if character == ")":
            if len(self._open) == 1:
                raise EvaluationError("a parenthesis of the regular expression closes nothing")
            return self._open.pop()[1]
        if character in "$^":
            return self._place("^" if character == "^" else "$" if self._open[-1][0] else r"\Z")
        return r"\{" if character == "{" else character

    def _place(self, written: str) -> str:
        """A place in the text, in a group where it is repeated: Go does not mind."""
        following = self._text[self._at : self._at + 1]
        return f"(?:{written})" if following and following in "*+?{" else written

    def _group(self, *, starts: bool) -> str:
        self._may_repeat, self._starts = False, True
        of_lines = self._open[-1][0]
        if named := _NAMED.match(self._text, self._at):
            if named[1] in self._names:
                raise Exhausted("a regular expression with two groups of one name")
            self._names.add(named[1])
            self._at = named.end()
            self._open.append((of_lines, ")"))
            return f"(?P<{named[1]}>"
        if not self._text.startswith("(?", self._at):
            self._at += 1
            self._open.append((of_lines, ")"))
            return "("
        found = _FLAGS.match(self._text, self._at)
        if found is None:
            raise EvaluationError("the regular expression has a group that Go does not know")
        self._at = found.end()
        return self._flagged(found[1], found[2] or "", is_group=found[3] == ":", starts=starts)

    def _flagged(self, on: str, off: str, *, is_group: bool, starts: bool) -> str:
        """A group with flags, or flags that hold up to the end of the group that they stand in."""
        if "U" in on + off or not (is_group or starts) or ("i" in on and not self._text.isascii()):
            raise Exhausted("a regular expression with flags that Python does not know, or not there")
        of_lines = "m" in on or (self._open[-1][0] and "m" not in off)
        written = "".join(sorted(set(on) - set(off))), "".join(sorted(set(off)))
        opening = f"(?{written[0]}{'-' if written[1] else ''}{written[1]}:"
        if is_group:
            self._open.append((of_lines, ")"))
        else:
            self._open[-1] = (of_lines, f"){self._open[-1][1]}")
        return opening

    def _repeated(self) -> str:
        if not self._may_repeat:
            raise EvaluationError("a repetition in the regular expression repeats nothing, or a repetition")
        self._may_repeat = False
        found = _REPEAT.match(self._text, self._at)
        written = found[0] if found else self._text[self._at]
        if found:
            least, most = int(found[1]), int(found[3] or found[1])
            if max(least, most) > MAX_REPEAT or least > most:
                raise EvaluationError("the regular expression repeats something too often")
        self._at += len(written)
        if self._text.startswith("?", self._at):
            self._at += 1
            written += "?"
        return written

    def _escape(self) -> str:
        """An escape outside of brackets."""
        if quoted := _QUOTED.match(self._text, self._at):
            self._at = quoted.end()
            self._may_repeat = bool(quoted[1])
            return re.escape(quoted[1])
        kind = self._text[self._at + 1 : self._at + 2]
        if kind and kind in "sS":
            self._at += 2
            return f"[{'^' if kind == 'S' else ''}{_SPACE}]"
        if kind and kind in "AbBdDwWz":
            self._at += 2
            written = r"\Z" if kind == "z" else f"\\{kind}"
            return written if kind in "dDwW" else self._place(written)
        return re.escape(self._escaped())

    def _escaped(self) -> str:
        """The character that an escape stands for, inside of brackets and outside."""
        if number := _NUMBER.match(self._text, self._at + 1):
            code = int(number[3], 8) if number[3] else int(number[1] or number[2], 16)
            if code > 0x10FFFF:
                raise EvaluationError("the regular expression names a character that there is not")
            self._at = number.end()
            return chr(code)
        kind = self._text[self._at + 1 : self._at + 2]
        self._at += 2
        if kind and kind in "afnrtv":
            return {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}[kind]
        if kind and kind in "pPC":
            raise Exhausted("a regular expression over classes of Unicode")
        if not kind or not kind.isascii() or kind.isalnum():
            raise EvaluationError(f"the regular expression has an unknown escape \\{kind}")
        return kind

    def _class(self) -> str:
        """What stands in brackets."""
        self._at += 1
        written = "["
        if self._text.startswith("^", self._at):
            self._at += 1
            written += "^"
        is_first = True
        while is_first or not self._text.startswith("]", self._at):
            if self._at >= len(self._text):
                raise EvaluationError("brackets of the regular expression are never closed")
            written += self._member()
            is_first = False
        self._at += 1
        return f"{written}]"

    def _member(self) -> str:
        """A class of characters, one of them, or a range."""
        if named := _CLASS.match(self._text, self._at):
            self._at = named.end()
            if named[2] not in _POSIX:
                raise EvaluationError(f"the regular expression has an unknown class {named[0]}")
            if not named[1]:
                return _POSIX[named[2]]
            if named[2] not in _NEGATED:
                raise Exhausted("a regular expression with all but a class inside of brackets")
            return _NEGATED[named[2]]
        if self._text.startswith(("\\d", "\\D", "\\w", "\\W", "\\s", "\\S"), self._at):
            kind = self._text[self._at + 1]
            self._at += 2
            if kind == "S":
                raise Exhausted("a regular expression with all but a class inside of brackets")
            return _SPACE if kind == "s" else f"\\{kind}"
        low = self._single()
        if not self._text.startswith("-", self._at) or self._text[self._at + 1 : self._at + 2] in ("]", ""):
            return re.escape(low)
        self._at += 1
        high = self._single()
        if high < low:
            raise EvaluationError("the regular expression has a range that ends before it begins")
        return f"{re.escape(low)}-{re.escape(high)}"

    def _single(self) -> str:
        character = self._text[self._at]
        if character == "\\":
            return self._escaped()
        self._at += 1
        return character
