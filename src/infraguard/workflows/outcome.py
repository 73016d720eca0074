"""What a finished scan means for the process that ran it."""

from __future__ import annotations

from typing import Literal

from infraguard.model.findings import Report, Severity, Verdict

CLEAN = 0
FAILED = 1
INCOMPLETE = 3


def exit_code(report: Report, *, fail_on: Severity, on_unknown: Literal["fail", "warn"]) -> int:
    """0 clean; 1 failed; 3 when something is unknown or was not read.

    Failed is a scan with a fail, or a finding of another tool, of at least the severity `fail_on`.
    `on_unknown="warn"` takes what is unknown for granted and reports it only.
    """
    failed = any(
        finding.verdict is Verdict.FAIL and not finding.suppression and finding.severity.rank <= fail_on.rank
        for finding in report.findings
    )
    found = any(
        finding.severity.rank <= fail_on.rank and not finding.suppression
        for result in report.tools
        for finding in result.findings
    )
    if failed or found:
        return FAILED
    unknown = any(finding.verdict is Verdict.UNKNOWN and not finding.suppression for finding in report.findings)
    return INCOMPLETE if on_unknown == "fail" and (unknown or report.open_gaps) else CLEAN
