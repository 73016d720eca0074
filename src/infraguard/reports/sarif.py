"""Format `sarif`: SARIF 2.1.0 as GitHub code scanning takes it.

Results are fails only, since GitHub does not document `kind`, and suppressed ones are left out, since it does not
honour `suppressions`. What is not known goes to the invocation's notifications, with `executionSuccessful` false, so a
scan that could not see everything never looks like a clean one.
Source: OASIS SARIF 2.1.0 (errata 01), and GitHub's "SARIF support for code scanning".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from infraguard.model.evidence import Gap
from infraguard.model.findings import Finding, Report, Verdict
from infraguard.reports.options import RenderOptions
from infraguard.reports.ordering import finding_order, gap_order
from infraguard.reports.sarif_places import Places
from infraguard.reports.sarif_related import related_locations
from infraguard.reports.sarif_rules import LEVELS, rule
from infraguard.reports.sarif_tools import tool_run
from infraguard.reports.text import to_json
from infraguard.reports.together import callers_of, roots_of, together

#: GitHub rejects a run with more results than this.
MAX_RESULTS: Final = 25_000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LIVE = frozenset({"aws", "github", "db", "endpoint"})


def render_sarif(report: Report, options: RenderOptions) -> str:
    """The report as one SARIF run, and one for each other tool, in an order that depends on contents only."""
    places = Places(sorted(report.findings, key=finding_order), options.folder)
    category = _category(report, options.folder)
    others = [tool_run(result, places, category) for result in report.tools]
    return to_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report, options), *others]})


def _run(report: Report, options: RenderOptions) -> dict[str, Any]:
    gates = sorted(report.gates, key=lambda gate: gate.policy)
    numbers = {gate.policy: number for number, gate in enumerate(gates)}
    ordered = sorted(report.findings, key=finding_order)
    places = Places(ordered, options.folder)
    fails = [f for f in ordered if f.verdict is Verdict.FAIL and f.suppression is None and f.policy in numbers]
    fails.sort(key=lambda finding: finding.severity.rank)
    listed = together(fails)
    driver = {
        "name": "InfraGuard",
        "version": report.version,
        "semanticVersion": report.version,
        "rules": [rule(gate, options.policies.get(gate.policy), _remediation(gate.policy, fails)) for gate in gates],
    }
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": _category(report, options.folder)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report, ordered, numbers, places, len(listed))],
        "results": [_result(findings, numbers, places) for findings in listed[:MAX_RESULTS]],
    }


def _remediation(policy: str, fails: list[Finding]) -> str:
    return next((finding.remediation for finding in fails if finding.policy == policy), "")


def _category(report: Report, folder: str) -> str:
    """What GitHub keeps apart: a scan of files and one of live systems do not replace each other's alerts."""
    live = {target.source.value in _LIVE for target in report.targets}
    what = "live" if live == {True} else "files" if True not in live else "files-and-live"
    return f"infraguard/{what}/" + (f"{folder.strip('/')}/" if folder.strip("/") else "")


def _result(findings: Sequence[Finding], numbers: dict[str, int], places: Places) -> dict[str, Any]:
    """One thing to mend: a fail, or several that say the same of the same lines."""
    finding = findings[0]
    related = related_locations(finding, places)
    return {
        "ruleId": finding.policy,
        "ruleIndex": numbers[finding.policy],
        "level": LEVELS[finding.severity],
        "message": {"text": _plain(finding.message + places.live_words(finding) + _of_others(findings))},
        "locations": [places.primary(finding)],
        **({"relatedLocations": related} if related else {}),
        # GitHub matches alerts by this key only; by lines of a file, findings that share a place would be one alert.
        "partialFingerprints": {
            "primaryLocationLineHash": finding.fingerprint,
            "infraguard/v1": finding.fingerprint,
        },
        "properties": {
            "source": finding.source.value,
            "environment": finding.resource.environment.value,
            "resource": finding.resource.id,
            **({"fingerprints": [each.fingerprint for each in findings]} if len(findings) > 1 else {}),
        },
    }


def _of_others(findings: Sequence[Finding]) -> str:
    """Which jobs or roots several findings are of, for which the first of them stands."""
    callers = callers_of(findings)
    named = callers or (roots_of(findings) if len(findings) > 1 else ())
    return f" ({'called as' if callers else 'in the roots'} {', '.join(named)})" if named else ""


def _invocation(
    report: Report, ordered: list[Finding], numbers: dict[str, int], places: Places, fails: int
) -> dict[str, Any]:
    unknowns = [f for f in ordered if f.verdict is Verdict.UNKNOWN and f.suppression is None]
    notifications = [_gap(gap, places) for gap in sorted(report.open_gaps, key=gap_order)]
    notifications += [_unknown(finding, numbers, places) for finding in unknowns]
    if fails > MAX_RESULTS:
        text = f"{fails - MAX_RESULTS} more fails are left out: GitHub takes {MAX_RESULTS} results of one run."
        notifications.append({"level": "error", "message": {"text": text}})
    complete = not notifications and not report.count(Verdict.UNKNOWN)
    return {
        "executionSuccessful": complete,
        "startTimeUtc": report.started_at,
        "toolExecutionNotifications": notifications,
    }


def _gap(gap: Gap, places: Places) -> dict[str, Any]:
    words = f"{gap.source.value}: {gap.scope} could not be read ({gap.reason.value}): {gap.detail}. {gap.remedy}"
    notification: dict[str, Any] = {
        "level": "warning",
        "message": {"text": _plain(words)},
        "descriptor": {"id": f"not-read/{gap.reason.value}"},
    }
    if gap.location is not None and gap.location.file:
        notification["locations"] = [places.at(gap.location)]
    return notification


def _unknown(finding: Finding, numbers: dict[str, int], places: Places) -> dict[str, Any]:
    words = f"{finding.policy} is not decided for {finding.resource.id or finding.resource.kind}: {finding.reason}. "
    notification: dict[str, Any] = {
        "level": "warning",
        "message": {"text": _plain(words + (finding.remedy or ""))},
        "descriptor": {"id": "not-decided"},
    }
    if finding.policy in numbers:
        notification["associatedRule"] = {"id": finding.policy, "index": numbers[finding.policy]}
    if finding.location is not None and finding.location.file:
        notification["locations"] = [places.at(finding.location)]
    return notification


def _plain(text: str) -> str:
    """A message in which nothing that was scanned can become a link (SARIF 3.11.6: `[text](target)`)."""
    return " ".join(text.split()).replace("](", "] (")
