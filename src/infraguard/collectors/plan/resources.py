"""The objects of a plan or a state as resources, under the names that all sources use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from infraguard.collectors.plan.document import Document, ResourceChange
from infraguard.collectors.plan.references import Tracer
from infraguard.collectors.plan.regions import Regions
from infraguard.collectors.plan.values import Reading
from infraguard.model.environments import environment_named
from infraguard.model.evidence import Environment, Resource, Source
from infraguard.model.values import Location, Value
from infraguard.terraform.provider_defaults import default_of, defaulted_attributes, resource_kind

_ENVIRONMENT_TAGS = ("Environment", "environment", "env")
_ENVIRONMENT_VARIABLES = ("environment", "env", "stage")


class Made(Struct, frozen=True):
    """An object that will exist after apply, or that exists by a state."""

    address: str
    type: str
    values: dict[str, Any]
    unknown: Any = False
    sensitive: Any = False


def resources_of(document: Document, *, unit: str, location: Location, name: str) -> Iterator[Resource]:
    """The managed objects that a plan leaves in existence, or that a state has. What is to be destroyed is no evidence.

    `name` is the name of the file, which may speak of the environment where neither tags nor variables do.
    """
    made = tuple(_of_state(document) if document.values is not None else _of_plan(document))
    marks = {each.address: each.sensitive for each in made}
    tracer = Tracer(document.configuration.root_module, marks, document.variables)
    regions = Regions(document)
    environment = _environment_of(document) or environment_named(name)
    for each in made:
        written, block = tracer.resource(each.address)
        reading = Reading(tracer, each.address, block)
        attributes = reading.block(each.values, each.unknown, each.sensitive, written)
        kind = resource_kind(each.type)
        for attribute in defaulted_attributes(kind):
            if attribute not in attributes and (default := default_of(kind, attribute, attributes.get)):
                attributes[attribute] = default
        yield Resource(
            kind=kind,
            id=each.address,
            source=Source.PLAN,
            unit=unit,
            attributes=attributes,
            location=replace(location, region=regions.of(each.type, each.values, block.provider)),
            environment=_tagged(attributes) or environment,
            references=reading.references,
        )


def is_kept(change: ResourceChange) -> bool:
    """Whether it is about a managed object, and not about one that only waits to be destroyed."""
    return change.mode == "managed" and not change.deposed


def _of_plan(document: Document) -> Iterator[Made]:
    for each in document.resource_changes:
        change = each.change
        if is_kept(each) and isinstance(change.after, dict):
            yield Made(each.address, each.type, change.after, change.after_unknown, change.after_sensitive)


def _of_state(document: Document) -> Iterator[Made]:
    if document.values is not None:
        for each in document.values.root_module.every_resource():
            yield Made(each.address, each.type, each.values, sensitive=each.sensitive_values)


def _environment_of(document: Document) -> Environment | None:
    for name in _ENVIRONMENT_VARIABLES:
        value = document.variables[name].value if name in document.variables else None
        if isinstance(value, str) and (found := environment_named(value)) is not Environment.UNKNOWN:
            return found
    return None


def _tagged(attributes: dict[str, Value]) -> Environment | None:
    """The environment that the tags speak of: those of the resource, then those that the provider adds to all."""
    for tags in (attributes.get("tags"), attributes.get("tags_all")):
        for name in _ENVIRONMENT_TAGS:
            value = tags.get(name) if isinstance(tags, dict) else None
            if isinstance(value, str) and (found := environment_named(value)) is not Environment.UNKNOWN:
                return found
    return None
