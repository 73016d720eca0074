"""Releases that are put onto a host from afar: by SSH, or by a command of Systems Manager."""

from __future__ import annotations

from typing import Final

from infraguard.collectors.repository.migrations.commands import script_migrates
from infraguard.readers.patterns import pattern

#: The rest of a command, over the ends of lines that it goes on behind.
_REST: Final = r"(?:\\\n|[^;&|\n])*"
_DOCKER: Final = r"\bdocker(?:[\s-]compose)?\s+(?:[^\n;&|]*\s)?"
_REMOTE: Final = pattern(r"(?i)\baws\s+ssm\s+send-command\b|(?<![\w./-])(?:ssh|rsync|scp)\s[^\n]*\S@")
#: A container that is there for one command, one that stays, and the end of one that stood there before.
_ONCE: Final = pattern(rf"{_DOCKER}run\s{_REST}--rm\b{_REST}")
_STARTS: Final = pattern(
    rf"\bdocker\s+run\s{_REST}?(?:-d|--detach)\b|\bdocker[\s-]compose\s[^\n]*\bup\b|\bsystemctl\s+(?:re)?start\b"
)
_STOPS: Final = pattern(rf"{_DOCKER}(?:stop|kill|down)\b|\bdocker\s+rm\s+(?:-f|--force)\b")


def migrates_first(text: str) -> bool:
    """Whether what a host runs has a container of its own migrate before it starts what serves."""
    once, starts = _ONCE.search(text), _STARTS.search(text)
    is_before = once is not None and starts is not None and once.start() < starts.start()
    return is_before and once is not None and bool(_REMOTE.search(text)) and script_migrates(once[0])


def stops_first(text: str) -> bool:
    """Whether a host stops what serves before it starts what will, so that nobody has asked that for its health."""
    stops, starts = _STOPS.search(text), _STARTS.search(text)
    return bool(_REMOTE.search(text)) and stops is not None and starts is not None and stops.start() < starts.start()
