"""Gates as SARIF rules, for `sarif.py`."""

from __future__ import annotations

import re
from typing import Any, Final

from infraguard.model.findings import GateResult, Severity
from infraguard.model.policy import Policy

#: GitHub reads these as CVSS scores: above 9.0 critical, from 7.0 high, from 4.0 medium, below that low.
SECURITY_SEVERITY: Final = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.5",
}
LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
#: GitHub shows no more of a text than this.
_MAX_TEXT = 1024


def rule(gate: GateResult, policy: Policy | None, remediation: str) -> dict[str, Any]:
    """A gate as a reporting descriptor. Without its policy, its title and a finding's remediation have to do."""
    why = policy.why if policy else gate.title
    remedy = (policy.remediation if policy else remediation) or gate.title
    references = policy.references if policy else ()
    described: dict[str, Any] = {
        "id": gate.policy,
        "name": pascal(gate.policy),
        "shortDescription": {"text": _sentence(gate.title)},
        "fullDescription": {"text": _sentence(why)},
        "help": {"text": remedy.strip(), "markdown": _markdown(gate, why, remedy, references)},
        "defaultConfiguration": {"level": LEVELS[gate.severity]},
        "properties": {
            "security-severity": SECURITY_SEVERITY[gate.severity],
            "precision": "high",
            "tags": list(dict.fromkeys(("security", "infrastructure", gate.policy.partition("/")[0]))),
        },
    }
    links = [reference for reference in references if reference.startswith("https://")]
    if links:
        described["helpUri"] = links[0]
    return described


def pascal(gate: str) -> str:
    """`database/backup-retention` as `DatabaseBackupRetention`."""
    return "".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", gate))


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    line = line if line.endswith((".", "!", "?")) else f"{line}."
    return line if len(line) <= _MAX_TEXT else line[: _MAX_TEXT - 3] + "..."


def _markdown(gate: GateResult, why: str, remedy: str, references: tuple[str, ...]) -> str:
    parts = [f"**{gate.title}**", *([why.strip()] if why != gate.title else []), "### What to do", remedy.strip()]
    if references:
        parts += ["### References", "\n".join(f"- {reference}" for reference in references)]
    parts.append(f"`infraguard policies show {gate.policy}` shows what is judged, and how.")
    return "\n\n".join(parts) + "\n"
