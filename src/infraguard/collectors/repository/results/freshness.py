"""Whether a report is of what is judged. One that is not, or that may not be, tells nothing of it.

A report is of what is judged when nothing that it is about is newer: no file was written here after the report was,
and neither the commit nor a changed file is later than the time that the report states. One that names its commit is
held by that name.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.results.judged import Judged
from infraguard.model.values import Unknown

#: Seconds by which times may differ that were rounded.
_ROUNDED: Final = 1.0
#: Seconds after which a report that states its time without a zone is written at the latest.
_WRITING: Final = 60.0


def dated(attributes: dict[str, Any], path: str, judged: Judged | None, remedy: str) -> dict[str, Any]:
    """The attributes of a report, whose figures are unknown where it is not of what is judged."""
    why = _stale(attributes, path, judged) if judged else ""
    if not why:
        return attributes
    stale = Unknown(f"{path} is not known to be of what is judged: {why}", remedy=remedy)
    return {
        name: stale if isinstance(value, (int, float, dict, Unknown)) else value for name, value in attributes.items()
    }


def _stale(attributes: dict[str, Any], path: str, judged: Judged) -> str:
    """Why a report may be of something else; nothing where it is of what is judged."""
    commit, revision = judged.commit, str(attributes.get("revision") or "")
    if judged.is_as_committed(path):
        return "it is a part of the commit, so that it was written before that was made"
    if commit and revision and not (commit.id == revision or commit.is_same(revision)):
        return f"it is of commit {revision[:12]}, and {commit.id[:12]} is checked out"
    brought = judged.written(path)
    stated = _stated(attributes, brought)
    if brought is None and stated is None:
        return "nothing tells when it was written"
    brought = math.inf if brought is None else brought
    at = min(brought, math.inf if stated is None else stated)
    return next(_later(judged, brought, at, is_named=bool(commit and revision)), "")


def _later(judged: Judged, brought: float, at: float, *, is_named: bool) -> Iterator[str]:
    """What is later than a report that was brought here, and made, at these times."""
    commit = judged.commit
    for path in judged.counted():
        written = judged.written(path)
        if written is None or written <= at + _ROUNDED:
            continue
        if not judged.is_as_committed(path):
            yield f"{path} was changed after it was written"
        elif is_named:
            continue
        elif written > brought + _ROUNDED:
            yield f"{path} was checked out after it was written"
        elif commit and commit.at > at + _ROUNDED:
            yield f"it is older than the commit {commit.id[:12]}".rstrip()


def _stated(attributes: dict[str, Any], brought: float | None) -> float | None:
    """When a report says that it was made, or None where it does not.

    A time without a zone is that of the machine that made it, which may be this one, or one that keeps UTC: it is this
    one's where the file was written then, and else the earlier of the two.
    """
    text = attributes.get("generated_at")
    try:
        moment = dt.datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    if moment.tzinfo:
        return moment.timestamp()
    here, utc = moment.timestamp(), moment.replace(tzinfo=dt.UTC).timestamp()
    seconds = attributes.get("time")
    patience = _WRITING + (seconds if isinstance(seconds, (int, float)) else 0.0)
    is_here = brought is not None and -_ROUNDED <= brought - here <= patience
    return here if is_here else min(here, utc)
