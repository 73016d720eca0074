"""Reports of tools to what they found: one form for all, each thing once, and a gap for what a report leaves open."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.model.findings import Severity, ToolFinding, ToolResult
from infraguard.model.listing import first_of
from infraguard.model.values import Location
from infraguard.readers.sarif import SarifResult, SarifRun, read_sarif

#: Packages that one gap names.
_MAX_NAMES: Final = 5
_SKIPPED: Final = "scan where the index has these packages, or look them up by hand"


class Read(Struct, frozen=True):
    """What reports of tools said, and what they leave open."""

    results: tuple[ToolResult, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @staticmethod
    def merged(parts: Iterable[Read]) -> Read:
        """All parts as one: reports of the same tool are one result, with the same thing in it once."""
        every = tuple(parts)
        versions: dict[str, dict[str, None]] = {}
        findings: dict[str, dict[tuple[str, str], ToolFinding]] = {}
        off: dict[str, dict[str, None]] = {}
        for result in (result for part in every for result in part.results):
            versions.setdefault(result.tool, {})[result.version] = None
            off.setdefault(result.tool, {}).update(dict.fromkeys(result.switched_off))
            mine = findings.setdefault(result.tool, {})
            for finding in result.findings:
                mine.setdefault((finding.fingerprint, str(finding.location)), finding)
        return Read(
            tuple(
                ToolResult(
                    tool=tool,
                    version=", ".join(filter(None, versions[tool])),
                    findings=tuple(mine.values()),
                    switched_off=tuple(off[tool]),
                )
                for tool, mine in sorted(findings.items())
            ),
            tuple(dict.fromkeys(gap for part in every for gap in part.gaps)),
        )


def read_output(tool: str, version: str, content: bytes) -> Read:
    """What a tool that we ran said. A report that cannot be read is a gap."""
    try:
        read = _READERS.get(tool, _sarif)(tool, version, content)
    except SyntaxProblem as error:
        return Read(gaps=(_gap(tool, GapReason.INVALID, error.why, f"run {tool} by itself to see what it reports"),))
    # A run without findings has its line in the report, too: it is what tells it from one that never was.
    return read if read.results else Read((ToolResult(tool=tool, version=version, findings=()),), read.gaps)


def read_sarif_file(content: bytes, file: str) -> Read:
    """What a SARIF file of any tool says. Raises `SyntaxProblem` for what is none."""
    return Read.merged(_of_run(run, run.tool.lower(), run.version) for run in read_sarif(content, file))


def _sarif(tool: str, version: str, content: bytes) -> Read:
    return Read.merged(_of_run(run, tool, version) for run in read_sarif(content, tool))


def _of_run(run: SarifRun, tool: str, version: str) -> Read:
    findings = tuple(_finding(tool, result) for result in run.results)
    gaps = tuple(
        _gap(tool, GapReason.INVALID, why, f"run {tool} again, and mend what stops it") for why in run.failures
    )
    return Read((ToolResult(tool=tool, version=version, findings=findings),), gaps)


def _finding(tool: str, result: SarifResult) -> ToolFinding:
    return ToolFinding(
        rule=result.rule,
        severity=result.severity,
        message=result.message,
        location=Location(file=result.file, line=result.line, end_line=result.end_line),
        fingerprint=_fingerprint(tool, result.rule, result.file, result.message),
        help=result.help,
        suppression=f"suppressed in the report of {tool}" if result.suppressed else None,
    )


def _pip_audit(tool: str, version: str, content: bytes) -> Read:
    """pip-audit's JSON: packages with their vulnerabilities, or the reason why one was left out."""
    packages = _list(_json(tool, content), "dependencies", tool)
    findings: list[ToolFinding] = []
    skipped: dict[str, list[str]] = {}
    for package in packages:
        name = f"{package.get('name', '?')} {package.get('version', '')}".strip()
        if "skip_reason" in package:
            skipped.setdefault(str(package["skip_reason"]).partition(":")[0], []).append(name)
        for flaw in package.get("vulns") or []:
            fixed = ", ".join(flaw.get("fix_versions") or []) or "no version yet"
            message = f"{name} has the vulnerability {flaw.get('id')}, which {fixed} mends"
            findings.append(
                ToolFinding(
                    rule=str(flaw.get("id")),
                    severity=Severity.HIGH,
                    message=message,
                    location=Location(),
                    fingerprint=_fingerprint(tool, str(flaw.get("id")), name, ""),
                )
            )
    gaps = (
        _gap(tool, GapReason.UNRESOLVED, f"{first_of(names, _MAX_NAMES)}: {why}", _SKIPPED)
        for why, names in skipped.items()
    )
    return Read((ToolResult(tool=tool, version=version, findings=tuple(findings)),), tuple(gaps))


def _squawk(tool: str, version: str, content: bytes) -> Read:
    """Squawk's JSON: a list of what is risky, with the line counted from 0."""
    found = _json(tool, content)
    if not isinstance(found, list):
        raise SyntaxProblem("a list is expected", file=tool, line=1)
    findings = [
        ToolFinding(
            rule=str(one.get("rule_name", "")),
            severity=Severity.HIGH if one.get("level") == "Error" else Severity.MEDIUM,
            message=str(one.get("message", "")),
            location=Location(file=str(one.get("file", "")), line=int(one.get("line", -1)) + 1),
            fingerprint=_fingerprint(tool, str(one.get("rule_name")), str(one.get("file")), str(one.get("message"))),
            help=str(one.get("help") or ""),
        )
        for one in found
        if isinstance(one, dict)
    ]
    return Read((ToolResult(tool=tool, version=version, findings=tuple(findings)),))


_READERS: Final[dict[str, Callable[[str, str, bytes], Read]]] = {"pip-audit": _pip_audit, "squawk": _squawk}


def _json(tool: str, content: bytes) -> Any:
    try:
        return json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise SyntaxProblem(f"its report is not JSON: {error}", file=tool, line=1) from error


def _list(document: Any, key: str, tool: str) -> list[dict[str, Any]]:
    items = document.get(key) if isinstance(document, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SyntaxProblem(f"its report has no list {key!r}", file=tool, line=1)
    return items


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _gap(tool: str, reason: GapReason, detail: str, remedy: str) -> Gap:
    return Gap(source=Source.RESULTS, scope=tool, reason=reason, detail=detail, remedy=remedy, unit=".", kinds=(tool,))
