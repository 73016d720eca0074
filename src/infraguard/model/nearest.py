"""The closest valid name to one that is not: what a hint about a misspelt word says."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str:
    """A hint that names the closest candidate, or an empty text when none is close."""
    import difflib

    found = difflib.get_close_matches(name, [str(candidate) for candidate in candidates], n=1, cutoff=0.55)
    return f"did you mean {found[0]!r}?" if found else ""
