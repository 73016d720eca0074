"""Where SARIF results stand. Code scanning shows an alert in a file, and a live finding has none of its own."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from infraguard.model.findings import Finding
from infraguard.model.values import Location

#: Where a finding is shown that no file of the repository has anything to do with. It need not exist.
FALLBACK: Final = Location(file="infraguard.toml", line=1)


class Places:
    """The places of one report's findings.

    A finding without a file is shown where the same gate was judged in a file: on the same kind of resource if there
    is one, a fail before a pass, else anywhere; and at `infraguard.toml` when no file has a say.
    `folder` is where the scanned root lies below the root of the repository.
    """

    def __init__(self, findings: list[Finding], folder: str) -> None:
        self._folder = folder.strip("/")
        self._declared: dict[tuple[str, str], Location] = {}
        for finding in sorted(findings, key=lambda finding: finding.verdict.value != "fail"):
            if finding.location is not None and finding.location.file:
                self._declared.setdefault((finding.policy, finding.resource.kind), finding.location)
                self._declared.setdefault((finding.policy, ""), finding.location)

    def primary(self, finding: Finding) -> dict[str, Any]:
        """The location of a result, with the resource as its logical location."""
        location = finding.location
        if location is None or not location.file:
            declared = self._declared.get((finding.policy, finding.resource.kind))
            location = declared or self._declared.get((finding.policy, ""), FALLBACK)
        place = self.at(location)
        name = (finding.location.arn if finding.location else "") or finding.resource.id
        if name:
            place["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "resource"}]
        return place

    def at(self, location: Location) -> dict[str, Any]:
        """A place in a file, below the root of the repository."""
        line = location.line or 1
        region: dict[str, int] = {"startLine": line}
        if location.line and location.column:
            region["startColumn"] = location.column
        if location.end_line > line:
            region["endLine"] = location.end_line
        path = f"{self._folder}/{location.file}" if self._folder and location is not FALLBACK else location.file
        artifact = {"uri": uri(path), "uriBaseId": "%SRCROOT%"}
        return {"physicalLocation": {"artifactLocation": artifact, "region": region}}

    @staticmethod
    def live_words(finding: Finding) -> str:
        """What a message adds for a live finding, whose file is only the nearest place; else nothing."""
        location = finding.location
        if location is None or location.file or not (location.arn or location.account):
            return ""
        where = [f"account {location.account}" if location.account else "", location.region, location.arn]
        return f" (live: {', '.join(part for part in where if part)})"


def uri(path: str) -> str:
    """A relative path with forward slashes as a URI reference; bytes that are not UTF-8 stay what they are on disk."""
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte: no such file can exist
        raw = path.encode("utf-8", "backslashreplace")
    return quote(raw, safe="/")
