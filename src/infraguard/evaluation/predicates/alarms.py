"""What makes a CloudWatch alarm go off: its metrics, its expression and its threshold, tried on a thought situation."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from infraguard.evaluation.compare import as_text
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import first_unknown, lookup
from infraguard.evaluation.predicates.metric_math import NotWorkedOut, result
from infraguard.evaluation.relations import items, references_at
from infraguard.evaluation.why import why_unread
from infraguard.model.evidence import Resource
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known

KIND: Final = "aws_cloudwatch_metric_alarm"
_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_SCALING: Final = ("aws_appautoscaling_policy", "aws_autoscaling_policy")


class Metric(NamedTuple):
    """One metric that an alarm reads. `path` leads to it in the alarm; it is empty for an alarm on one metric."""

    namespace: str
    name: str
    statistic: str
    period: Value
    path: str = ""

    @property
    def dimensions(self) -> str:
        """The path of its dimensions."""
        return f"{self.path}dimensions"

    @property
    def percentile(self) -> float | None:
        """The percentile that its statistic is: 100 for the maximum, None for what is none."""
        text = self.statistic.lower()
        try:
            return 100.0 if text == "maximum" else float(text[1:]) if text.startswith("p") else None
        except ValueError:
            return None


class Unread(Exception):
    """A value that an answer needs and that is not known."""

    def __init__(self, **why: Any) -> None:
        super().__init__(why.get("reason"))
        self.why = why


#: What one metric reads in a situation; None for a metric that the situation says nothing of.
Situation = Callable[[Metric], float | None]


def metrics_of(alarm: Resource) -> tuple[Metric, ...]:
    """The metrics that an alarm reads. Raises `Unread` where a name is not known."""
    if lookup(alarm.attributes, "metric_name") is not ABSENT:
        statistic = _text(alarm, "extended_statistic") or _text(alarm, "statistic")
        period = lookup(alarm.attributes, "period")
        return (Metric(_text(alarm, "namespace"), _text(alarm, "metric_name"), statistic, period),)
    return tuple(metric for _, metric in _queried(alarm))


def _queried(alarm: Resource) -> Iterator[tuple[str, Metric]]:
    """The metrics of an alarm's queries, with the ids that expressions call them by."""
    for index, query in enumerate(_queries(alarm)):
        path = f"metric_query.{index}."
        if lookup(query, "metric") is not ABSENT:
            inner = f"{path}metric."
            namespace, name, statistic = (_text(alarm, inner + part) for part in ("namespace", "metric_name", "stat"))
            yield _text(alarm, f"{path}id"), Metric(namespace, name, statistic, lookup(query, "metric.period"), inner)


def _queries(alarm: Resource) -> list[Value]:
    queries = known(lookup(alarm.attributes, "metric_query"))
    if isinstance(queries, (Unknown, Denied)):
        raise Unread(**why_unread(queries))
    found = [] if queries is ABSENT else queries if isinstance(queries, list) else [queries]
    for query in found:
        if isinstance(query, (Unknown, Denied)):
            raise Unread(**why_unread(query))
    return found


def _text(alarm: Resource, path: str) -> str:
    value = known(lookup(alarm.attributes, path))
    if isinstance(value, (Unknown, Denied)):
        raise Unread(**why_unread(value))
    return "" if value is ABSENT else as_text(value)


def number(alarm: Resource, path: str) -> float:
    """A number of an alarm. Raises `Unread` where it is not known or is none."""
    text = _text(alarm, path)
    try:
        return float(text)
    except ValueError:
        raise Unread(reason=f"{path} of {alarm.id} is no number", remedy=f"give {path} a number") from None


