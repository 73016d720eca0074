"""Options of a command line whose words are known, and variables in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

_VARIABLE = pattern(r"\$\{\{\s*env\.(\w+)\s*\}\}|\$\{(\w+)\}|\$(\w+)")


def option(words: Sequence[str], name: str) -> str | None:
    """The value of the last `--name=value` or `--name value`; None without it, "" without a value."""
    found: str | None = None
    for index, word in enumerate(words):
        if word.startswith(f"{name}="):
            found = word[len(name) + 1 :]
        elif word == name:
            following = words[index + 1] if index + 1 < len(words) else ""
            found = "" if following.startswith("-") else following
    return found


def number_option(words: Sequence[str], name: str, variables: Mapping[str, Any]) -> float | Unknown | None:
    """The number that an option gives, its variables filled in; None without the option."""
    text = option(words, name)
    if text is None:
        return None
    filled = _VARIABLE.sub(lambda match: str(variables.get(match[1] or match[2] or match[3], match[0])), text)
    try:
        return float(filled)
    except ValueError:
        return Unknown(
            f"{name} is {filled!r}, which is known when the command runs",
            depends_on=(filled,),
            remedy=f"write the number after {name}",
        )
