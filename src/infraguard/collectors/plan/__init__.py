"""Terraform plans and states as evidence: what `terraform show -json` prints."""

from __future__ import annotations

from pathlib import Path

from infraguard.collectors.plan.drift import drift_of
from infraguard.collectors.plan.file import HINT, read_document
from infraguard.collectors.plan.omissions import omissions_of
from infraguard.collectors.plan.resources import resources_of
from infraguard.model.errors import UsageError
from infraguard.model.evidence import Collected, Evidence, Source, Target
from infraguard.model.values import Location

__all__ = ["collect_plan"]


def collect_plan(path: Path, *, name: str = "", file: str = "", read_at: str = "") -> Evidence:
    """What will exist after the plan in a file is applied; of a state, what exists.

    The file is one target and one unit, called `name`, with a word where it is a state. `file` is its path below the
    scanned root, where it lies in it, and is where findings are placed. `read_at` is when, UTC, ISO 8601.

    Raises `UsageError` for a file that cannot be read or is no plan; a plan that does not tell all is a gap.
    """
    document = read_document(path)
    name = name or path.as_posix()
    unit = name if document.values is None else f"{name} (state)"
    location = Location(file=file)
    try:
        return Evidence(
            targets=(Target(source=Source.PLAN, name=unit),),
            resources=(
                *resources_of(document, unit=unit, location=location, name=path.name),
                *drift_of(document, unit=unit, location=location),
            ),
            gaps=tuple(omissions_of(document, unit=unit, location=location)),
            collected=(Collected(source=Source.PLAN, unit=unit, read_at=read_at),),
        )
    except RecursionError as error:
        raise UsageError(f"{path}: nested too deeply for a Terraform plan", hint=HINT) from error