def goes_off(alarm: Resource, situation: Situation) -> bool:
    """Whether the alarm goes off in a situation that lasts. Raises `Unread` where that is not known.

    An alarm on an anomaly band has no threshold that a figure could be compared with, and is never said to go off.
    """
    if lookup(alarm.attributes, "threshold_metric_id") is not ABSENT:
        return False
    compare = _OPERATORS.get(_text(alarm, "comparison_operator"))
    if compare is None:
        return False
    value = _value(alarm, situation)
    return not math.isnan(value) and compare(value, number(alarm, "threshold"))


def _value(alarm: Resource, situation: Situation) -> float:
    if lookup(alarm.attributes, "metric_name") is not ABSENT:
        return _read(situation, metrics_of(alarm)[0])
    metrics = {name: metric for name, metric in _queried(alarm) if name}
    expressions = {
        _text(alarm, f"metric_query.{index}.id"): _text(alarm, f"metric_query.{index}.expression")
        for index, query in enumerate(_queries(alarm))
        if lookup(query, "expression") is not ABSENT
    }
    return _evaluated(_returned(alarm), metrics, expressions, situation)


def _returned(alarm: Resource) -> str:
    """The id of the query that the threshold is compared with."""
    queries = _queries(alarm)
    for index, query in enumerate(queries):
        returned = known(lookup(query, "return_data"))
        if isinstance(returned, (Unknown, Denied)):
            raise Unread(**why_unread(returned))
        if as_text(returned) == "true" or len(queries) == 1:
            return _text(alarm, f"metric_query.{index}.id")
    raise Unread(reason=f"no query of {alarm.id} returns data", remedy="set return_data on the query that is compared")


def _evaluated(name: str, metrics: dict[str, Metric], expressions: dict[str, str], situation: Situation) -> float:
    asked: list[str] = []

    def value_of(identifier: str) -> float:
        if identifier in metrics:
            return _read(situation, metrics[identifier])
        if identifier not in expressions or identifier in asked:
            raise NotWorkedOut(f"{identifier} is no metric of the alarm")
        asked.append(identifier)
        worked = result(
            expressions[identifier], value_of, lambda: [_read(situation, each) for each in metrics.values()]
        )
        asked.pop()
        return worked

    try:
        return value_of(name)
    except NotWorkedOut as error:
        raise Unread(reason=str(error), remedy="write the alarm on the metric itself, or judge it yourself") from error


def _read(situation: Situation, metric: Metric) -> float:
    value = situation(metric)
    return math.nan if value is None else value


def seconds_to_alarm(alarm: Resource) -> float:
    """How long a state must last before the alarm goes off. Raises `Unread` where that is not known."""
    counted = "datapoints_to_alarm" if lookup(alarm.attributes, "datapoints_to_alarm") is not ABSENT else ""
    times = number(alarm, counted or "evaluation_periods")
    periods = [metric.period for metric in metrics_of(alarm) if metric.period is not ABSENT]
    if lookup(alarm.attributes, "period") is not ABSENT:
        periods = [lookup(alarm.attributes, "period")]
    unread = first_unknown(periods)
    if unread is not None:
        raise Unread(**why_unread(unread))
    return times * max((float(as_text(known(period))) for period in periods), default=60.0)


def only_scales(alarm: Resource) -> bool:
    """Whether all that the alarm does is to scale something: then nobody is told."""
    named = [item for item in items(lookup(alarm.attributes, "alarm_actions")) if item != ""]
    plain = [item for item in named if isinstance(item, str)]
    if not named:
        return False
    value = lookup(alarm.attributes, "alarm_actions")
    led = [r.removeprefix("module.") for r in references_at(alarm, "alarm_actions", value)]
    scaling = [reference for reference in led if any(f"{kind}." in reference for kind in _SCALING)]
    texts = all(text.startswith("arn:") and ":scalingPolicy:" in text for text in plain)
    return texts and (len(plain) == len(named) or (bool(scaling) and len(scaling) == len(led)))


def truth_of(ask: Callable[[], bool]) -> tuple[Truth, dict[str, Any]]:
    """An answer, or unknown with the reason."""
    try:
        return ask(), {}
    except Unread as error:
        return None, error.why
