"""File patterns of `fileset`: `*` and `?` within a name, `**` over folders, `[…]` and `{a,b}`."""

from __future__ import annotations

import re
from functools import lru_cache

from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted

#: Longer patterns, and more stars, are not tried: matching them could take too long.
MAX_PATTERN = 200
MAX_STARS = 8
_TOKEN = pattern(r"\*\*/|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|\{[^{}]*\}|\\.|.", re.DOTALL)


@lru_cache(maxsize=256)
def glob(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression for a path in full. Raises `EvaluationError` where it is none."""
    if len(pattern) > MAX_PATTERN or pattern.count("*") > MAX_STARS:
        raise Exhausted("a file pattern with too many stars")
    try:
        return re.compile(_pattern(pattern) + r"\Z")
    except re.error as error:
        raise EvaluationError(f"the file pattern is not valid: {error}") from error


def _pattern(pattern: str) -> str:
    return "".join(map(_translated, _TOKEN.findall(pattern)))


def _translated(token: str) -> str:
    match token[0]:
        case "*":
            return {"**/": "(?:[^/]+/)*", "**": ".*"}.get(token, "[^/]*")
        case "?":
            return "[^/]"
        case "[" if len(token) > 1:
            return f"[^{token[2:]}" if token[1] in "!^" else token
        case "{" if len(token) > 1:
            return (
                "(?:"
                + "|".join("".join(map(_translated, _TOKEN.findall(each))) for each in token[1:-1].split(","))
                + ")"
            )
        case "\\":
            return re.escape(token[1:])
    return re.escape(token)
