"""What can be told from a PromQL expression without evaluating it: its metrics, and a simple comparison."""

from __future__ import annotations

import re
from math import prod
from typing import Any

from infraguard.readers.patterns import pattern

_STRING = pattern(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`", re.DOTALL)
_COMMENT = pattern(r"#[^\n]*")
_NAMED = pattern(r"__name__\s*=\s*[\"']([A-Za-z_:][\w:]*)[\"']")
_SELECTOR = pattern(r"\{[^{}]*\}")
_RANGE = pattern(r"\[[^\[\]]*\]")
_LABELS = pattern(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)", re.IGNORECASE)
_NAME = pattern(r"(?<![\w.:])([A-Za-z_:][\w:]*)\b(?!\s*\()")
_WORDS = frozenset(
    {
        *("and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right"),
        *("sum", "min", "max", "avg", "count", "stddev", "stdvar", "group", "topk", "bottomk", "quantile"),
        *("count_values", "limitk", "limit_ratio", "start", "end", "inf", "nan"),
    }
)
_COMPARISON = pattern(r"==|!=|>=|<=|>|<")
_SET_OPERATOR = pattern(r"\b(?:and|or|unless)\b", re.IGNORECASE)
_MATCHING = pattern(r"(?i)\A(?:on|ignoring)\s*\([^()]*\)\s*")
_NUMBER = pattern(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z")
_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


def metrics(expression: str) -> list[str]:
    """The names of the metrics that an expression reads, each once, in their order."""
    named = _NAMED.findall(expression)
    bare = _LABELS.sub(" ", _RANGE.sub(" ", _SELECTOR.sub(" ", _without_text(expression))))
    found = [name for name in _NAME.findall(bare) if name.lower() not in _WORDS]
    return list(dict.fromkeys([*found, *named]))


def comparison(expression: str) -> dict[str, Any] | None:
    """`{left, operator, value}` of an expression that compares one thing with a number; None for any other.

    What it is joined to by `and` is left out where it asks for any traffic at all: `and rate(requests_total[5m]) > 0`.
    """
    text = _COMMENT.sub(" ", expression).strip()
    outer = _blanked(text)
    joined = list(_SET_OPERATOR.finditer(outer))
    if joined:
        return _guarded(text, joined) if all(each[0].lower() == "and" for each in joined) else None
    found = list(_COMPARISON.finditer(outer))
    if len(found) != 1:
        return None
    operator = found[0][0]
    left = text[: found[0].start()].strip()
    right = text[found[0].end() :].strip().removeprefix("bool ").strip()
    if (value := _constant(right)) is not None:
        return {"left": left, "operator": operator, "value": value}
    if (value := _constant(left)) is not None:
        return {"left": right, "operator": _MIRRORED[operator], "value": value}
    return None


def _guarded(text: str, joined: list[re.Match[str]]) -> dict[str, Any] | None:
    """The only one of several conditions that is not met by any traffic at all; None where there are more."""
    starts, ends = [0, *(each.end() for each in joined)], [*(each.start() for each in joined), len(text)]
    parts = [_MATCHING.sub("", text[start:end].strip()) for start, end in zip(starts, ends, strict=True)]
    compared = [comparison(part) for part in parts]
    mains = [each for each in compared if each is None or each["operator"] != ">" or each["value"] != 0]
    return mains[0] if len(mains) == 1 else None


def _constant(text: str) -> float | None:
    """A number, or a product of numbers such as `30 * 24 * 3600`; None for anything else."""
    factors = [factor.strip() for factor in text.strip("() ").split("*")]
    return prod(float(factor) for factor in factors) if all(_NUMBER.match(factor) for factor in factors) else None


def _without_text(expression: str) -> str:
    return _COMMENT.sub(" ", _STRING.sub('""', expression))


def _blanked(text: str) -> str:
    """The expression with everything in brackets and quotes turned to spaces, offsets unchanged."""
    text = _STRING.sub(lambda match: " " * len(match[0]), text)
    depth = 0
    letters: list[str] = []
    for letter in text:
        depth -= letter in ")]}"
        letters.append(letter if depth <= 0 else " ")
        depth += letter in "([{"
    return "".join(letters)
