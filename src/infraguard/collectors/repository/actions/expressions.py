"""GitHub's expressions, as far as an `if` decides from the file alone what starts a job or a step.

An answer has four grades. Between false and true stand what is decided outside of the repository's files (`vars`,
`inputs`, `secrets`), which nobody can tell, and what the change itself decides (`needs`, `steps`, files and authors),
which lets some change through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from msgspec import Struct

from infraguard.readers.patterns import pattern

_TOKEN = pattern(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<operator>&&|\|\||==|!=|<=|>=|[!<>()\[\],])"
    r"|(?P<name>[A-Za-z_][\w-]*(?:\.(?:[\w-]+|\*))*))"
)
_MAX_LENGTH = 4000
_MAX_DEPTH = 40
_OUTSIDE = frozenset({"vars", "inputs", "secrets", "env"})


class Grade(IntEnum):
    """How far an answer holds; `&&` takes the least of two and `||` the greatest."""

    NEVER = 0
    OUTSIDE = 1
    OPEN = 2
    ALWAYS = 3


class Outside(Struct, frozen=True):
    """A value that somebody sets outside of the repository's files."""

    name: str


class Open(Struct, frozen=True):
    """A value that the change or the run decides."""


class Answer(Struct, frozen=True):
    """What a condition says; `outside` names what decides it where that stands in no file."""

    grade: Grade
    outside: str = ""


Names = Mapping[str, Any]


def condition_of(text: str, names: Names) -> Answer:
    """What the condition of an `if` says when the contexts hold `names` (`github.ref` and so on, in lower case).

    A condition that does not parse is open: GitHub would refuse it, and what it lets through is not known.
    """
    stripped = re.sub(r"\A\s*\$\{\{(.*)\}\}\s*\Z", r"\1", text.strip(), flags=re.DOTALL)
    try:
        parser = _Parser(re.sub(r"\$\{\{|\}\}", " ", stripped), names)
        return _answer(parser.whole())
    except ValueError:
        return Answer(Grade.OPEN)


def _answer(value: Any) -> Answer:
    if isinstance(value, Answer):
        return value
    if isinstance(value, Outside):
        return Answer(Grade.OUTSIDE, value.name)
    if isinstance(value, Open):
        return Answer(Grade.OPEN)
    return Answer(Grade.ALWAYS if value not in (False, None, 0, "") else Grade.NEVER)


class _Parser:
    """Evaluates while it reads: the grammar is small, and no part of it has an effect."""

    def __init__(self, text: str, names: Names) -> None:
        if len(text) > _MAX_LENGTH:
            raise ValueError("too long a condition")
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0
        self._names = names

    def whole(self) -> Any:
        value = self._or()
        if self._at < len(self._tokens):
            raise ValueError("something after the end")
        return value

    def _or(self) -> Any:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ValueError("nested too deeply")
        value = self._and()
        while self._takes("||"):
            value = max(_answer(value), _answer(self._and()), key=lambda answer: answer.grade)
        self._depth -= 1
        return value

    def _and(self) -> Any:
        value = self._comparison()
        while self._takes("&&"):
            value = min(_answer(value), _answer(self._comparison()), key=lambda answer: answer.grade)
        return value

    def _comparison(self) -> Any:
        left = self._unary()
        for operator in ("==", "!=", "<=", ">=", "<", ">"):
            if self._takes(operator):
                return _compared(operator, left, self._unary())
        return left

    def _unary(self) -> Any:
        if self._takes("!"):
            answer = _answer(self._unary())
            opposite = {Grade.NEVER: Grade.ALWAYS, Grade.ALWAYS: Grade.NEVER}
            return Answer(opposite.get(answer.grade, answer.grade), answer.outside)
        return self._primary()

    def _primary(self) -> Any:
        if self._takes("("):
            value = self._or()
            self._expect(")")
            return value
        kind, text = self._next()
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text)
        if kind != "name":
            raise ValueError(f"{text!r} is out of place")
        if self._takes("("):
            return self._call(text.lower())
        return self._indexed(text)

    def _indexed(self, name: str) -> Any:
        while self._takes("["):
            key = self._or()
            self._expect("]")
            name = f"{name}.{key}"
        return self._value(name)

    def _value(self, name: str) -> Any:
        lower = name.lower()
        if lower in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[lower]
        if lower in self._names:
            return self._names[lower]
        return Outside(name) if lower.partition(".")[0] in _OUTSIDE else Open()

    def _call(self, name: str) -> Any:
        arguments: list[Any] = []
        while not self._takes(")"):
            arguments.append(self._or())
            self._takes(",")
        if name in _STATES:
            return _STATES[name]
        if name not in _FUNCTIONS or len(arguments) != 2:
            return Open()
        for argument in arguments:
            if isinstance(argument, Outside | Open | Answer):
                return argument
        return _FUNCTIONS[name](*(_text(argument) for argument in arguments))

    def _takes(self, text: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == ("operator", text):
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise ValueError(f"{text} was expected")

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise ValueError("an unexpected end")
        self._at += 1
        return self._tokens[self._at - 1]


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if not match or match.lastgroup is None:
            raise ValueError("not an expression")
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


def _compared(operator: str, left: Any, right: Any) -> Any:
    for value in (left, right):
        if isinstance(value, Outside | Open | Answer):
            return _answer(value) if not isinstance(value, Answer) or value.grade is Grade.OUTSIDE else Open()
    same = _text(left) == _text(right)
    if operator in ("==", "!="):
        return same is (operator == "==")
    return Open()


def _text(value: Any) -> str:
    """GitHub compares texts without regard to case, and a missing value as an empty text."""
    return "" if value is None else str(value).lower()


#: Of a run in which everything before went well.
_STATES: dict[str, bool] = {"success": True, "always": True, "failure": False, "cancelled": False}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": lambda text, start: text.startswith(start),
    "endswith": lambda text, end: text.endswith(end),
}
