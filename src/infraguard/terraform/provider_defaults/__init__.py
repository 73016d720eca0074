"""What the provider puts where a configuration says nothing: data in `aws.json`, each entry with its source."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from infraguard.model.values import Default, Unknown, Value

#: Two names of one resource type in the AWS provider.
_ALIASES = {
    "aws_alb": "aws_lb",
    "aws_alb_listener": "aws_lb_listener",
    "aws_alb_listener_certificate": "aws_lb_listener_certificate",
    "aws_alb_listener_rule": "aws_lb_listener_rule",
    "aws_alb_target_group": "aws_lb_target_group",
    "aws_alb_target_group_attachment": "aws_lb_target_group_attachment",
}


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """The default of one attribute of one resource type.

    It holds when the attributes in `when` have one of the listed values, those in `given` are set, and those in
    `unless` are not. `majors` are the provider's major versions that it was read for.

    `otherwise` is why nobody can tell the value from the configuration where one in `unless` is set; without a `value`,
    it is so always. Such an attribute is unknown: AWS gives it one, so to take it for absent would be wrong.
    """

    kind: str
    attribute: str
    majors: tuple[int, ...]
    source: str
    value: Value = None
    otherwise: str = ""
    when: dict[str, list[Value]] = {}
    given: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def resource_kind(resource_type: str) -> str:
    """The one name for a resource type that has two."""
    return _ALIASES.get(resource_type, resource_type)


def entries() -> tuple[Entry, ...]:
    """Every default that we know of, as the data has it."""
    content = Path(__file__).with_name("aws.json").read_bytes()
    return tuple(msgspec.json.decode(content, type=list[Entry]))


@cache
def _by_kind() -> dict[str, dict[str, Entry]]:
    table: dict[str, dict[str, Entry]] = {}
    for entry in entries():
        table.setdefault(entry.kind, {})[entry.attribute] = entry
    return table


def defaulted_attributes(kind: str) -> tuple[str, ...]:
    """The attributes of a resource type that have a default here."""
    return tuple(_by_kind().get(kind, ()))


def default_of(kind: str, attribute: str, configured: Callable[[str], Value]) -> Default | Unknown | None:
    """The default of an attribute that the configuration leaves out, when one is certain; unknown when AWS chooses.

    `configured` gives the resource's other attributes; None for those it does not set.
    """
    entry = _by_kind().get(kind, {}).get(attribute)
    if entry is None:
        return None
    if any(configured(name) not in values for name, values in entry.when.items()):
        return None
    if any(configured(name) is None for name in entry.given):
        return None
    if entry.value is None or any(configured(name) is not None for name in entry.unless):
        return _chosen(entry) if entry.otherwise else None
    majors = ", ".join(str(major) for major in entry.majors)
    return Default(entry.value, origin=f"default of the AWS provider {majors}: {entry.source}")


def _chosen(entry: Entry) -> Unknown:
    return Unknown(
        f"{entry.attribute} is not set, and {entry.otherwise}",
        (f"{entry.kind}.{entry.attribute}",),
        remedy=f"set {entry.attribute}, or scan the live account",
    )
