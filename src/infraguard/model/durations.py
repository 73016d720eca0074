"""Spans of time as policies write them: `30d`, `12h`, `15m`, `2w`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from infraguard.model.errors import UsageError

_DURATION: Final = re.compile(r"([0-9]{1,6})\s*([smhdw])\Z")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: Any) -> timedelta:
    """The span that a text names. Raises `UsageError` for anything else."""
    match = _DURATION.match(str(text))
    if not match:
        raise UsageError(f"{text!r} is no duration", hint="write 30d, 12h, 15m or 2w")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def measure(value: Any) -> Any:
    """What a figure compares by: the span that a text names, and of everything else itself. Raises `UsageError`."""
    return duration(value) if isinstance(value, str) else value
