"""Functions over given times. Those that ask for the present one are not pure and not here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.numbers import COUNTED, Whole
from infraguard.terraform.functions.dates import format_date
from infraguard.terraform.functions.signature import Function, text

_DURATION = pattern(r"(-?[0-9]{1,12}(?:\.[0-9]{1,9})?)(h|ms|m|s|us|µs|ns)")
_RFC3339 = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


def _time(value: str) -> datetime:
    if not _RFC3339.match(value):
        raise EvaluationError(f'"{value[:40]}" is no RFC 3339 time')
    try:
        time = datetime.fromisoformat(value)
    except ValueError as error:
        raise EvaluationError(f'"{value[:40]}" is no RFC 3339 time') from error
    return time


def _add(value: str, duration: str) -> str:
    parts = _DURATION.findall(duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        raise EvaluationError(f'"{duration[:40]}" is no duration')
    sign = -1 if duration.startswith("-") else 1
    seconds = sum(abs(float(number)) * _SECONDS[unit] for number, unit in parts)
    try:
        moved = _time(value) + timedelta(seconds=sign * seconds)
    except OverflowError as error:
        raise EvaluationError("the time is out of range") from error
    return moved.isoformat(timespec="seconds").replace("+00:00", "Z")


def _compare(left: str, right: str) -> int:
    a, b = _time(left).astimezone(UTC), _time(right).astimezone(UTC)
    return Whole((a > b) - (a < b), COUNTED)


FUNCTIONS = {
    "formatdate": Function(lambda pattern, value: format_date(pattern, _time(value)), (text, text)),
    "timeadd": Function(_add, (text, text)),
    "timecmp": Function(_compare, (text, text)),
}
