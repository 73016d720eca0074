"""Whether a rule of a load balancer's listener is ever reached: rules are tried in the order of their priorities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from infraguard.evaluation import kleene
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import refers
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, Value, known

RULE: Final = "aws_lb_listener_rule"
LISTENERS: Final = ("aws_lb_listener",)
_LINK: Final = "listener_arn"
#: What a condition may ask; where it asks for one thing alone, and every path is that, it takes every request.
_ASKED: Final = ("host_header", "http_header", "http_request_method", "path_pattern", "query_string", "source_ip")
_EVERY_PATH: Final = ("*", "/*")


def never_reached(item: Item, world: World) -> Trace:
    """Whether a rule before this one takes every request of its listener, so that this one is without effect."""
    mine = known(lookup(item.resource.attributes, "priority"))
    before = list(_before(item.resource, mine, world.unit)) if not isinstance(mine, (Unknown, Denied)) else []
    truth = kleene.some(_takes_all(other) for other in before)
    doubtful = next((other for other in before if _takes_all(other) is None), None)
    doubt = doubtful.perhaps if truth is None and doubtful else None
    return Trace(
        operator="never_reached",
        truth=truth,
        path="priority",
        expected="after a rule that takes every request",
        observed=mine if isinstance(mine, (int, float)) else None,
        location=item.place("priority"),
        **(why_unread(doubt or _unread(doubtful)) if truth is None else {}),
    )


def _before(rule: Resource, priority: Value, unit: Unit) -> Iterator[Resource]:
    """The rules of the same listener that are tried before this one."""
    if not isinstance(priority, (int, float)):
        return
    for listener in unit.resources(LISTENERS):
        if refers(rule, _LINK, listener) is not True:
            continue
        for other in unit.referring((RULE,), _LINK, listener):
            theirs = known(lookup(other.attributes, "priority"))
            if isinstance(theirs, (int, float)) and theirs < priority and refers(other, _LINK, listener):
                yield other


def _takes_all(rule: Resource) -> Truth:
    """Whether a rule takes every request; unknown where it may not be there, or asks for what is not known."""
    conditions = known(lookup(rule.attributes, "condition"))
    if isinstance(conditions, (Unknown, Denied)):
        return None
    count = len(conditions) if isinstance(conditions, list) else 0
    takes = [_every_path(rule, f"condition.{number}") for number in range(count)]
    return kleene.every((*takes, bool(count), None if rule.perhaps else True))


def _every_path(rule: Resource, at: str) -> Truth:
    asked = [name for name in _ASKED if known(lookup(rule.attributes, f"{at}.{name}"))]
    if asked != ["path_pattern"]:
        return False
    values = known(lookup(rule.attributes, f"{at}.path_pattern.values"))
    if not isinstance(values, list):
        return None
    found = [known(value) for value in values]
    if any(value in _EVERY_PATH for value in found if isinstance(value, str)):
        return True
    return None if any(isinstance(value, (Unknown, Denied)) for value in found) else False


def _unread(rule: Resource | None) -> Value:
    """What of a rule could not be read."""
    if rule is None:
        return None
    values = known(lookup(rule.attributes, "condition"))
    return values if isinstance(values, (Unknown, Denied)) else Unknown(f"the paths of {rule.id} are not known")
