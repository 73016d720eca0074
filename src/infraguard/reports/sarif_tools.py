"""What other tools found, as SARIF runs of their own: code scanning then shows each under its tool's name."""

from __future__ import annotations

from typing import Any

from infraguard.model.findings import ToolFinding, ToolResult
from infraguard.reports.ordering import tool_finding_order
from infraguard.reports.sarif_places import Places
from infraguard.reports.sarif_rules import LEVELS


def tool_run(result: ToolResult, places: Places, category: str) -> dict[str, Any]:
    """The run of one tool; what its report suppressed is left out, as with our own."""
    findings = sorted((one for one in result.findings if not one.suppression), key=tool_finding_order)
    rules = {finding.rule: finding for finding in reversed(findings)}
    numbers = {name: number for number, name in enumerate(sorted(rules))}
    driver: dict[str, Any] = {"name": result.tool, "rules": [_rule(rules[name]) for name in numbers]}
    if result.version:
        driver["version"] = result.version
    said = [_switched_off(words) for words in result.switched_off]
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{category}{result.tool}/"},
        "columnKind": "unicodeCodePoints",
        **({"invocations": [{"executionSuccessful": True, "toolConfigurationNotifications": said}]} if said else {}),
        "results": [_result(finding, numbers, places) for finding in findings],
    }


def _switched_off(words: str) -> dict[str, Any]:
    """What the repository told the tool to leave out: a condition of its configuration (SARIF 3.20.22)."""
    text = " ".join(words.split()).replace("](", "] (")
    return {
        "level": "note",
        "message": {"text": f"Switched off by the repository: {text}."},
        "descriptor": {"id": "switched-off"},
    }


def _rule(finding: ToolFinding) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": finding.rule, "shortDescription": {"text": finding.rule}}
    if finding.help.startswith("https://"):
        rule["helpUri"] = finding.help
    return rule


def _result(finding: ToolFinding, numbers: dict[str, int], places: Places) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": " ".join(finding.message.split()).replace("](", "] (") or finding.rule},
        "partialFingerprints": {
            "primaryLocationLineHash": finding.fingerprint,
            "infraguard/v1": finding.fingerprint,
        },
    }
    if finding.location.file:
        result["locations"] = [places.at(finding.location)]
    return result
