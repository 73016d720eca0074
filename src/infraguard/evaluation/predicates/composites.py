"""Composite alarms: alarms that go off by the states of others, which then need tell nobody themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import addresses, references_at
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, known
from infraguard.readers.patterns import pattern

KIND: Final = "aws_cloudwatch_composite_alarm"
_RULE: Final = "alarm_rule"
#: The name or ARN in `ALARM(...)`, which may be in quotation marks; `TRUE` and `FALSE` name none.
#: Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html.
_NAMED: Final = pattern(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s()\"']+))\s*\)")


def read_by_a_composite(item: Item, world: World) -> Trace:
    """Whether a composite alarm of the same unit names this alarm in its rule."""
    truth, why = _named_by(item.resource, world.unit.resources((KIND,)))
    gaps = world.unit.gaps((KIND,))
    if truth is False and gaps:
        truth, why = None, why_gaps(gaps)
    return Trace(operator="read_by_a_composite", truth=truth, path=_RULE, location=item.resource.location, **why)


def _named_by(alarm: Resource, composites: Sequence[Resource]) -> tuple[Truth, dict[str, Any]]:
    name = known(lookup(alarm.attributes, "alarm_name"))
    result: Truth = False
    why: dict[str, Any] = {}
    for composite in composites:
        rule = known(lookup(composite.attributes, _RULE))
        references = references_at(composite, _RULE, rule)
        if any(address in references for address in addresses(alarm)):
            return True, {}
        if isinstance(rule, (Unknown, Denied)):
            if not references:
                result, why = None, why_unread(rule)
        elif isinstance(rule, str) and name in _names(rule):
            return True, {}
    return result, why


def _names(rule: str) -> set[str]:
    """The names of the alarms in a rule; of an ARN, the name that stands behind `:alarm:`."""
    found = ("".join(match.groups("")) for match in _NAMED.finditer(rule))
    return {name.partition(":alarm:")[2] or name for name in found}
