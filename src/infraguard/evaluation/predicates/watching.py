"""Predicates on alarms: what they watch, at what figure and after how long they go off, and whose disk they watch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from infraguard.evaluation import kleene
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.predicates import alarms
from infraguard.evaluation.predicates.watches import WATCHES, Situations, Watch
from infraguard.evaluation.relations import refers
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known

Judge = Callable[..., Trace]
_GIB: Final = 2**30
#: What stores data: its metrics say nothing of the hosts and services that a scaling policy adds capacity to.
_STORES: Final = frozenset(
    f"AWS/{name}" for name in ("RDS", "ElastiCache", "DocDB", "Neptune", "Redshift", "ES", "MemoryDB", "Kafka", "EFS")
)


def watching(name: str) -> Judge:
    """Whether an alarm reads a metric that tells of something, and tells people and not a scaling policy only."""
    watch = WATCHES[name]

    def judge(item: Item, _: World) -> Trace:
        alarm = item.resource
        if alarm.kind != alarms.KIND:
            return _trace(alarm, "metric", False, "no alarm")
        truth, why = alarms.truth_of(lambda: any(watch.concerns(metric) for metric in alarms.metrics_of(alarm)))
        return _trace(alarm, "metric", truth, _names(alarm), **why)

    judge.__doc__ = f"Whether the alarm is on a metric that tells of this: {name.replace('_', ' ')}."
    return judge


def on_what_scales(item: Item, _: World) -> Trace:
    """Whether an alarm reads a metric of more than databases and caches, to which no scaling policy adds capacity."""
    alarm = item.resource
    if alarm.kind != alarms.KIND:
        return _trace(alarm, "namespace", True, "")
    truth, why = alarms.truth_of(lambda: any(m.namespace not in _STORES for m in alarms.metrics_of(alarm)))
    return _trace(alarm, "namespace", truth, _names(alarm), **why)


def tells_people(item: Item, _: World) -> Trace:
    """Whether an alarm does more than to scale something."""
    truth, why = alarms.truth_of(lambda: not alarms.only_scales(item.resource))
    return _trace(item.resource, "alarm_actions", truth, "a scaling policy only" if truth is False else "", **why)


def alerting(name: str) -> Judge:
    """Whether an alarm goes off beyond a limit of what it watches, and is quiet where all is well."""
    watch = WATCHES[name]

    def judge(item: Item, _: World, limit: Value) -> Trace:
        return _alerts(item.resource, watch, float(limit))

    judge.__doc__ = (
        f"Whether the alarm goes off beyond a limit, and is quiet where all is well: {name.replace('_', ' ')}."
    )
    return judge


def _alerts(alarm: Resource, watch: Watch, limit: float) -> Trace:
    answers: list[Truth] = []
    why: dict[str, Any] = {}
    for situations in watch.readings(limit):
        truth, doubt = alarms.truth_of(lambda now=situations: _as_wanted(alarm, now))  # type: ignore[misc]
        why = why or doubt
        answers.append(truth)
    truth = answers[0] if len(set(answers)) == 1 else None
    if truth is None and not why:
        why = {
            "reason": f"nothing tells the unit of {_names(alarm)}",
            "remedy": "say the unit in the metric's name, such as ErrorRatePercent or LatencyMs",
        }
    return _trace(alarm, "alarm", truth, f"{_threshold(alarm)}", **why)


def _as_wanted(alarm: Resource, situations: Situations) -> bool:
    return all(alarms.goes_off(alarm, each) for each in situations.alarming) and not any(
        alarms.goes_off(alarm, each) for each in situations.normal
    )


def goes_off_within(item: Item, _: World, minutes: Value) -> Trace:
    """Whether a state that lasts so long makes the alarm go off."""
    return _timed(item.resource, lambda seconds: seconds <= float(minutes) * 60)


def goes_off_after(item: Item, _: World, minutes: Value) -> Trace:
    """Whether the alarm goes off when a state has lasted so long, and not before."""
    return _timed(item.resource, lambda seconds: seconds == float(minutes) * 60)


def _timed(alarm: Resource, fits: Callable[[float], bool]) -> Trace:
    truth, why = alarms.truth_of(lambda: fits(alarms.seconds_to_alarm(alarm)))
    seconds = None if truth is None else alarms.seconds_to_alarm(alarm)
    return _trace(alarm, "duration", truth, f"{seconds:g} s" if seconds is not None else "not known", **why)


def alarm_on_free_disk(item: Item, world: World, percent: Value) -> Trace:
    """Whether some alarm goes off when this database has less than a share of its storage left.

    RDS reports what is free in bytes, so that the threshold is a share of the storage that was allocated, in GiB.
    """
    database = item.resource
    children = []
    allocated, size = _storage(database, world)
    for alarm, linked in _alarms_of(database, world, "FreeStorageSpace", "DBInstanceIdentifier"):
        truth, why = alarms.truth_of(lambda each=alarm: _notices_full_disk(each, allocated, size, float(percent)))  # type: ignore[misc]
        both = kleene.every((linked, truth, None if alarm.perhaps else True))
        doubt = why or why_unread(alarm.perhaps) or (_unlinked(alarm) if linked is None else {})
        words = f"{_threshold(alarm)} ({size})"
        children.append(_trace(alarm, "alarm", both, words, **(doubt if both is None else {})))
    truth = kleene.some(child.truth for child in children)
    if truth is not True and (gaps := world.unit.gaps((alarms.KIND,))):
        return _trace(database, "alarm", None, "not all alarms were read", **why_gaps(gaps))
    if not children:
        return _trace(database, "alarm", False, f"none ({size})")
    return next(child for child in children if child.truth is truth)


def _storage(database: Resource, world: World) -> tuple[Value, str]:
    """How much storage a database has, in GiB, and whose it is: a replica that does not say has that of its source."""
    path = "allocated_storage"
    allocated = known(lookup(database.attributes, path))
    if allocated is not ABSENT:
        return allocated, f"of {_gib(allocated)}"
    copied = "replicate_source_db"
    if lookup(database.attributes, copied) is ABSENT:
        return ABSENT, "of its storage"
    every = world.unit.named((database.kind,)).by(database, copied)
    source = next((each for each in every if refers(database, copied, each) is True), None)
    if source is None:
        return ABSENT, "of as much as its source has"
    allocated = known(lookup(source.attributes, path))
    return allocated, f"of {_gib(allocated)}, as its source {source.id} has"


def _gib(allocated: Value) -> str:
    return "a storage that is not known" if isinstance(allocated, (Unknown, Denied)) else f"{allocated} GiB"


def _notices_full_disk(alarm: Resource, allocated: Value, whose: str, percent: float) -> bool:
    if isinstance(allocated, (Unknown, Denied)):
        raise alarms.Unread(**why_unread(allocated))
    if allocated is ABSENT:  # of a replica whose source is elsewhere, or of a database made from a snapshot
        reason = f"its threshold is to be compared with a share {whose}, which is not in this configuration"
        raise alarms.Unread(reason=reason, remedy="scan the live account, or the configuration of its source beside it")
    size = float(allocated) * _GIB
    return alarms.goes_off(alarm, lambda _: size * (percent - 0.1) / 100) and not alarms.goes_off(alarm, lambda _: size)


def _alarms_of(target: Resource, world: World, name: str, dimension: str) -> Iterator[tuple[Resource, Truth]]:
    """The alarms on a metric of a resource that may be on this one, and whether they are."""
    unit = world.unit
    read = unit.once(("alarms on", name), lambda: _read(unit.resources((alarms.KIND,)), name))
    possible = set(read.unread)
    for path in read.dimensions:
        near = unit.referring((alarms.KIND,), f"{path}.{dimension}", target)
        possible.update(read.positions[id(alarm)] for alarm in near if id(alarm) in read.positions)
    for position in sorted(possible):
        alarm, metrics = read.alarms[position]
        if metrics is None:
            yield alarm, None
            continue
        linked = kleene.some(refers(alarm, f"{metric.dimensions}.{dimension}", target) for metric in metrics)
        if linked is not False:
            yield alarm, linked


class _Read(NamedTuple):
    """The alarms of a unit on one metric, with how each reads it, or None where that is not known.

    `positions` are theirs by identity, `unread` those of which it is not known, and `dimensions` the paths at which
    alarms name what they are on.
    """

    alarms: list[tuple[Resource, list[alarms.Metric] | None]]
    positions: dict[int, int]
    unread: tuple[int, ...]
    dimensions: tuple[str, ...]


def _read(every: Iterable[Resource], name: str) -> _Read:
    found: list[tuple[Resource, list[alarms.Metric] | None]] = []
    for alarm in every:
        try:
            metrics = [metric for metric in alarms.metrics_of(alarm) if metric.name == name]
        except alarms.Unread:
            found.append((alarm, None))
        else:
            if metrics:
                found.append((alarm, metrics))
    paths = dict.fromkeys(metric.dimensions for _, metrics in found for metric in metrics or ())
    return _Read(
        alarms=found,
        positions={id(alarm): position for position, (alarm, _) in enumerate(found)},
        unread=tuple(position for position, (_, metrics) in enumerate(found) if metrics is None),
        dimensions=tuple(paths),
    )


def _unlinked(alarm: Resource) -> dict[str, Any]:
    return {
        "reason": f"it is not known which metric {alarm.id} is on",
        "remedy": "refer to the resource by its name in the dimensions",
    }


def _names(alarm: Resource) -> str:
    try:
        return ", ".join(dict.fromkeys(metric.name for metric in alarms.metrics_of(alarm))) or "no metric"
    except alarms.Unread:
        return "a metric that is not known"


def _threshold(alarm: Resource) -> str:
    try:
        statistics = dict.fromkeys(metric.statistic for metric in alarms.metrics_of(alarm) if metric.statistic)
    except alarms.Unread:
        statistics = {}
    words = {"Greater": "over", "Less": "under"}
    operator = str(known(lookup(alarm.attributes, "comparison_operator")))
    side = next((word for start, word in words.items() if operator.startswith(start)), operator)
    threshold = known(lookup(alarm.attributes, "threshold"))
    figure = "what is not known" if isinstance(threshold, (Unknown, Denied)) else f"{threshold}"
    return f"{' and '.join(statistics) or 'an expression'} of {_names(alarm)} {side} {figure}"


def _trace(alarm: Resource, path: str, truth: Truth, observed: str, **why: Any) -> Trace:
    return Trace(operator="alarm", truth=truth, path=path, observed=observed, location=alarm.location, **why)
