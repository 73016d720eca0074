"""What alarms are asked to watch, each as situations in which an alarm on it must go off, and must not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from infraguard.evaluation.predicates.alarms import Metric, Situation
from infraguard.readers.patterns import pattern

_OF_AWS: Final = pattern(r"(AWS|ContainerInsights|CWAgent|LambdaInsights|ECS/ContainerInsights)(/|\Z)")
_MANY_REQUESTS: Final = 1_000_000.0
_FEW_REQUESTS: Final = 200.0
#: As far beyond a limit as counts as over it.
_JUST_OVER: Final = 1.001
_NORMAL_PERCENT: Final = 50.0


class Situations(NamedTuple):
    """Where an alarm must go off, all of them, and where it must not."""

    alarming: tuple[Situation, ...]
    normal: tuple[Situation, ...]


class Watch(NamedTuple):
    """Something to be watched: which metrics tell of it, and what they read when it is beyond a limit.

    A metric whose unit nothing tells gives several kinds of situations, and a figure decides where all of them agree.
    """

    concerns: Callable[[Metric], bool]
    readings: Callable[[float], tuple[Situations, ...]]


def _own(metric: Metric, pattern: str) -> bool:
    """Whether it is a metric of an application of one's own, by its name."""
    return not _OF_AWS.match(metric.namespace) and re.search(pattern, metric.name, re.IGNORECASE) is not None


# Errors among requests.
_REQUESTS: Final = frozenset({"RequestCount", "Count", "Invocations", "Requests", "ApplicationRequestsTotal"})
_ERRORS: Final = frozenset(
    {"HTTPCode_Target_5XX_Count", "HTTPCode_Backend_5XX", "5XXError", "5xx", "5xxStatusResponses"}
    | {"Errors", "ApplicationRequests5xx", "Url5xxCount"}
)
_BALANCER_ERRORS: Final = frozenset({"HTTPCode_ELB_5XX_Count", "HTTPCode_ELB_5XX"})
_ERROR_SHARE: Final = r"(error|fail(ure)?|5xx)[\w-]*(rate|percent|ratio|pct)|(rate|percent|ratio|pct)[\w-]*(error|5xx)"
_ERROR_COUNT: Final = r"error|5xx|exception"
#: What fails where no request does: work in the background, and what is counted by itself.
_OTHER_ERRORS: Final = (
    r"transaction|payment|invoice|backup|restore|snapshot|replica|job|batch|cron|schedul|worker|queue|dlq|dead.?letter"
    r"|import|export|ingest|(?<!a)sync|etl|migrat|rotat|mail|smtp|deploy|build"
)
_SERVING: Final = ("AWS/ApplicationELB", "AWS/ELB", "AWS/ApiGateway", "AWS/Lambda", "AWS/AppRunner", "AWS/CloudFront")


def _tells_of_errors(metric: Metric) -> bool:
    if metric.namespace in (*_SERVING, "AWS/ElasticBeanstalk"):
        return metric.name in (*_ERRORS, *_BALANCER_ERRORS, "5xxErrorRate")
    return _own(metric, _ERROR_COUNT) and not _own(metric, _OTHER_ERRORS)


def _errors(share: float, requests: float, *, as_percent: bool) -> Situation:
    """Requests of which a share fails in the application, not in the balancer."""

    def read(metric: Metric) -> float | None:
        if _OF_AWS.match(metric.namespace):
            if metric.name in _REQUESTS:
                return requests
            if metric.name in _ERRORS:
                return share if metric.statistic == "Average" else share * requests
            return share * 100 if metric.name == "5xxErrorRate" else 0.0
        if _own(metric, _ERROR_SHARE):
            return share * 100 if as_percent else share
        return share * requests if _own(metric, _ERROR_COUNT) else requests

    return read


def _error_rate(percent: float) -> tuple[Situations, ...]:
    share = percent * _JUST_OVER / 100
    return tuple(
        Situations(
            tuple(_errors(share, requests, as_percent=unit) for requests in (_FEW_REQUESTS, _MANY_REQUESTS)),
            (_errors(0.0, _MANY_REQUESTS, as_percent=unit),),
        )
        for unit in (True, False)
    )


# The time that answers take.
_SECONDS: Final = frozenset({"TargetResponseTime", "ApplicationLatencyP95", "ApplicationLatencyP99"})
_OWN_LATENCY: Final = r"latency|response_?-?time|request_?-?duration"
_OTHER_LATENCY: Final = r"payment|invoice|replica|query|database|db"
_PERCENTILE: Final = 95.0


def _tells_of_latency(metric: Metric) -> bool:
    if metric.namespace in (*_SERVING, "AWS/ElasticBeanstalk"):
        return metric.name in (*_SECONDS, "Latency", "RequestLatency", "UrlRequestLatency", "IntegrationLatency")
    return _own(metric, _OWN_LATENCY) and not _own(metric, _OTHER_LATENCY)


def _takes(milliseconds: float, *, own_in_seconds: bool) -> Situation:
    """One answer of twenty takes so long; what the others take is nothing that an alarm on them could see."""

    def read(metric: Metric) -> float | None:
        in_seconds = metric.name in _SECONDS or (metric.namespace == "AWS/ELB" and metric.name == "Latency")
        if _own(metric, ""):
            told = re.search(r"(ms|milli(second)?s?)\Z|(sec(ond)?s?)\Z", metric.name, re.IGNORECASE)
            in_seconds = own_in_seconds if told is None else told[3] is not None
        percentile = 95.0 if metric.name.endswith("P95") else metric.percentile
        seen = milliseconds if percentile is not None and percentile >= _PERCENTILE else 0.0
        return seen / 1000 if in_seconds else seen

    return read


