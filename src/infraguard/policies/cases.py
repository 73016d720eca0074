"""Cases: what a policy must say of given evidence. They are its tests, and the examples in its documentation."""

from __future__ import annotations

import datetime as dt
from typing import Final

from msgspec import Struct, field

from infraguard.model.errors import PolicyError
from infraguard.model.evidence import EVERY_KIND, Collected, Environment, Evidence, Gap, GapReason, Resource, Source
from infraguard.model.findings import Verdict
from infraguard.model.policy import At
from infraguard.model.values import Location, with_markers
from infraguard.policies.cursor import Cursor

_KEYS: Final = (
    *("name", "source", "verdict", "because", "message", "why"),
    *("terraform", "files", "changed_at", "resources", "gaps"),
)
_RESOURCE_KEYS: Final = ("kind", "id", "environment", "attributes", "region")
_GAP_KEYS: Final = ("scope", "reason", "kinds")
#: All evidence of a case is of one unit, of this name.
UNIT: Final = "case"


class Case(Struct, frozen=True, kw_only=True):
    """One situation and the verdict that the policy must give on it, from one source.

    The evidence is given as files, which the collector of the source reads, or as what a collector would have made.
    `changed_at` is when files but reports became what they are, ISO 8601; without it reports are of what they tell.
    `message` and `because` are fragments that a finding's message and reason must hold; `why` is for people who wonder
    about the verdict.
    """

    name: str
    source: Source
    verdict: Verdict
    files: dict[str, str] = field(default_factory=dict)
    changed_at: str = ""
    evidence: Evidence | None = None
    message: str = ""
    because: str = ""
    why: str = ""
    at: At = At()


def read_cases(text: str, file: str) -> tuple[Case, ...]:
    """The cases in a file. Raises `PolicyError` at the place of a mistake."""
    cursor = Cursor.of(text, file).mapping(("cases",))
    cases = tuple(_case(item) for item in cursor.need("cases").filled_sequence())
    seen: set[str] = set()
    for case in cases:
        if case.name in seen:
            raise PolicyError(f"two cases are named {case.name!r}", file=file, line=case.at.line)
        seen.add(case.name)
    return cases


def _case(cursor: Cursor) -> Case:
    cursor.mapping(_KEYS)
    terraform, files = cursor.get("terraform"), cursor.get("files")
    live = "resources" in cursor.data or "gaps" in cursor.data
    if sum((terraform is not None, files is not None, live)) != 1:
        cursor.fail("a case gives one of `terraform`, `files`, or `resources` and `gaps`")
    source = Source(cursor.need("source").choice(Source))
    message, because, why = cursor.get("message"), cursor.get("because"), cursor.get("why")
    changed_at = cursor.get("changed_at")
    return Case(
        name=cursor.need("name").text(),
        source=source,
        verdict=Verdict(cursor.need("verdict").choice(Verdict)),
        files={"main.tf": terraform.text() + "\n"} if terraform else _files(files) if files else {},
        changed_at=_moment(changed_at) if changed_at else "",
        evidence=_evidence(cursor, source) if live else None,
        message=message.text() if message else "",
        because=because.text() if because else "",
        why=why.text() if why else "",
        at=cursor.at,
    )


def _moment(cursor: Cursor) -> str:
    try:
        dt.datetime.fromisoformat(cursor.text())
    except ValueError:
        cursor.fail("a time is expected, such as 2026-01-01T00:00:00Z")
    return cursor.text()


def _files(cursor: Cursor) -> dict[str, str]:
    return {
        path: content.data if content.data == "" else content.text() + "\n"
        for path, content in cursor.mapping().items()
    }


def _evidence(cursor: Cursor, source: Source) -> Evidence:
    """The resources and gaps of a case, as a collector that read everything but the gaps would give them."""
    resources, gaps = cursor.get("resources"), cursor.get("gaps")
    return Evidence(
        resources=tuple(_resource(item, source) for item in resources.sequence()) if resources else (),
        gaps=tuple(_gap(item, source) for item in gaps.sequence()) if gaps else (),
        collected=(Collected(source=source, unit=UNIT),),
    )


def _resource(cursor: Cursor, source: Source) -> Resource:
    cursor.mapping(_RESOURCE_KEYS)
    kind = cursor.need("kind").text()
    identity, region = cursor.get("id"), cursor.get("region")
    environment, attributes = cursor.get("environment"), cursor.get("attributes")
    name = identity.text() if identity else kind
    return Resource(
        kind=kind,
        id=name,
        source=source,
        unit=UNIT,
        attributes={"id": name, **(with_markers(attributes.mapping().data) if attributes else {})},
        location=Location(arn=name, region=region.text() if region else ""),
        environment=Environment(environment.choice(Environment)) if environment else Environment.UNKNOWN,
    )


def _gap(cursor: Cursor, source: Source) -> Gap:
    cursor.mapping(_GAP_KEYS)
    reason, kinds = cursor.need("reason").choice(GapReason), cursor.get("kinds")
    return Gap(
        source=source,
        scope=cursor.need("scope").text(),
        reason=GapReason(reason),
        detail=reason,
        remedy="as the case says",
        unit=UNIT,
        kinds=kinds.texts() if kinds else (EVERY_KIND,),
    )
