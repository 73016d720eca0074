"""How much of an application's code the settings of coverage.py leave out of the count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from infraguard.collectors.repository.nature.places import is_application
from infraguard.readers.tree import Tree

#: In the order of coverage.py's own translation of patterns: a star stops at a slash but at the ends and when doubled.
_TOKENS: Final = (
    (re.compile(r"\A\*+/"), r"(?:.*/)?"),
    (re.compile(r"/\*+\Z"), r"/.*"),
    (re.compile(r"\*\*/"), r"(?:.*/)?"),
    (re.compile(r"\*+"), r"[^/]*"),
    (re.compile(r"\?"), r"[^/]"),
)
_MAX_STARS: Final = 4
#: Code that nobody measures: migrations, and files that hold names only.
_UNMEASURED: Final = re.compile(
    r"(?:\A|.*/)(?:(?:db_)?migrations?|alembic|versions)/.*|(?:\A|.*/)__(?:init|main)__\.py"
)


def omitted_percent(tree: Tree, folder: str, patterns: Sequence[str]) -> float | None:
    """The share of the application's files below a folder that patterns leave out; None where there are none."""
    prefix = "" if folder == "." else f"{folder}/"
    inside = [path[len(prefix) :] for path in tree.paths if path.startswith(prefix) and is_application(path)]
    every = [path for path in inside if not _UNMEASURED.match(path)]
    wanted = [re.compile(_expression(text.removeprefix("./"))) for text in patterns if text.count("*") <= _MAX_STARS]
    if not every or not wanted:
        return None
    hidden = sum(any(pattern.fullmatch(path) for pattern in wanted) for path in every)
    return round(100 * hidden / len(every), 1)


def _expression(text: str) -> str:
    found = ""
    at = 0
    while at < len(text):
        for token, meaning in _TOKENS:
            match = token.match(text, at)
            if match:
                found += meaning
                at = match.end()
                break
        else:
            found += re.escape(text[at])
            at += 1
    return found
