"""Alarms on metrics, and alarms on those."""

from __future__ import annotations

from infraguard.collectors.aws.answers import Answer, Field, always, at, attributes, each, maybe, not_read, pairs
from infraguard.collectors.aws.reader import listing
from infraguard.model.values import ABSENT, Default, Value

_DIMENSIONS = ("Name", "Value")
#: What CloudWatch does about missing data where an alarm does not say.
#: Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html.
_TREAT_MISSING_DATA = Default("missing", "CloudWatch, PutMetricAlarm")


def _dimensions(answer: Answer, *path: str) -> Value:
    """Dimensions as a mapping. CloudWatch may leave the list out for a metric that has none."""
    return {} if at(answer, path) is ABSENT else pairs(path, *_DIMENSIONS)(answer)


def _queries(answer: Answer) -> Value:
    """The expressions of an alarm. CloudWatch may leave the list out for an alarm on one metric."""
    read = each(("Metrics",), lambda query: attributes(query, _QUERY))
    return read(answer) if answer.get("Metrics") else ABSENT


_METRIC: dict[str, Field] = {
    "namespace": maybe("Metric", "Namespace"),
    "metric_name": always("Metric", "MetricName"),
    "dimensions": lambda answer: _dimensions(answer, "Metric", "Dimensions"),
    "period": always("Period"),
    "stat": always("Stat"),
    "unit": maybe("Unit"),
}
_QUERY: dict[str, Field] = {
    "id": always("Id"),
    "expression": maybe("Expression"),
    "label": maybe("Label"),
    "period": maybe("Period"),
    "account_id": maybe("AccountId"),
    "return_data": maybe("ReturnData"),
    "metric": lambda answer: [attributes(answer["MetricStat"], _METRIC)] if answer.get("MetricStat") else ABSENT,
}
#: An alarm is on one metric, or on an expression over several: one of the two sets of fields is absent.
_ALARM: dict[str, Field] = {
    "id": always("AlarmName"),
    "arn": always("AlarmArn"),
    "alarm_name": always("AlarmName"),
    "namespace": maybe("Namespace"),
    "metric_name": maybe("MetricName"),
    "dimensions": lambda answer: _dimensions(answer, "Dimensions"),
    "statistic": maybe("Statistic"),
    "extended_statistic": maybe("ExtendedStatistic"),
    "period": maybe("Period"),
    "evaluation_periods": always("EvaluationPeriods"),
    "datapoints_to_alarm": maybe("DatapointsToAlarm"),
    "threshold": maybe("Threshold"),
    "threshold_metric_id": maybe("ThresholdMetricId"),
    "comparison_operator": always("ComparisonOperator"),
    "treat_missing_data": lambda answer: answer.get("TreatMissingData") or _TREAT_MISSING_DATA,
    "actions_enabled": always("ActionsEnabled"),
    "alarm_actions": always("AlarmActions"),
    "ok_actions": always("OKActions"),
    "insufficient_data_actions": always("InsufficientDataActions"),
    "metric_query": _queries,
    "tags": not_read("tags of alarms"),
}
_COMPOSITE: dict[str, Field] = {
    "id": always("AlarmName"),
    "arn": always("AlarmArn"),
    "alarm_name": always("AlarmName"),
    "alarm_rule": always("AlarmRule"),
    "actions_enabled": always("ActionsEnabled"),
    "alarm_actions": always("AlarmActions"),
    "ok_actions": always("OKActions"),
    "insufficient_data_actions": always("InsufficientDataActions"),
}


READERS = (
    listing("cloudwatch", "aws_cloudwatch_metric_alarm", "DescribeAlarms", "MetricAlarms", _ALARM),
    listing(
        *("cloudwatch", "aws_cloudwatch_composite_alarm", "DescribeAlarms", "CompositeAlarms", _COMPOSITE),
        AlarmTypes=["CompositeAlarm"],
    ),
)
