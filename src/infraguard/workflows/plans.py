"""Terraform plans beside their source: read, and placed at the lines that they come from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from infraguard.collectors.plan import collect_plan
from infraguard.collectors.plan.addresses import block_of, parts_of
from infraguard.evaluation import needed_kinds
from infraguard.model.errors import UsageError
from infraguard.model.evidence import Evidence, Resource, Source
from infraguard.model.policy import Policy
from infraguard.workflows.request import ScanRequest

#: The resources of one unit of Terraform source, by the address of their block.
_Blocks: TypeAlias = dict[str, Resource]


def collect_plans(request: ScanRequest, policies: Sequence[Policy]) -> Evidence:
    """The plans that the request names. Raises `UsageError` for one that is none, and when no gate looks at them."""
    if request.plans and not needed_kinds(policies, Source.PLAN):
        raise UsageError("none of the selected gates is judged on a plan", hint="leave out --plan, or select others")
    return Evidence().merged(
        *(
            collect_plan(Path(plan), file=_below_the_root(plan, request.targets), read_at=request.now)
            for plan in request.plans
        )
    )


def placed(evidence: Evidence) -> Evidence:
    """The evidence with what is planned placed where the source declares it, so far as the source was scanned.

    Of each plan it says which roots it can be of. Roots share addresses: of a production and a staging root, the one
    whose values agree most with the plan is taken. Where several agree equally, a place counts only if it is the same
    in all of them.
    """
    units: dict[str, _Blocks] = {}
    planned: dict[str, list[Resource]] = {}
    for resource in evidence.resources:
        if resource.source is Source.TF:
            units.setdefault(resource.unit, {}).setdefault(block_of(parts_of(resource.id)), resource)
        elif resource.source is Source.PLAN:
            planned.setdefault(resource.unit, []).append(resource)
    best = {unit: _most_alike(resources, units) for unit, resources in planned.items()}
    return replace(
        evidence,
        resources=tuple(_at_source(each, [*best.get(each.unit, {}).values()]) for each in evidence.resources),
        collected=tuple(
            replace(each, roots=tuple(best.get(each.unit, ()))) if each.source is Source.PLAN else each
            for each in evidence.collected
        ),
    )


def _most_alike(planned: Sequence[Resource], units: Mapping[str, _Blocks]) -> dict[str, _Blocks]:
    """The units of source that a plan can be of: those that share most addresses with it, then most values."""
    scored = {unit: _likeness(planned, blocks) for unit, blocks in units.items()}
    highest = max(scored.values(), default=(0, 0))
    return {unit: units[unit] for unit, score in scored.items() if score == highest and score[0]}


def _likeness(planned: Sequence[Resource], blocks: _Blocks) -> tuple[int, int]:
    shared = [(each, blocks[name]) for each in planned if (name := block_of(parts_of(each.id))) in blocks]
    equal = sum(
        each.attributes.get(name) == value for each, found in shared for name, value in found.attributes.items()
    )
    return len(shared), equal


def _at_source(resource: Resource, units: Sequence[_Blocks]) -> Resource:
    if resource.source is not Source.PLAN or not units:
        return resource
    declared = [blocks.get(block_of(parts_of(resource.id))) for blocks in units]
    first = declared[0]
    if first is None or any(other is None or other.location != first.location for other in declared):
        return resource
    places = {path: place for path, place in first.places.items() if not any(map(str.isdecimal, path.split(".")))}
    location = replace(first.location, region=resource.location.region or first.location.region)
    return replace(resource, location=location, places=places)


def _below_the_root(plan: str, targets: Sequence[str]) -> str:
    """The plan's path as the report names files: below the only target, or below here with several; else nothing."""
    root = targets[0] if len(targets) == 1 and Path(targets[0]).is_dir() else "."
    path = Path(os.path.relpath(plan, root)).as_posix()
    return "" if path.startswith("../") else path
