"""What was seen of many alike parts, folded into one line for people: `rule.*.limit = not set (6 of them)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from infraguard.model.values import Value
from infraguard.readers.patterns import pattern
from infraguard.reports.observed import in_words

_UNSET: Final = in_words(None)
#: How many values that are not set are named; a requirement with many ways out asks for more.
_NAMED: Final = 3
#: How long a text is that the finding's message repeats and a reader would read twice.
_LONG: Final = 40
_NUMBER: Final = pattern(r"(?<=[A-Za-z_])\.\d+(?=[.\s]|\Z)")


def seen_lines(observed: Mapping[str, Value], message: str = "") -> list[str]:
    """One line for each value that was seen; for those of a list's items that say the same, one together.

    Long texts that the message says already are left out, and of many values that are not set some are named.
    """
    alike: dict[tuple[str, str], list[str]] = {}
    for path, value in sorted(observed.items()):
        if not (isinstance(value, str) and len(value) >= _LONG and value in message):
            alike.setdefault((folded(path), in_words(value)), []).append(path)
    lines = [
        (f"{paths[0]} = {words}" if len(paths) == 1 else f"{name} = {words} ({len(paths)} of them)", words)
        for (name, words), paths in alike.items()
    ]
    unset = [line for line, words in lines if words == _UNSET]
    left_out = unset[_NAMED:] if len(unset) > _NAMED + 1 else []
    kept = [line for line, _ in lines if line not in left_out]
    return [*kept, f"{len(left_out)} more = {_UNSET}"] if left_out else kept


def folded(text: str) -> str:
    """A path, or words with paths, with a star for the number of an item."""
    return _NUMBER.sub(".*", text)


def required_words(required: str) -> str:
    """What is required, each once: of items that are asked the same, the number says nothing."""
    parts = required.split("; ")
    names = [folded(part) for part in parts]
    kept = [part if names.count(name) == 1 else name for part, name in zip(parts, names, strict=True)]
    return "; ".join(dict.fromkeys(kept))
