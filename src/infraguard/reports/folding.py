"""What was seen of many alike parts, folded into one line for people: `rule.*.limit = not set (6 of them)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from infraguard.model.values import Value
from infraguard.readers.patterns import pattern
from infraguard.reports.observed import in_words

_NUMBER: Final = pattern(r"(?<=[A-Za-z_])\.\d+(?=[.\s]|\Z)")


def seen_lines(observed: Mapping[str, Value]) -> list[str]:
    """One line for each value that was seen; for those of a list's items that say the same, one together."""
    alike: dict[tuple[str, str], list[str]] = {}
    for path, value in sorted(observed.items()):
        alike.setdefault((folded(path), in_words(value)), []).append(path)
    return [
        f"{paths[0]} = {words}" if len(paths) == 1 else f"{name} = {words} ({len(paths)} of them)"
        for (name, words), paths in alike.items()
    ]


def folded(text: str) -> str:
    """A path, or words with paths, with a star for the number of an item."""
    return _NUMBER.sub(".*", text)


def required_words(required: str) -> str:
    """What is required, each once: of items that are asked the same, the number says nothing."""
    parts = required.split("; ")
    names = [folded(part) for part in parts]
    kept = [part if names.count(name) == 1 else name for part, name in zip(parts, names, strict=True)]
    return "; ".join(dict.fromkeys(kept))