def _latency(milliseconds: float) -> tuple[Situations, ...]:
    return tuple(
        Situations(
            (_takes(milliseconds * _JUST_OVER, own_in_seconds=unit),), (_takes(milliseconds / 20, own_in_seconds=unit),)
        )
        for unit in (True, False)
    )


def _level(names: Iterable[str], pattern: str = "") -> tuple[Callable[[Metric], bool], Callable[[float], Situation]]:
    """A metric that reads a percentage, and the situation in which it reads one."""
    plain = frozenset(names)

    def concerns(metric: Metric) -> bool:
        return metric.name in plain if _OF_AWS.match(metric.namespace) else bool(pattern) and _own(metric, pattern)

    def reads(percent: float) -> Situation:
        def read(metric: Metric) -> float | None:
            if concerns(metric):
                return percent
            if metric.name.endswith("Utilized"):
                return percent * 10
            return 1000.0 if metric.name.endswith("Reserved") else _NORMAL_PERCENT

        return read

    return concerns, reads


_CPU_NAMES: Final = ("CPUUtilization", "cpu_usage_active", "node_cpu_utilization")
_MEMORY_NAMES: Final = (
    *("MemoryUtilization", "mem_used_percent", "node_memory_utilization", "pod_memory_utilization"),
    *("memory_utilization", "Memory % Committed Bytes In Use"),
)
_DISK_NAMES: Final = ("disk_used_percent", "DiskSpaceUtilization", "node_filesystem_utilization")
_OWN_MEMORY: Final = r"mem(ory)?[\w-]*(util|percent|used|usage)"
_OWN_DISK: Final = r"(disk|filesystem)[\w-]*(util|percent|used|usage)"
_cpu_concerns, _cpu_reads = _level(_CPU_NAMES)
_memory_concerns, _memory_reads = _level(_MEMORY_NAMES, _OWN_MEMORY)
_disk_concerns, _disk_reads = _level(_DISK_NAMES, _OWN_DISK)


def _tells_of_memory(metric: Metric) -> bool:
    return _memory_concerns(metric) or metric.name in ("MemoryUtilized", "MemoryReserved")


def _over(reads: Callable[[float], Situation]) -> Callable[[float], tuple[Situations, ...]]:
    return lambda percent: (Situations((reads(percent + 0.1),), (reads(percent / 2),)),)


def _tells_of_free_disk(metric: Metric) -> bool:
    return _disk_concerns(metric) or metric.name == "LogicalDisk % Free Space"


def _free(percent: float) -> Situation:
    used = _disk_reads(100 - percent)
    return lambda metric: percent if "Free" in metric.name else used(metric)


# Things that are counted, and of which more than a number is too many.
_TRANSACTIONS: Final = (
    r"(fail|declin|error|reject)[\w-]*(transaction|payment|charge|transfer)"
    r"|(transaction|payment|charge|transfer)s?[\w-]*(fail|declin|error|reject)"
)
_QUEUE: Final = r"queue|backlog|pending_?requests|in_?flight|requests_?waiting"


def _count(concerns: Callable[[Metric], bool]) -> Callable[[float], tuple[Situations, ...]]:
    def reads(value: float) -> Situation:
        return lambda metric: value if concerns(metric) else 1.0

    return lambda limit: (Situations((reads(limit + 1),), (reads(0.0),)),)


def _tells_of_transactions(metric: Metric) -> bool:
    return _own(metric, _TRANSACTIONS)


def _tells_of_queues(metric: Metric) -> bool:
    """A queue of SQS, surges of classic load balancers, requests a target, or what the application counts itself."""
    if metric.namespace in ("AWS/SQS", "AWS/ApplicationELB", "AWS/ELB", "AWS/AmazonMQ"):
        return metric.name in (
            *("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "SurgeQueueLength"),
            *("RequestCountPerTarget", "MessageReadyCount", "MessageCount"),
        )
    return _own(metric, _QUEUE)


def _queue(_: float) -> tuple[Situations, ...]:
    """A queue that is very long, whatever its threshold is."""
    return (Situations((lambda metric: 1e9 if _tells_of_queues(metric) else 1.0,), (lambda _: 0.0,)),)


def _tells_of_expiry(metric: Metric) -> bool:
    return metric.name == "DaysToExpiry" or _own(metric, r"days_?(to|until|left)[\w-]*expir|cert[\w-]*(expir|days)")


def _expiry(days: float) -> tuple[Situations, ...]:
    return (Situations((lambda _: days - 0.5,), (lambda _: days * 10,)),)


WATCHES: Final[dict[str, Watch]] = {
    "error_rate": Watch(_tells_of_errors, _error_rate),
    "latency": Watch(_tells_of_latency, _latency),
    "memory": Watch(_tells_of_memory, _over(_memory_reads)),
    "cpu": Watch(_cpu_concerns, _over(_cpu_reads)),
    "idle_cpu": Watch(
        _cpu_concerns, lambda percent: (Situations((_cpu_reads(percent - 0.1),), (_cpu_reads(percent + 0.1),)),)
    ),
    "free_disk": Watch(
        _tells_of_free_disk, lambda percent: (Situations((_free(percent - 0.1),), (_free((100 + percent) / 2),)),)
    ),
    "failed_transactions": Watch(_tells_of_transactions, _count(_tells_of_transactions)),
    "queue": Watch(_tells_of_queues, _queue),
    "certificate_expiry": Watch(_tells_of_expiry, _expiry),
}
