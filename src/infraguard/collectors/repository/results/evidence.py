"""Reports that are at hand without a file in the repository, such as that of a tool that was just run, as evidence."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from infraguard.collectors.repository.results.files import remedy_for
from infraguard.collectors.repository.results.freshness import dated
from infraguard.collectors.repository.results.judged import Judged
from infraguard.collectors.repository.results.security import kind_of_tool, reader_of
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Collected, Evidence, Gap, Resource, Source, Target
from infraguard.model.values import Location


def evidence_of_report(name: str, content: bytes, *, unit: str, judged: Judged | None = None) -> Evidence:
    """What a report says of the kinds that gates judge. A report that cannot be read, or of none of them, says nothing.

    `name` is how findings call it. What it is to be of is `judged`; without it, it is taken to be.
    """
    try:
        read = reader_of(content, name)
        reported = [one for one in (read() if read else []) if one[0] != "security_report"]
    except SyntaxProblem:
        return Evidence()
    single = len(reported) == 1
    return Evidence(
        targets=tuple(Target(source=Source.RESULTS, name=name) for _ in reported[:1]),
        resources=tuple(
            Resource(
                kind=kind,
                id=name if single else f"{name}#{number}",
                source=Source.RESULTS,
                unit=unit,
                attributes=dated(attributes, name, judged, remedy_for(kind)),
                location=Location(),
            )
            for number, (kind, attributes) in enumerate(reported)
        ),
        collected=tuple(
            Collected(source=Source.RESULTS, unit=unit, kinds=(kind,)) for kind in {kind: 1 for kind, _ in reported}
        ),
    )


def evidence_of_gaps(tool: str, gaps: Iterable[Gap], *, unit: str) -> Evidence:
    """The gaps that a tool leaves, in what its report would have told; none of a tool that decides no gate."""
    kind = kind_of_tool(tool)
    if kind == "security_report":
        return Evidence()
    kept = tuple(replace(gap, unit=unit, kinds=(kind,)) for gap in gaps)
    told = (Target(source=Source.RESULTS, name=tool),) if kept else ()
    collected = (Collected(source=Source.RESULTS, unit=unit, kinds=(kind,)),) if kept else ()
    return Evidence(targets=told, gaps=kept, collected=collected)
