"""Schedules as AWS writes them, `rate(1 hour)` and `cron(0 3 * * ? *)`, and the longest time between two runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

_RATE: Final = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)\Z")
_CRON: Final = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+\S+\s*\)\Z")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
#: Two years hold every month's length, and every day of the week on every day of the month but in leap years.
_START: Final = datetime(2025, 1, 1, tzinfo=UTC)
_SPAN: Final = 2 * 365


@lru_cache(maxsize=1024)
def longest_gap(expression: str) -> timedelta | None:
    """The longest time between two runs of a schedule; None for what is no schedule, or one that is not understood."""
    text = expression.strip()
    rate = _RATE.match(text)
    if rate:
        return timedelta(**{f"{rate[2]}s": int(rate[1])}) or None
    cron = _CRON.match(text)
    if cron is None:
        return None
    try:
        runs = list(_runs(*cron.groups()))
    except ValueError:
        return None
    gaps = [later - earlier for earlier, later in pairwise(runs)]
    return max(gaps) if gaps else None


def _runs(minute: str, hour: str, day: str, month: str, weekday: str) -> Iterator[datetime]:
    """The runs in two years. Raises `ValueError` for fields that are not understood, such as `3W` and `MON#1`."""
    minutes, hours = sorted(_field(minute, 0, 59)), sorted(_field(hour, 0, 23))
    months = _field(month, 1, 12, _MONTHS)
    last = day.upper() == "L"
    days = set() if last else _field(day, 1, 31)
    weekdays = _field(weekday, 1, 7, _DAYS)
    for number in range(_SPAN):
        date = _START + timedelta(days=number)
        is_meant = (date + timedelta(days=1)).day == 1 if last else date.day in days
        if is_meant and date.month in months and date.isoweekday() % 7 + 1 in weekdays:
            yield from (date + timedelta(hours=h, minutes=m) for h in hours for m in minutes)


def _field(text: str, low: int, high: int, names: tuple[str, ...] = ()) -> set[int]:
    found: set[int] = set()
    for part in text.upper().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span in ("*", "?"):
            start, end = low, high
        else:
            start = _number(first, low, names)
            end = _number(last, low, names) if last else high if step else start
        if not low <= start <= end <= high:
            raise ValueError(text)
        found.update(range(start, end + 1, int(step) if step else 1))
    return found


def _number(text: str, low: int, names: tuple[str, ...]) -> int:
    return names.index(text) + low if text in names else int(text)
