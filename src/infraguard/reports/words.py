"""The words and styles that reports for people use."""

from __future__ import annotations

import posixpath
from typing import Final

from infraguard.model.evidence import EVERY_UNIT, Source
from infraguard.model.findings import Finding, Severity, Verdict
from infraguard.model.values import Location

SOURCE_NAMES: Final = {
    Source.TF: "Terraform source",
    Source.PLAN: "Terraform plan",
    Source.AWS: "AWS account",
    Source.REPO: "repository",
    Source.RESULTS: "result files",
    Source.GITHUB: "GitHub settings",
    Source.DB: "database",
    Source.ENDPOINT: "endpoint",
    Source.ATTEST: "attestations",
}

#: What a source speaks of: these words tell a reader which side of a drift is which.
WITNESSES: Final = {
    Source.TF: "declared",
    Source.PLAN: "planned",
    Source.REPO: "declared",
    Source.AWS: "live",
    Source.GITHUB: "live",
    Source.DB: "live",
    Source.ENDPOINT: "live",
    Source.RESULTS: "measured",
    Source.ATTEST: "attested",
}

_IN_FILES: Final = frozenset({Source.TF, Source.REPO, Source.RESULTS})
#: Terminal styles.
SEVERITY_STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
VERDICT_STYLES: Final = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.UNKNOWN: "yellow"}


#: How a finding names the whole of what was scanned.
_ITSELF: Final = "."


def place_words(location: Location | None, folder: str = "") -> str:
    """The place as a person can click it or look it up: `file:line`, an ARN, or an account. Nothing if none is known.

    `folder` goes before the names of files.
    """
    if location is None:
        return ""
    if location.file:
        if not folder:
            return str(location)
        return folder if location.file == _ITSELF else f"{folder}/{location}"
    if not location.account:
        return location.arn
    if not location.arn:
        return " ".join(part for part in ("account", location.account, location.region) if part)
    return location.arn if location.account in location.arn else f"{location.arn} in account {location.account}"


def unit_words(finding: Finding, folder: str = "") -> str:
    """The unit of a finding as a person can look it up: a folder for what is in files, else its name."""
    unit = finding.resource.unit
    if unit == EVERY_UNIT:
        return "all roots together"
    return posixpath.normpath(posixpath.join(folder, unit)) if finding.source in _IN_FILES else unit


def many(count: int, what: str) -> str:
    """`1 gate`, `2 gates`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
