"""`formatdate`, with the letters of Terraform's documentation of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.failures import EvaluationError

_TOKEN = pattern(r"(?P<quoted>'(?:[^']|'')*')|(?P<open>')|(?P<verb>([A-Za-z])\4*)|(?P<other>[^A-Za-z']+)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def format_date(pattern: str, time: datetime) -> str:
    """The time in words. Names are English, whatever the locale of the machine."""
    parts: list[str] = []
    for match in _TOKEN.finditer(pattern):
        if match["open"]:
            raise EvaluationError("a quote is not closed")
        if match["quoted"]:
            parts.append(match["quoted"][1:-1].replace("''", "'"))
        elif match["verb"]:
            if match["verb"] not in _VERBS:
                raise EvaluationError(f'"{match["verb"]}" is no part of a date')
            parts.append(_VERBS[match["verb"]](time))
        else:
            parts.append(match["other"])
    return "".join(parts)


def _zone(separator: str, zero: str) -> Callable[[datetime], str]:
    def shown(time: datetime) -> str:
        offset = time.utcoffset() or timedelta()
        if not offset and zero:
            return zero
        minutes = int(abs(offset).total_seconds()) // 60
        return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{separator}{minutes % 60:02}"

    return shown


def _twelve(time: datetime) -> int:
    return time.hour % 12 or 12


_VERBS: dict[str, Callable[[datetime], str]] = {
    "YYYY": lambda time: f"{time.year:04}",
    "YY": lambda time: f"{time.year % 100:02}",
    "MMMM": lambda time: _MONTHS[time.month - 1],
    "MMM": lambda time: _MONTHS[time.month - 1][:3],
    "MM": lambda time: f"{time.month:02}",
    "M": lambda time: str(time.month),
    "DD": lambda time: f"{time.day:02}",
    "D": lambda time: str(time.day),
    "EEEE": lambda time: _DAYS[time.weekday()],
    "EEE": lambda time: _DAYS[time.weekday()][:3],
    "hh": lambda time: f"{time.hour:02}",
    "h": lambda time: str(time.hour),
    "HH": lambda time: f"{_twelve(time):02}",
    "H": lambda time: str(_twelve(time)),
    "AA": lambda time: "AM" if time.hour < 12 else "PM",
    "aa": lambda time: "am" if time.hour < 12 else "pm",
    "mm": lambda time: f"{time.minute:02}",
    "m": lambda time: str(time.minute),
    "ss": lambda time: f"{time.second:02}",
    "s": lambda time: str(time.second),
    "ZZZZZ": _zone(":", ""),
    "ZZZZ": _zone("", ""),
    "ZZZ": _zone("", "UTC"),
    "Z": _zone(":", "Z"),
}
