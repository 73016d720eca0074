"""Modules that Terragrunt runs and that are not in the tree: a unit of its own, of which they are gaps."""

from __future__ import annotations

import posixpath

from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.terraform import Sources
from infraguard.terraform.terragrunt import Elsewhere

_REMEDY = "scan a Terraform plan of each (`terragrunt plan -out`, then `terragrunt show -json`), or vendor the modules"


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
