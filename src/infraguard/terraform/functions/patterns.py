"""Functions over regular expressions.

Terraform's are of Go's RE2 and always take linear time. Python's can explode, so patterns that could are not run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from infraguard.model.values import Value
from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.functions.re2 import translated

#: Longer texts and patterns are not matched.
MAX_TEXT = 100_000
MAX_PATTERN = 1_000
#: More steps of backtracking than this are not risked.
MAX_STEPS = 100_000_000
#: A repeated group (`(a+)+`, `(a|a)*`) can double the steps with each character.
_REPEATED_GROUP = pattern(r"\)(?:[*+]|\{[0-9]*+,?)")
MAX_DOUBLINGS = 24
_REPETITION = pattern(r"(?<!\\)[*+{]")
_DOLLAR = pattern(r"\$(?:\{(\w+)\}|(\w+)|(\$))")


def compiled(pattern: str, subject: str) -> re.Pattern[str]:
    """The pattern, when it is valid and certain to finish on the subject."""
    if len(pattern) > MAX_PATTERN or len(subject) > MAX_TEXT:
        raise Exhausted("a regular expression over too much text")
    if not _certain_to_finish(pattern, len(subject)):
        raise Exhausted("a regular expression that might never finish")
    try:
        return re.compile(translated(pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise EvaluationError(f"the regular expression is not valid: {error}") from error


def _certain_to_finish(pattern: str, length: int) -> bool:
    """Whether the worst case of backtracking over a subject of this length stays within bounds.

    Every unbounded repetition may stop at every character, and so may the start of the match.
    """
    if _REPEATED_GROUP.search(pattern) and length > MAX_DOUBLINGS:
        return False
    choices = len(_REPETITION.findall(pattern)) + (not pattern.startswith("^"))
    return math.comb(length + choices, choices) <= MAX_STEPS


def _capturing(pattern: str, subject: str) -> re.Pattern[str]:
    """The pattern of which all groups have names, or none has."""
    found = compiled(pattern, subject)
    if found.groupindex and len(found.groupindex) < found.groups:
        raise EvaluationError("the regular expression has groups with names and without")
    return found


def regex(pattern: str, subject: str) -> Value:
    """The first match: the text, the list of its groups, or the object of its named groups."""
    match = _capturing(pattern, subject).search(subject)
    if match is None:
        raise EvaluationError("the pattern matches no part of the string")
    return _groups(match)


def regex_all(pattern: str, subject: str) -> list[Value]:
    """Every match that `regex` would give, and no empty one right behind another."""
    found: list[Value] = []
    last = -1
    for match in _matches(_capturing(pattern, subject), subject):
        if match.end() > match.start() or match.start() != last:
            found.append(_groups(match))
        last = match.end()
    return found


def _matches(expression: re.Pattern[str], subject: str) -> Iterator[re.Match[str]]:
    """The matches from left to right; after each the search goes on behind it, or a character further."""
    at = 0
    while at <= len(subject) and (match := expression.search(subject, at)):
        yield match
        at = match.end() if match.end() > at else at + 1


def _groups(match: re.Match[str]) -> Value:
    if match.re.groupindex:
        return dict(match.groupdict())
    return list(match.groups()) if match.re.groups else match[0]


def replace(value: str, part: str, replacement: str) -> str:
    """The value with a substring replaced, or with all matches of `/pattern/`."""
    if len(part) < 2 or not (part.startswith("/") and part.endswith("/")):
        _bound(len(value) + value.count(part) * len(replacement))
        return value.replace(part, replacement)
    pattern = compiled(part[1:-1], value)
    _bound(len(value) + (len(value) + 1) * len(replacement) // 4)
    written: list[str] = []
    last = 0
    for match in _matches(pattern, value):
        written.append(value[last : match.start()])
        if match.end() > last or match.start() == 0:
            written.append(_DOLLAR.sub(partial(_referred, match), replacement))
        last = match.end()
    return "".join([*written, value[last:]])


def _referred(match: re.Match[str], name: re.Match[str]) -> str:
    if name[3]:
        return "$"
    key: Any = name[1] or name[2]
    try:
        return match[int(key) if key.isdigit() else key] or ""
    except IndexError:
        return ""


def _bound(length: int) -> None:
    if length > 10_000_000:
        raise Exhausted("a string grows too long")
