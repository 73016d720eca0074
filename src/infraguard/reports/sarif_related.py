"""The other places that a fail was judged at: code scanning shows a result at one, and lists these beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from infraguard.model.findings import Finding, Trace
from infraguard.model.values import Location
from infraguard.reports.sarif_places import Places

#: More of them say nothing more.
MAX_RELATED: Final = 10


def related_locations(finding: Finding, places: Places) -> list[dict[str, Any]]:
    """Where else what decided a finding was read, each place once, with the attribute or the resource that is there."""
    primary = finding.location
    seen: set[tuple[str, int]] = {(primary.file, primary.line)} if primary else set()
    found: list[dict[str, Any]] = []
    for location, what in _read_at(finding.trace, finding.resource.id) if finding.trace else ():
        if not location.file or (location.file, location.line) in seen or len(found) == MAX_RELATED:
            continue
        seen.add((location.file, location.line))
        place = places.at(location)
        found.append({"id": len(found), **place, "message": {"text": what.replace("](", "] (")}})
    return found


def _read_at(trace: Trace, what: str) -> Iterator[tuple[Location, str]]:
    """The places of the conditions that came out as the whole did, with what was looked at there."""
    if trace.operator == "resource":
        what = trace.path
    elif trace.location and not trace.children and trace.path:
        yield trace.location, f"{what}: {trace.path}" if what else trace.path
    if trace.operator == "resource" and trace.location:
        yield trace.location, what
    inverse = trace.operator in ("not", "none")
    for child in trace.children:
        if inverse or child.truth is trace.truth:
            yield from _read_at(child, what)
