"""What Safety reported, in the JSON of `safety check` and in that of `safety scan`.

With an account Safety tells how grave a vulnerability is, and without one it does not. What its policy file ignores is
listed in both, with the reason, and counts for nothing here as it does there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from infraguard.readers.json import mapping, mappings


class SafetyReport(Struct, frozen=True):
    """Vulnerabilities as pairs of severity and id; how many packages were looked at, None where it is not told."""

    found: tuple[tuple[str, str], ...]
    graded: bool
    packages: int | None
    written: str | None


def is_safety(document: Any) -> bool:
    """Whether a JSON document is Safety's."""
    forms = ({"report_meta", "vulnerabilities"}, {"meta", "scan_results"})
    return isinstance(document, dict) and any(document.keys() >= form for form in forms)


def read_safety(document: dict[str, Any]) -> SafetyReport:
    """The report of either command."""
    if "scan_results" in document:
        packages = list(_dependencies(document))
        flaws = [flaw for package in packages for spec in mappings(package, "specifications") for flaw in _flaws(spec)]
        return _report(flaws, "id", len(packages), mapping(document, "meta").get("timestamp"))
    meta = mapping(document, "report_meta")
    count = meta.get("packages_found")
    flaws = mappings(document, "vulnerabilities")
    return _report(flaws, "vulnerability_id", count if isinstance(count, int) else None, meta.get("timestamp"))


def _dependencies(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for project in mappings(mapping(document, "scan_results"), "projects"):
        for file in mappings(project, "files"):
            yield from mappings(mapping(file, "results"), "dependencies")


def _flaws(specification: dict[str, Any]) -> list[dict[str, Any]]:
    return mappings(mapping(specification, "vulnerabilities"), "known_vulnerabilities")


def _report(flaws: list[dict[str, Any]], key: str, packages: int | None, written: Any) -> SafetyReport:
    counted = [flaw for flaw in flaws if not flaw.get("ignored")]
    grades = [_grade(flaw) for flaw in counted]
    return SafetyReport(
        tuple((grade or "high", str(flaw.get(key))) for flaw, grade in zip(counted, grades, strict=True)),
        all(grades),
        packages,
        written if isinstance(written, str) else None,
    )


def _grade(flaw: dict[str, Any]) -> str:
    """How grave CVSS has it; empty where it is not told."""
    return str(mapping(mapping(flaw, "severity"), "cvssv3").get("base_severity") or "").lower()
