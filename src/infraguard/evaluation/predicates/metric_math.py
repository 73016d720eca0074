"""CloudWatch's metric math, worked out for given values of the metrics that it names.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html: arithmetic, comparisons, AND and
OR, and the functions that say something of steady values. What depends on the past of a metric is not worked out.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from typing import Final, NoReturn

from infraguard.readers.patterns import pattern

_TOKEN: Final = pattern(r"\s*(?:(\d+\.?\d*|\.\d+)|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/^(),<>\[\]])|(\S))")
_DEEPEST: Final = 50

#: The value of a name in an expression.
Lookup = Callable[[str], float]


class NotWorkedOut(Exception):
    """An expression that cannot be worked out here, with what stands in the way."""


def result(expression: str, value_of: Lookup, every: Callable[[], list[float]]) -> float:
    """What an expression gives. `every` are the values of all metrics of the alarm, for `METRICS()`.

    Raises `NotWorkedOut`, and lets through what `value_of` raises.
    """
    return _Reader(expression, value_of, every).whole()


def _tokens(expression: str) -> Iterator[str]:
    position = 0
    text = expression.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match[4]:
            raise NotWorkedOut(f"{text[position:].strip()[:20]!r} has no meaning in {expression!r}")
        yield match[1] or match[2] or match[3]
        position = match.end()


class _Reader:
    """Works an expression out while it is read: what binds weakest is asked first."""

    def __init__(self, expression: str, value_of: Lookup, every: Callable[[], list[float]]) -> None:
        self._expression = expression
        self._value_of = value_of
        self._every = every
        self._tokens = list(_tokens(expression))
        self._at = 0
        self._depth = 0

    def whole(self) -> float:
        value = self._level(0)
        if self._at < len(self._tokens):
            self._fail(self._tokens[self._at])
        return value

    def _fail(self, what: str) -> NoReturn:
        raise NotWorkedOut(f"{what} is not understood in {self._expression!r}")

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, expected: str = "") -> str:
        token = self._peek()
        if not token or (expected and token != expected):
            self._fail(token or "the end")
        self._at += 1
        return token

    def _level(self, level: int) -> float:
        if level == len(_LEVELS):
            return self._single()
        value = self._level(level + 1)
        while (apply := _LEVELS[level].get(self._peek().upper())) is not None:
            self._at += 1
            value = apply(value, self._level(level + 1))
        return value

    def _single(self) -> float:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail("what is nested so deeply")
        try:
            return self._operand()
        finally:
            self._depth -= 1

    def _operand(self) -> float:
        start = self._take()
        match start[0]:
            case "-":
                return -self._single()
            case "(":
                value = self._level(0)
                self._take(")")
                return value
            case sign if sign.isdigit() or sign == ".":
                return float(start)
            case sign if sign.isalpha() or sign == "_":
                return self._call(start.upper()) if self._peek() == "(" else self._value_of(start)
        return self._fail(start)

    def _call(self, name: str) -> float:
        self._take("(")
        arguments: list[float] = []
        while self._peek() != ")":
            arguments.extend(self._argument())
            if self._peek() != ")":
                self._take(",")
        self._take(")")
        function, least, most = _FUNCTIONS.get(name, (None, 0, 0))
        if function is None or not least <= len(arguments) <= most:
            self._fail(f"{name}() of {len(arguments)}")
        try:
            return function(arguments)
        except (ValueError, OverflowError):
            return math.nan

    def _argument(self) -> list[float]:
        if self._peek().upper() == "METRICS":
            self._take()
            self._take("(")
            self._take(")")
            return self._every()
        if self._peek() != "[":
            return [self._level(0)]
        self._take("[")
        values = [self._level(0)]
        while self._peek() == ",":
            self._take()
            values.append(self._level(0))
        self._take("]")
        return values


def _divided(left: float, right: float) -> float:
    """CloudWatch gives no data where it would divide by zero; nothing compares with that."""
    return left / right if right else math.nan


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except (ValueError, OverflowError):
        return math.nan


def _if(arguments: list[float]) -> float:
    """`IF(condition, then)` is no data where the condition does not hold."""
    condition, then, *otherwise = arguments
    return then if condition else otherwise[0] if otherwise else math.nan


def _fill(arguments: list[float]) -> float:
    """`FILL(metric, 0)`: the other value where there is no data."""
    return arguments[1] if math.isnan(arguments[0]) else arguments[0]


_LEVELS: Final[tuple[dict[str, Callable[[float, float], float]], ...]] = (
    {name: lambda a, b: float(bool(a) or bool(b)) for name in ("OR", "||")},
    {name: lambda a, b: float(bool(a) and bool(b)) for name in ("AND", "&&")},
    {
        "==": lambda a, b: float(a == b),
        "!=": lambda a, b: float(a != b),
        "<": lambda a, b: float(a < b),
        "<=": lambda a, b: float(a <= b),
        ">": lambda a, b: float(a > b),
        ">=": lambda a, b: float(a >= b),
    },
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": _divided},
    {"^": _power},
)
_MANY: Final = 500
#: Each function with how many values it takes.
_FUNCTIONS: Final[dict[str, tuple[Callable[[list[float]], float], int, int]]] = {
    "IF": (_if, 2, 3),
    "FILL": (_fill, 2, 2),
    "ABS": (lambda values: abs(values[0]), 1, 1),
    "CEIL": (lambda values: float(math.ceil(values[0])), 1, 1),
    "FLOOR": (lambda values: float(math.floor(values[0])), 1, 1),
    "SUM": (sum, 1, _MANY),
    "AVG": (lambda values: sum(values) / len(values), 1, _MANY),
    "MIN": (min, 1, _MANY),
    "MAX": (max, 1, _MANY),
}
