"""What an alert of Prometheus watches, and whether it goes off in time: the forms that exporters and their users share.

An alert on something else does not satisfy the gate. One on the right thing whose threshold cannot be read (several
comparisons, a threshold that is itself a metric, a figure without a unit) is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from msgspec.structs import replace

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.predicates.promql import Compared, reduced
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known
from infraguard.readers.patterns import pattern

Told: TypeAlias = "bool | None"
_FAILED_ANSWER = r"(?i)\b\w*(?:status|code|class)\w*\s*=~?\s*[\"'`][^\"'`]*5(?:\.\.|xx|\d\d|\[|\.\*|\\\\d)|5xx"
_ERRORS = rf"{_FAILED_ANSWER}|\b\w*(?:http|request|grpc|api)\w*_(?:errors?|failures?|failed|exceptions)(?:_\w+)?\b"
_GOOD_ANSWER = r"(?i)\b\w*(?:status|code|class)\w*\s*(?:!~?\s*[\"'`][^\"'`]*5|=~\s*[\"'`][^\"'`]*[(\[]?2[^\"'`]*[\"'`])"
_NOT_GOOD = pattern(r"(?i)\b\w*(?:status|code|class)\w*\s*!~?\s*[\"'`][^\"'`]*5")
_NAMED_SHARE = pattern(r"(?i)^[\w:]*(ratio|share|percent(?:age)?|pct)[\w:]*(?:\{.*\})?$", re.DOTALL)
_QUANTILE = pattern(r"(?i)histogram_quantile\(\s*([\d.]+)|quantile\s*=\s*[\"'`]([\d.]+)")
#: What may tell of the slowest answers, by itself or in what it was recorded from.
_OF_THE_SLOWEST = pattern(r"(?i)quantile|\bmax|p9\d|9\d(?:th)?\b|:")
_ANSWER_TIME = (
    r"(?i)\b\w*(?:http|request|response|latency|grpc|api)\w*(?:seconds|milliseconds|_ms|duration|latency|time)\w*"
)
_SPACE = r"(?i)\b\w*(?:filesystem|disk|volume_stats)\w*(?:avail|free|used|usage)\w*"
_NO_SPACE = pattern(r"(?i)\b\w*(?:inodes|files)_?(?:free|used)?\b|_io_")
_FORECAST = pattern(r"\bpredict_linear\s*\(")
_MEMORY = r"\b(?:node|container|kube\w*|windows|process|system|instance)[\w:]*(?:[mM]em(?:ory|_)|rss)[\w:]*|\bmem_\w+"
_FREE = pattern(r"(?i)avail|free|buffers|cached")
_MONEY = r"(?i)\b\w*(?:transaction|payment|invoice|financial|charge|refund|payout|billing)\w*"
_FAILURE = pattern(r"(?i)fail|error|declin|reject")
_CERTIFICATE = r"(?i)\b\w*(?:ssl|tls|x509|cert)\w*(?:expir|not_?after|days)\w*"
_RANGE = pattern(r"\[\s*(\d+)(ms|[smhdw])\s*(?::[^\]]*)?\]")
_SECONDS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}

#: A wait that days cannot tell apart.
_DAY: Final = 86400


class Subject(NamedTuple):
    """What makes an expression one about a thing, and how its comparison is judged by a limit."""

    about: Callable[[str], bool]
    in_time: Callable[[Compared, float], Told]


def _says(pattern: str) -> Callable[[str], bool]:
    return lambda expression: re.search(pattern, expression) is not None


def _error_rate(compared: Compared, percent: float) -> Told:
    share = percent / 100
    if compared.whole:
        good = re.search(_GOOD_ANSWER, compared.part) and (
            _NOT_GOOD.search(compared.part) or not re.search(_ERRORS, compared.part)
        )
        return (compared.of_the_rest() if good else compared).goes_off_above(share)
    if _NAMED_SHARE.match(compared.part):
        return _named_share(compared).goes_off_above(share)
    return True if compared.goes_off_above(0) else None if ":" in compared.part else False


def _named_share(compared: Compared) -> Compared:
    """A recorded figure whose name says that it is a share, and whether in percent."""
    percent = re.search(r"(?i)percent|pct", compared.part) is not None
    return compared._replace(value=compared.value / 100) if percent else compared


def _latency(compared: Compared, milliseconds: float) -> Told:
    quantiles = [float(one or other) for one, other in _QUANTILE.findall(compared.part)]
    if not quantiles or min(quantiles) < 0.95:
        return False
    if re.search(r"(?i)milliseconds|_ms(_|\b)|millis", compared.part):
        return compared.goes_off_above(milliseconds)
    return compared.goes_off_above(milliseconds / 1000) if re.search(r"(?i)seconds", compared.part) else None


def _disk(compared: Compared, percent: float) -> Told:
    if _FORECAST.search(compared.part):
        return False  # it goes off at whatever is free, once it falls fast
    return _free_share(compared, percent / 100)


def _memory(compared: Compared, percent: float) -> Told:
    return _free_share(compared, 1 - percent / 100)


def _free_share(compared: Compared, least: float) -> Told:
    """Whether it goes off when less than this share is free. Of bytes without a whole nothing can be told."""
    if not compared.whole and not _NAMED_SHARE.match(compared.part):
        return None
    compared = compared if compared.whole else _named_share(compared)
    free = _FREE.search(compared.part) is not None
    return compared.goes_off_below(least) if free else compared.goes_off_above(1 - least)


def _failures(compared: Compared, count: float) -> Told:
    """Whether it goes off at the first failure beyond those that may pass: by a count, or by a rate over a time."""
    if not _FAILURE.search(compared.part):
        return False
    if compared.whole:
        return compared.goes_off_above(0)
    found = _RANGE.search(compared.part) if re.search(r"\bi?rate\s*\(", compared.part) else None
    reached = compared.value * (int(found[1]) * _SECONDS[found[2]] if found else 1)
    return reached < count + 1 if compared.operator == ">" else reached <= count + 1 and compared.operator == ">="


def _certificate(compared: Compared, days: float) -> Told:
    if re.search(r"-\s*time\s*\(\s*\)", compared.part) or re.search(r"(?i)seconds|expires_in\b", compared.part):
        return compared.goes_off_below(days * 86400)
    return compared.goes_off_below(days) if re.search(r"(?i)days", compared.part) else None


_UNREAD: Final[dict[str, Any]] = {
    "reason": "the threshold of an alert cannot be read from its expression",
    "remedy": "compare one figure with one number, as a share, or with its unit in the metric's name",
    "depends_on": ("the threshold of an alert",),
}
SUBJECTS: Final[dict[str, Subject]] = {
    "certificate_expiry": Subject(_says(_CERTIFICATE), _certificate),
    "disk_space": Subject(lambda text: bool(re.search(_SPACE, text)) and not _NO_SPACE.search(text), _disk),
    "error_rate": Subject(lambda text: bool(re.search(f"{_ERRORS}|{_GOOD_ANSWER[4:]}", text)), _error_rate),
    "failed_transactions": Subject(
        lambda text: bool(re.search(_MONEY, text)) and _FAILURE.search(text) is not None, _failures
    ),
    "latency": Subject(_says(_ANSWER_TIME), _latency),
    "memory": Subject(_says(_MEMORY), _memory),
}


def _held(trace: Trace, item: Item, name: str, compared: Compared, limit: float) -> Trace:
    """Whether an alert that sees it in time still tells of it in time, after what `for` makes it wait."""
    waits = known(lookup(item.value, "for_seconds"))
    if isinstance(waits, (Unknown, Denied)):
        is_weighed = name in ("certificate_expiry", "failed_transactions")
        return replace(trace, truth=None, **why_unread(waits)) if is_weighed else replace(trace, truth=True)
    seconds = float(waits) if isinstance(waits, int | float) else 0.0
    if name == "certificate_expiry" and seconds > _DAY:
        return replace(trace, truth=_certificate(compared, limit + seconds / _DAY), path="for_seconds")
    window = _RANGE.search(compared.part) if name == "failed_transactions" else None
    if window and seconds >= int(window[1]) * _SECONDS[window[2]]:
        return replace(trace, truth=False, path="for_seconds")  # one failure has left the window before
    return replace(trace, truth=True)


def _unread(name: str, expression: str) -> Told:
    """What an expression says without a comparison that can be read: an average is none of the slowest."""
    return None if name != "latency" or _OF_THE_SLOWEST.search(expression) else False


def goes_off_in_time(name: str) -> Callable[..., Trace]:
    """The predicate whether an alert watches a thing, and goes off at a limit or before."""
    subject = SUBJECTS[name]

    def judged(item: Item, _: World, limit: Value) -> Trace:
        expression, compared = str(known(lookup(item.value, "expr"))), known(lookup(item.value, "comparison"))
        trace = Trace(
            operator="goes off in time", truth=False, path="expr", expected=limit, observed=expression,
            location=item.place("expr"),
        )  # fmt: skip
        if not subject.about(expression):
            return trace
        told = _unread(name, expression) if compared is ABSENT else subject.in_time(reduced(**compared), float(limit))
        if told:
            return _held(trace, item, name, reduced(**compared), float(limit))
        return replace(trace, truth=told, **(_UNREAD if told is None else {}))

    judged.__doc__ = f"Whether the alert is about this, and goes off at the limit or before: {name.replace('_', ' ')}."
    return judged
