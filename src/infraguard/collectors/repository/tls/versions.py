"""Names of TLS versions in the languages of several programs, and the resource that a setting becomes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from msgspec import structs

from infraguard.collectors.repository.found import UNIT, at
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

#: `TLSv1.2`, `TLSv1_2`, `TLSv12`, `VersionTLS12`, `TLS1.2`; SSL counts as older than TLS 1.0.
_NAME = pattern(r"(?:VERSION)?TLSV?1(?:[._]?([0-3]))?\Z", re.IGNORECASE)
_SSL = pattern(r"SSLV?[23](?:[._]0)?\Z", re.IGNORECASE)
#: Below TLS 1.0 in every comparison.
SSL = 0.0


def version(name: str) -> float | None:
    """1.0 to 1.3 for the name of a version, 0.0 for SSL, None for what is no such name."""
    if _SSL.match(name):
        return SSL
    match = _NAME.match(name)
    return float(f"1.{match[1] or 0}") if match else None


def lowest(names: Iterable[str]) -> float | Unknown:
    """The lowest version of a list of protocols; Unknown when one of them has no name that we know."""
    found: list[float] = []
    for name in names:
        number = version(name)
        if number is None:
            return unknown_version(name)
        found.append(number)
    return min(found) if found else unknown_version("")


def unknown_version(text: str) -> Unknown:
    """The version behind a text that is filled in elsewhere."""
    return Unknown(
        f"{text!r} names no TLS version here",
        depends_on=(text,) if text else (),
        remedy="write the version where it is set",
    )


def setting(software: str, path: str, line: int, label: str, attributes: dict[str, Any]) -> Resource:
    """A `tls_setting`; `label` tells it from others of its file without naming its line."""
    place = at(path, line)
    return Resource(
        kind="tls_setting",
        id=f"{path}#{label}",
        source=Source.REPO,
        unit=UNIT,
        attributes={"software": software, **attributes},
        location=place,
        places=dict.fromkeys(("minimum_version", "protocols"), place),
    )


def numbered(resources: Iterable[Resource]) -> list[Resource]:
    """The same resources with a number behind an id that stands more than once."""
    used: dict[str, int] = {}
    found: list[Resource] = []
    for resource in resources:
        used[resource.id] = used.get(resource.id, 0) + 1
        count = used[resource.id]
        found.append(resource if count == 1 else structs.replace(resource, id=f"{resource.id} ({count})"))
    return found
