"""What tools report becomes one form: each thing once, and what a report leaves open is a gap."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infraguard.collectors.tools.findings import Read, read_output, read_sarif_file
from infraguard.model.evidence import GapReason
from infraguard.model.findings import Severity, ToolFinding


def sarif(*results: dict[str, Any], tool: str = "Bandit", rules: Any = ()) -> bytes:
    run = {"tool": {"driver": {"name": tool, "version": "1", "rules": list(rules)}}, "results": list(results)}
    return json.dumps({"runs": [run]}).encode()


def found(read: Read) -> list[ToolFinding]:
    (result,) = read.results
    return list(result.findings)


RESULT = {
    "ruleId": "B605",
    "level": "error",
    "message": {"text": "a shell"},
    "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 2}}}],
}


def test_a_finding_has_its_place_and_a_name_that_lines_do_not_change() -> None:
    (finding,) = found(read_output("bandit", "1.9", sarif(RESULT)))
    assert (finding.rule, finding.severity, str(finding.location)) == ("B605", Severity.HIGH, "a.py:2")
    moved = json.loads(json.dumps(RESULT).replace('"startLine": 2', '"startLine": 9'))
    (other,) = found(read_output("bandit", "1.9", sarif(moved)))
    assert other.fingerprint == finding.fingerprint


@pytest.mark.parametrize(
    ("score", "severity"),
    [("9.8", Severity.CRITICAL), ("7.0", Severity.HIGH), ("4.0", Severity.MEDIUM), ("0.1", Severity.LOW)],
)
def test_a_score_of_the_rule_decides_the_severity(score: str, severity: Severity) -> None:
    rules = [{"id": "B605", "properties": {"security-severity": score}}]
    assert found(read_output("bandit", "1", sarif(RESULT, rules=rules)))[0].severity is severity


def test_the_same_thing_in_two_reports_is_there_once() -> None:
    both = Read.merged((read_output("bandit", "1", sarif(RESULT)), read_sarif_file(sarif(RESULT), "b.sarif")))
    assert len(found(both)) == 1


def test_a_run_that_found_nothing_is_told_from_none() -> None:
    (result,) = read_output("bandit", "1.9", sarif()).results
    assert (result.tool, result.version, result.findings) == ("bandit", "1.9", ())


def test_a_report_that_cannot_be_read_is_a_gap() -> None:
    read = read_output("bandit", "1", b"Traceback")
    assert read.results == ()
    assert [gap.scope for gap in read.gaps] == ["bandit"]


def test_packages_that_pip_audit_left_out_are_gaps() -> None:
    content = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]},
            {"name": "b", "version": "1", "vulns": []},
            {"name": "c", "skip_reason": "not on the index"},
        ]
    }
    read = read_output("pip-audit", "2", json.dumps(content).encode())
    assert [finding.message for finding in found(read)] == ["a 1 has the vulnerability PYSEC-1, which 2 mends"]
    assert [gap.detail for gap in read.gaps] == ["c: not on the index"]


def test_packages_that_were_left_out_for_the_same_reason_are_one_gap() -> None:
    why = "Dependency not found on PyPI and could not be audited"
    skipped = [{"name": f"p{number}", "skip_reason": f"{why}: p{number} (1)"} for number in range(8)]
    read = read_output("pip-audit", "2", json.dumps({"dependencies": skipped}).encode())
    (gap,) = read.gaps
    assert gap.detail == f"p0, p1, p2, p3, p4 and 3 more: {why}"
    assert gap.reason is GapReason.UNRESOLVED


@pytest.mark.parametrize("content", [b"{}", b"[]", b"x", b'{"dependencies": [1]}'])
def test_what_pip_audit_never_writes_is_a_gap(content: bytes) -> None:
    assert [gap.scope for gap in read_output("pip-audit", "2", content).gaps] == ["pip-audit"]


def test_lines_of_squawk_count_from_one() -> None:
    content = [{"file": "a.sql", "line": 0, "level": "Warning", "message": "slow", "rule_name": "adding-field"}]
    (finding,) = found(read_output("squawk", "2", json.dumps(content).encode()))
    assert (str(finding.location), finding.rule, finding.severity) == ("a.sql:1", "adding-field", Severity.MEDIUM)


def test_squawk_gives_a_list() -> None:
    assert read_output("squawk", "2", b"{}").gaps[0].detail == "squawk:1: a list is expected" or read_output(
        "squawk", "2", b"{}"
    ).gaps[0].detail.endswith("a list is expected")
