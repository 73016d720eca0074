"""What Terragrunt runs: the environments that it composes, and modules that are not in the tree, which are gaps."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from infraguard.model.environments import environment_named
from infraguard.model.evidence import Environment, Gap, GapReason, Resource, Source
from infraguard.model.values import Location, Unknown, Value
from infraguard.terraform import Sources
from infraguard.terraform.terragrunt import Elsewhere

_WRITE_OUT = "write the folder of the module out, and keep what is worked out for its version"
_REMEDY = "scan a Terraform plan of each (`terragrunt plan -out`, then `terragrunt show -json`), or vendor the modules"

#: The folder of an environment, with the modules that are run below it.
ENVIRONMENT: Final = "terragrunt_environment"


def composed_by_terragrunt(sources: Sources, unit: str) -> Iterator[Resource]:
    """One for each folder that is named for an environment, in the unit of a root: it is judged over all of them."""
    for place, modules in _by_environment(dict(sources.terragrunt.runs_by_folder())).items():
        untold = [below for below, module in modules.items() if module is None]
        composition: Value = sorted(f"{below} of {module}" for below, module in modules.items())
        if untold:
            composition = Unknown(f"the source of {place}/{untold[0]} is worked out", (place,), remedy=_WRITE_OUT)
        environment = environment_named(place.rpartition("/")[2])
        yield Resource(
            kind=ENVIRONMENT,
            id=place,
            source=Source.TF,
            unit=unit,
            attributes={"path": place, "environment_name": str(environment), "composition": composition},
            location=Location(file=posixpath.join(place, next(iter(modules)), "terragrunt.hcl").replace("/./", "/")),
            environment=environment,
        )


def _by_environment(runs: dict[str, str | None]) -> dict[str, dict[str, str | None]]:
    """What runs below each folder of an environment: the first that is named so, below what all have in common."""
    common = len(posixpath.commonpath(runs).split("/")) if len(runs) > 1 and posixpath.commonpath(runs) else 0
    composed: dict[str, dict[str, str | None]] = {}
    for folder, module in runs.items():
        parts = folder.split("/")
        named = (i for i, part in enumerate(parts) if environment_named(part) is not Environment.UNKNOWN)
        last = next((index for index in named if index >= common), None)
        if last is not None:
            composed.setdefault("/".join(parts[: last + 1]), {})["/".join(parts[last + 1 :]) or "."] = module
    return composed


def run_by_terragrunt(sources: Sources) -> list[Gap]:
    """A gap for each source that is run, all of one unit; none where every module is in the tree."""
    found: dict[str, list[Elsewhere]] = {}
    for each in sources.terragrunt.elsewhere():
        found.setdefault(each.source, []).append(each)
    folders = [posixpath.dirname(each.location.file) or "." for several in found.values() for each in several]
    unit = f"{posixpath.commonpath(folders)} by Terragrunt" if folders else ""
    return [_gap(source, several, unit) for source, several in found.items()]


def _gap(source: str, several: list[Elsewhere], unit: str) -> Gap:
    first, *more = several
    others = f" and {len(more)} more" if more else ""
    what = f'the module "{source}"' if source else "a module whose source is no plain text"
    return Gap(
        source=Source.TF,
        scope=source or first.location.file,
        reason=GapReason.UNRESOLVED,
        detail=f"Terragrunt runs {what} in {first.location.file}{others}, and it is not in the scanned tree",
        remedy=_REMEDY,
        unit=unit,
        kinds=tuple(sorted({kind for each in several for kind in each.makes.kinds})),
        location=first.location,
    )
