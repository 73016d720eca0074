"""What security tools reported: SARIF of any tool, and the JSON of Bandit, pip-audit, Safety and ZAP, by severity.

Sources: OASIS SARIF 2.1.0; the JSON formatters of Bandit and pip-audit; the traditional JSON report of ZAP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from infraguard.collectors.repository.results.safety import SafetyReport, is_safety, read_safety
from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown
from infraguard.readers.json import mappings, read_json
from infraguard.readers.sarif import SarifRun, runs_of

#: Tools by what they look at; what is in none of these is a `security_report`.
_SORTS: Final = {
    "sast_report": ("bandit", "semgrep", "codeql", "sonar"),
    "dependency_report": ("pip-audit", "safety", "osv-scanner", "dependency-check", "grype", "trivy", "snyk"),
    "dynamic_report": ("zap", "nuclei"),
}
KINDS: Final = (*_SORTS, "security_report")
_SEVERITIES: Final = ("critical", "high", "medium", "low")
_ZAP_RISKS: Final = {"3": "high", "2": "medium", "1": "low"}
#: Findings that are named.
MAX_NAMES = 10

Reported = tuple[str, dict[str, Any]]


def reader_of(content: bytes, path: str) -> Callable[[], list[Reported]] | None:
    """What reads these bytes, when they are JSON of a security tool; None for another. Raises `SyntaxProblem`."""
    document = read_json(content, path)
    keys = document.keys() if isinstance(document, dict) else set()
    if "runs" in keys:
        return lambda: [_of_run(run) for run in runs_of(document, path)]
    if {"results", "metrics"} <= keys:
        return lambda: [_of_bandit(document)]
    if "dependencies" in keys:
        return lambda: [_of_pip_audit(document, path)]
    if is_safety(document):
        return lambda: [_of_safety(read_safety(document))]
    if "site" in keys:
        return lambda: [_of_zap(document)]
    return None


def _of_run(run: SarifRun) -> Reported:
    found = ((str(one.severity), one.rule) for one in run.results if not one.suppressed)
    scored = any(one.score is not None for one in run.results)
    kind, attributes = _reported(_plain(run.tool), found, run.failures, run.started_at or None, tells_critical=scored)
    return kind, {**attributes, "revision": run.revision} if run.revision else attributes


def _of_bandit(document: dict[str, Any]) -> Reported:
    found = (
        (str(one.get("issue_severity", "")).lower(), str(one.get("test_id"))) for one in mappings(document, "results")
    )
    failures = [f"{one.get('filename')}: {one.get('reason')}" for one in mappings(document, "errors")]
    return _reported("bandit", found, failures, document.get("generated_at"))


def _of_pip_audit(document: dict[str, Any], path: str) -> Reported:
    if not isinstance(document["dependencies"], list):
        raise SyntaxProblem("its dependencies are no list", file=path, line=1, hint="give pip-audit's JSON")
    packages = mappings(document, "dependencies")
    # pip-audit tells no severity, so that each vulnerability may be grave.
    found = (("high", str(flaw.get("id"))) for one in packages for flaw in mappings(one, "vulns"))
    skipped = [f"{one.get('name')} was skipped: {one['skip_reason']}" for one in packages if "skip_reason" in one]
    if not packages:
        skipped.append("it looked at no package")
    return _reported("pip-audit", found, skipped)


def _of_safety(report: SafetyReport) -> Reported:
    failures = ["it looked at no package"] if report.packages == 0 else []
    return _reported("safety", report.found, failures, report.written, tells_critical=report.graded)


def _of_zap(document: dict[str, Any]) -> Reported:
    sites = mappings(document, "site")
    alerts = [alert for site in sites for alert in mappings(site, "alerts")]
    found = ((_ZAP_RISKS.get(str(one.get("riskcode")), "low"), str(one.get("alertRef"))) for one in alerts)
    return _reported("zap", found, [] if sites else ["it reached no site"], document.get("created"))


def _reported(
    tool: str,
    found: Iterable[tuple[str, str]],
    failures: Iterable[str],
    written: Any = None,
    *,
    tells_critical: bool = False,
) -> Reported:
    """Counts of what was found. Nothing found by a tool that could not do all its work is unknown, not nought.

    So is how much is critical where the tool has no such grade, and something is of its highest: Bandit and ZAP end at
    high, pip-audit grades nothing, and a level of SARIF is at most an error.
    """
    pairs = sorted(_graded(found))
    counts = Counter(severity for severity, _ in pairs)
    undone = tuple(dict.fromkeys(failures))
    attributes: dict[str, Any] = {"tool": tool, "findings": len(pairs), "rules": _names(pairs)}
    for severity in _SEVERITIES:
        attributes[severity] = counts[severity]
        if undone and not counts[severity]:
            reason = f"{tool} did not do all its work: {'; '.join(undone[:3])}"
            attributes[severity] = Unknown(reason, remedy=f"mend what stops {tool}, and run it again")
    if not tells_critical and not undone and not counts["critical"] and (grave := counts["high"]):
        reason = f"{tool} knows no grade above high, and {grave} of its findings may be critical"
        attributes["critical"] = Unknown(reason, remedy="mend what it finds, or waive the gate and say why")
    if isinstance(written, str):
        attributes["generated_at"] = written
    return kind_of_tool(tool), attributes


def _graded(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Findings with one of our severities; what a tool calls otherwise is low."""
    return [(severity if severity in _SEVERITIES else "low", rule) for severity, rule in found]


def _names(pairs: list[tuple[str, str]]) -> list[str]:
    order = {severity: place for place, severity in enumerate(_SEVERITIES)}
    return list(dict.fromkeys(rule for _, rule in sorted(pairs, key=lambda one: order[one[0]])))[:MAX_NAMES]


def _plain(tool: str) -> str:
    """A tool's name as it is written on a command line, whatever its report calls it."""
    name = "-".join(tool.lower().split()).removeprefix("owasp-")
    return next((known for tools in _SORTS.values() for known in tools if name.startswith(known)), name)


def kind_of_tool(tool: str) -> str:
    """The kind that reports of a tool are of."""
    return next((kind for kind, tools in _SORTS.items() if tool in tools), "security_report")
