"""What Terraform found changed outside of it when it planned.

The planned values already have it: where the configuration says otherwise, apply puts it back. So it is no value of
the resource, but a resource of its own that a policy can ask for: kind `terraform_drift`, one for each object that
was changed (`change: update`) or is gone (`change: delete`), with the names of the attributes, and no values.
"""

from __future__ import annotations

from collections.abc import Iterator

from infraguard.collectors.plan.document import Change, Document
from infraguard.collectors.plan.resources import is_kept
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location
from infraguard.terraform.provider_defaults import resource_kind

KIND = "terraform_drift"


def drift_of(document: Document, *, unit: str, location: Location) -> Iterator[Resource]:
    """One resource for each object that differs from what Terraform last knew of it."""
    for each in document.resource_drift:
        if is_kept(each) and "no-op" not in each.change.actions:
            yield Resource(
                kind=KIND,
                id=f"drift of {each.address}",
                source=Source.PLAN,
                unit=unit,
                attributes={
                    "address": each.address,
                    "resource_kind": resource_kind(each.type),
                    "change": "-".join(each.change.actions),
                    "attributes": _changed(each.change),
                },
                location=location,
            )


def _changed(change: Change) -> list[str]:
    if not isinstance(change.before, dict) or not isinstance(change.after, dict):
        return []
    names = sorted({*change.before, *change.after})
    return [name for name in names if change.before.get(name) != change.after.get(name)]
