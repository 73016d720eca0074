"""Messages of findings: what a policy says, with what was seen filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from infraguard.evaluation.compare import as_text
from infraguard.evaluation.lookup import lookup
from infraguard.model.evidence import Environment, Resource
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Default, Denied, Unknown, Value, known
from infraguard.readers.patterns import pattern

_PLACEHOLDER: Final = pattern(r"\{\$?([A-Za-z_][\w.]*)(?:\|([^{}|]+))?\}")
_WORDS: Final = {
    "equals": "{}",
    "not_equals": "not {}",
    "in": "one of {}",
    "not_in": "none of {}",
    "contains": "with {}",
    "at_least": "at least {}",
    "at_most": "at most {}",
    "older_than": "older than {}",
    "within": "at most {} old",
    "exists": "set",
    "absent": "absent",
}


def fill(template: str, resource: Resource | None, trace: Trace | None, parameters: dict[str, Any]) -> str:
    """A message with its placeholders filled: parameters of the policy, then what was observed, then attributes.

    `{attribute|words}` has its own words for what is not there, or is empty.
    """
    observed = {leaf.path: leaf.observed for leaf in leaves(trace)} if trace else {}
    if trace and trace.path:
        observed[trace.path] = trace.observed

    def value(match: re.Match[str]) -> str:
        name, otherwise = match.groups()
        found: Value
        if name in parameters:
            found = parameters[name]
        elif observed.get(name) is not None:
            found = observed[name]
        elif resource is None:
            return otherwise or ""
        else:
            special = {"id": resource.id, "kind": resource.kind, "environment": _environment(resource)}
            found = special[name] if name in special else known(lookup(resource.attributes, name))
        is_missing = found is ABSENT or found is None or found in ("", [])
        return otherwise if otherwise and is_missing else show(found)

    return _PLACEHOLDER.sub(value, template)


def _environment(resource: Resource) -> str:
    return str(resource.environment) if resource.environment is not Environment.UNKNOWN else "an unknown environment"


def show(value: Value) -> str:
    """A value for people: lists by commas, markers by what they are."""
    value = known(value)
    if value is ABSENT or value is None:
        return "absent"
    if isinstance(value, Unknown):
        return "unknown"
    if isinstance(value, Denied):
        return "denied"
    if isinstance(value, list):
        return ", ".join(map(show, value)) or "none"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {show(item)}" for key, item in value.items()) + "}"
    return as_text(value) if value != "" else "empty"


def leaves(trace: Trace) -> Iterator[Trace]:
    """The comparisons of a trace, in order."""
    if not trace.children:
        yield trace
    for child in trace.children:
        yield from leaves(child)


class Leaf(NamedTuple):
    """A comparison that made a trace come out as it did.

    `negated` when the opposite of it was asked for; `of` is the resource it looked at, when that is a related one.
    """

    trace: Trace
    negated: bool = False
    of: str = ""


def decisive(trace: Trace, *, negated: bool = False, of: str = "") -> Iterator[Leaf]:
    """The leaves that made the trace come out as it did; of related resources that do not do, the nearest one's."""
    relevant = [child for child in trace.children if child.truth is trace.truth]
    if trace.operator in ("not", "none"):
        relevant = list(trace.children)
        negated = not negated
    if trace.operator == "resource":
        of = trace.path
    if trace.truth is False and relevant and relevant[0].operator == "resource":
        relevant = [min(relevant, key=shortfall)]
    if not relevant and (trace.operator != "resource" or trace.reason):
        yield Leaf(trace, negated, of)
    for child in relevant:
        yield from decisive(child, negated=negated, of=of)


def shortfall(trace: Trace) -> int:
    """How many comparisons made it come out so: of what does not do, the least is the nearest to doing."""
    return sum(1 for _ in decisive(trace))


def requirement(trace: Trace) -> str:
    """What should be so, in words, of the leaves that decided; a pattern tells people nothing, and the message does."""
    parts = []
    for leaf, negated, _ in decisive(trace):
        if leaf.operator in _WORDS:
            words = _WORDS[leaf.operator].format(show(leaf.expected))
            parts.append(f"{leaf.path} {'not ' if negated else ''}{words}".strip())
    return "; ".join(dict.fromkeys(parts))


def observation(trace: Trace) -> dict[str, Value]:
    """The values that decided, by attribute; an absent one is None, and one by default says so."""
    found: dict[str, Value] = {}
    for leaf, _, of in decisive(trace):
        if leaf.path and leaf.operator != "resource":
            by_default = leaf.origin and leaf.origin != "absent"
            value = Default(leaf.observed, leaf.origin) if by_default else leaf.observed
            found[f"{of}: {leaf.path}" if of else leaf.path] = value
    return found
