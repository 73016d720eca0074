"""The ways of the values that decide findings: worked out again from Terraform source, or kept with saved evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from infraguard.collectors.terraform.derivation import Wanted, Ways
from infraguard.evaluation.wording import decisive
from infraguard.model.evidence import Source
from infraguard.model.explanations import Derivation
from infraguard.model.findings import Finding
from infraguard.model.values import Location
from infraguard.readers.tree import DiskTree
from infraguard.workflows.request import ScanRequest

#: Ways by the unit of the findings that they are of.
WaysByUnit: TypeAlias = dict[str, tuple[Derivation, ...]]
#: What stands in a cause that can be followed in Terraform source.
_NAMED = ("var", "local")


def ways_of(findings: Iterable[Finding], request: ScanRequest) -> WaysByUnit:
    """The ways of what these findings rest on, for each folder that they may be from; each way once."""
    wanted: dict[str, dict[Wanted, None]] = {}
    for finding in findings:
        if finding.source is Source.TF:
            wanted.setdefault(finding.resource.unit, {}).update(dict.fromkeys(_wanted(finding)))
    found: WaysByUnit = {}
    for target in request.targets if wanted else ():
        prefix = "" if len(request.targets) == 1 else target.rstrip("/") + "/"
        if Path(target).is_dir():
            ways = Ways(DiskTree(Path(target)), request.var_files, request.variables)
            for unit, values in wanted.items():
                if f"{unit}/".startswith(prefix):
                    derived = ways.derive(_within(unit, prefix), values)
                    found[unit] = (*found.get(unit, ()), *(_under(prefix, each) for each in derived))
    return found


def ways_kept(kept: Mapping[str, WaysByUnit], request: ScanRequest) -> WaysByUnit:
    """The ways that evidence was saved with, by its file, under the names that units have in this scan."""
    found: WaysByUnit = {}
    for target, ways in kept.items():
        prefix = "" if len(request.targets) == 1 else target.rstrip("/") + "/"
        for unit, derived in ways.items():
            found[(prefix + unit).removesuffix("/.")] = tuple(_under(prefix, each) for each in derived)
    return found


def ways_for(finding: Finding, ways: WaysByUnit) -> tuple[Derivation, ...]:
    """Those that one finding rests on."""
    names = {f"{each.address}.{each.path}" if each.path else each.address for each in _wanted(finding)}
    return tuple(each for each in ways.get(finding.resource.unit, ()) if each.name in names)


def _wanted(finding: Finding) -> Iterator[Wanted]:
    for leaf, _, of in decisive(finding.trace) if finding.trace else ():
        if leaf.path:
            yield Wanted(of or finding.resource.id, leaf.path)
    for cause in finding.causes:
        if cause.rpartition(".")[0].rpartition(".")[2] in _NAMED:
            yield Wanted(cause)


def _within(unit: str, prefix: str) -> str:
    """The unit as the target itself calls it."""
    return unit.removeprefix(prefix) if unit != prefix.rstrip("/") else "."


def _under(prefix: str, derivation: Derivation) -> Derivation:
    """The way with its places as several targets are told apart in reports."""
    location: Location = derivation.location
    return replace(
        derivation,
        location=replace(location, file=prefix + location.file) if location.file else location,
        children=tuple(_under(prefix, child) for child in derivation.children),
    )
