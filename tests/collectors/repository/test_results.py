"""Result files: what was measured, never what was displayed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from infraguard.collectors.repository import collect_repository
from infraguard.collectors.repository.results.coverage import from_cobertura, from_json, from_lcov
from infraguard.collectors.repository.results.files import KINDS as RESULT_KINDS
from infraguard.collectors.repository.results.tests import from_junit
from infraguard.model.evidence import Evidence, GapReason, Source
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree

Files = Mapping[str, str | bytes]

XML = '<?xml version="1.0" ?>\n<coverage version="7.6" timestamp="1700000000000" {}/>'
COUNTED = XML.format('lines-valid="1000" lines-covered="796" branches-valid="0" branches-covered="0" line-rate="0.8"')
JSON = b'{"meta": {"timestamp": "2026-11-23T10:00:00"}, "totals": {"covered_lines": 796, "num_statements": 1000}}'
LCOV = b"TN:\nSF:a.py\nDA:1,1\nLF:600\nLH:400\nBRF:10\nBRH:5\nend_of_record\nSF:b.py\nLF:400\nLH:396\nend_of_record\n"
JUNIT = """<testsuites><testsuite name="s" tests="4" time="1,001.5" timestamp="2026-11-23T10:00:00">
<testcase classname="a" name="good"/><testcase classname="a" name="bad"><failure>x</failure></testcase>
<testcase name="worse"><error/></testcase><testcase classname="a" name="not"><skipped/></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("read", "content", "percent", "form"),
    [
        (from_cobertura, COUNTED.encode(), 79.6, "cobertura"),
        (from_json, JSON, 79.6, "coverage.py json"),
        (from_lcov, LCOV, 100 * 801 / 1010, "lcov"),
    ],
)
def test_the_percentage_comes_from_counts(
    read: Callable[[bytes, str], dict[str, Any]], content: bytes, percent: float, form: str
) -> None:
    found = read(content, "f")
    assert found["format"] == form
    assert found["percent_covered"] == percent


def test_cobertura_without_counts_is_counted_by_its_lines() -> None:
    text = """<coverage line-rate="0.9"><packages><package><classes><class>
    <methods><method><lines><line number="1" hits="1"/></lines></method></methods>
    <lines><line number="1" hits="1"/><line number="2" hits="0"/></lines>
    </class></classes></package></packages></coverage>"""
    found = from_cobertura(text.encode(), "f")
    assert (found["lines_valid"], found["lines_covered"], found["percent_covered"]) == (2, 1, 50.0)


def test_when_a_report_was_written() -> None:
    assert from_cobertura(COUNTED.encode(), "f")["generated_at"] == "2023-11-14T22:13:20+00:00"
    assert from_json(JSON, "f")["generated_at"] == "2026-11-23T10:00:00"
    assert from_junit(JUNIT.encode(), "f")["generated_at"] == "2026-11-23T10:00:00"


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (from_cobertura, XML.format('lines-valid="0" lines-covered="0"').encode()),
        (from_cobertura, XML.format('lines-valid="5" lines-covered="9"').encode()),
        (from_json, b'{"totals": {"covered_lines": 0, "num_statements": 0, "percent_covered": 100.0}}'),
        (from_lcov, b"TN:\nend_of_record\n"),
    ],
)
def test_a_report_of_nothing_is_unknown(read: Callable[[bytes, str], dict[str, Any]], content: bytes) -> None:
    percent = read(content, "f")["percent_covered"]
    assert isinstance(percent, Unknown)
    assert percent.remedy


def test_coverage_py_agrees_in_all_three_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = (
        "def f(x):\n    if x:\n        return 1\n    for i in range(x):\n        print(i)\n    return 2\n\n\nf(1)\n"
    )
    (tmp_path / "measured.py").write_text(source)
    measure = Coverage(data_file=None, branch=True, include=[str(tmp_path / "measured.py")], config_file=False)
    with measure.collect():
        exec(compile(source, str(tmp_path / "measured.py"), "exec"), {})
    total = measure.xml_report(outfile="c.xml")
    measure.json_report(outfile="c.json")
    measure.lcov_report(outfile="c.info")
    assert 0 < total < 100
    for read, name in ((from_cobertura, "c.xml"), (from_json, "c.json"), (from_lcov, "c.info")):
        assert read((tmp_path / name).read_bytes(), name)["percent_covered"] == pytest.approx(total, abs=1e-9)


def test_junit_is_counted_by_its_cases() -> None:
    found = from_junit(JUNIT.encode(), "f")
    assert {key: found[key] for key in ("tests", "failures", "errors", "skipped", "time")} == {
        "tests": 4,
        "failures": 1,
        "errors": 1,
        "skipped": 1,
        "time": 1001.5,
    }
    assert found["failed"] == ["a::bad", "worse"]


def test_a_run_that_was_cut_off_is_unknown() -> None:
    found = from_junit(b'<testsuite tests="9"><testcase name="a"/></testsuite>', "f")
    assert isinstance(found["tests"], Unknown)


def test_the_first_twenty_failures_are_named() -> None:
    cases = "".join(f'<testcase name="t{number}"><failure/></testcase>' for number in range(50))
    found = from_junit(f"<testsuite>{cases}</testsuite>".encode(), "f")
    assert (found["failures"], len(found["failed"])) == (50, 20)


def _collect(files: Files, results: Sequence[str] | None) -> Evidence:
    return collect_repository(MemoryTree(files), results=results, read_at="2026-11-23T00:00:00Z")


def _of_results(evidence: Evidence) -> tuple[list[str], list[tuple[GapReason, tuple[str, ...]]], list[tuple[str, ...]]]:
    return (
        [resource.id for resource in evidence.resources if resource.source is Source.RESULTS],
        [(gap.reason, gap.kinds) for gap in evidence.gaps if gap.source is Source.RESULTS],
        [entry.kinds for entry in evidence.collected if entry.source is Source.RESULTS],
    )


EVERY = RESULT_KINDS
#: Kinds of which a report is expected of a Python project, once results are asked for.
WHEN_ASKED = RESULT_KINDS[:-1]


@pytest.mark.parametrize(
    ("files", "results", "ids", "gaps", "collected"),
    [
        ({"a.py": ""}, None, [], [], []),
        ({"coverage.xml": COUNTED}, None, ["coverage.xml"], [], [("coverage_report",)]),
        ({"reports/junit.xml": JUNIT}, None, ["reports/junit.xml"], [], [("test_report",)]),
        ({"tests/data/coverage.xml": COUNTED}, None, [], [], []),
        ({"out/c.xml": COUNTED}, ["./out/c.xml"], ["out/c.xml"], [], [EVERY]),
        ({"out/junit.xml": JUNIT, "out/other.xml": ""}, ["out"], ["out/junit.xml"], [], [EVERY]),
        ({"a.md": ""}, [], [], [], [EVERY]),
        (
            {"a.py": ""},
            [],
            [],
            [(GapReason.EMPTY, (kind,)) for kind in WHEN_ASKED],
            [EVERY],
        ),
        (
            {"a.py": "", "c.json": JSON},
            ["c.json"],
            ["c.json"],
            [(GapReason.EMPTY, (kind,)) for kind in WHEN_ASKED[1:]],
            [EVERY],
        ),
        ({"a.py": ""}, ["missing.xml"], [], [(GapReason.UNRESOLVED, EVERY)], [EVERY]),
    ],
)
def test_what_was_asked_for_and_is_not_there_is_a_gap(
    files: Files,
    results: Sequence[str] | None,
    ids: list[str],
    gaps: list[tuple[GapReason, tuple[str, ...]]],
    collected: list[tuple[str, ...]],
) -> None:
    evidence = _collect(files, results)
    assert _of_results(evidence) == (ids, gaps, collected)
    assert [target.source for target in evidence.targets if target.source is Source.RESULTS] == [Source.RESULTS] * len(
        collected
    )


@pytest.mark.parametrize(
    ("name", "content", "detail", "kinds"),
    [
        ("coverage.xml", "<coverage", "not XML", ("coverage_report",)),
        ("coverage.xml", XML.format('lines-valid="many"'), "'many' is not a count", ("coverage_report",)),
        (
            "coverage.xml",
            '<!DOCTYPE c [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><coverage lines-valid="1">&b;</coverage>',
            "declares entities",
            ("coverage_report",),
        ),
        ("coverage.json", '{"totals": ', "not JSON", ("coverage_report",)),
        ("coverage.json", '{"totals": 5}', "without the `totals`", ("coverage_report",)),
        ("coverage.json", '{"totals": {"num_statements": "x"}}', "without the `totals`", ("coverage_report",)),
        ("coverage.json", '{"a": ' * 5000, "nested too deeply", ("coverage_report",)),
        ("lcov.info", "TN:\nLF:x\n", "'x' is not a count", ("coverage_report",)),
        ("junit.xml", '<testsuite tests="many"/>', "not a JUnit report", ("test_report",)),
        ("junit.xml", '<testsuite time="long"/>', "'long' is not a number", ("test_report",)),
        ("junit.xml", "<html/>", "not a result file", ("test_report",)),
        ("coverage.json", "", "not a result file", ("coverage_report",)),
        ("coverage.xml", b"\0\1\2", "not a result file", ("coverage_report",)),
    ],
)
def test_a_result_that_cannot_be_read_is_a_gap_and_no_figure(
    name: str, content: str | bytes, detail: str, kinds: tuple[str, ...]
) -> None:
    evidence = _collect({name: content}, None)
    (gap,) = evidence.gaps
    assert detail in gap.detail
    assert (gap.source, gap.kinds, gap.reason) == (Source.RESULTS, kinds, GapReason.INVALID)
    assert gap.location is not None
    assert gap.location.file == name
    assert not any(resource.source is Source.RESULTS for resource in evidence.resources)
    assert any(entry.source is Source.RESULTS for entry in evidence.collected)


BANDIT = {"errors": [], "generated_at": "2026-11-23T10:00:00Z", "metrics": {}, "results": []}
FLAW = {"test_id": "B602", "issue_severity": "HIGH", "issue_confidence": "HIGH", "filename": "a.py", "line_number": 3}
AUDIT = {"dependencies": [{"name": "jinja2", "version": "3.1.6", "vulns": []}], "fixes": []}
ALERTS = [{"alertRef": "40012", "riskcode": "3"}, {"alertRef": "10038", "riskcode": "2"}]
ZAP = {"@programName": "ZAP", "@version": "2.16.1", "site": [{"@name": "http://localhost", "alerts": []}]}


PLAIN = {"ruleId": "plain"}


def _sarif(tool: str, *results: Mapping[str, Any], **run: Any) -> dict[str, Any]:
    rules = [{"id": "grave", "properties": {"security-severity": "9.8"}}, {"id": "plain"}]
    return {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": tool, "rules": rules}}, "results": results, **run}],
    }


def _security(document: Mapping[str, Any], name: str = "report.sarif") -> list[tuple[str, dict[str, Any]]]:
    evidence = _collect({name: json.dumps(document)}, [name])
    return [(one.kind, dict(one.attributes)) for one in evidence.resources if one.source is Source.RESULTS]


def _checked(*flaws: Mapping[str, Any], packages: int = 3) -> dict[str, Any]:
    """What `safety check --json` writes."""
    meta = {"timestamp": "2026-11-23 10:00:00", "packages_found": packages}
    return {"report_meta": meta, "scanned_packages": {}, "vulnerabilities": list(flaws), "ignored_vulnerabilities": []}


def _scanned(*flaws: Mapping[str, Any]) -> dict[str, Any]:
    """What `safety scan --output json` writes."""
    one = {"name": "a", "specifications": [{"raw": "a==1", "vulnerabilities": {"known_vulnerabilities": list(flaws)}}]}
    files = [{"location": "requirements.txt", "results": {"dependencies": [one]}}]
    meta = {"scan_type": "scan", "timestamp": "2026-11-23T10:00:00"}
    return {"meta": meta, "scan_results": {"projects": [{"files": files}]}}


CRITICAL = {"cvssv3": {"base_severity": "CRITICAL"}}


@pytest.mark.parametrize(
    ("document", "kind", "tool", "counts", "rules"),
    [
        (BANDIT, "sast_report", "bandit", (0, 0, 0, 0), []),
        (
            BANDIT | {"results": [FLAW, FLAW | {"test_id": "B101", "issue_severity": "LOW"}]},
            "sast_report",
            "bandit",
            (None, 1, 0, 1),
            ["B602", "B101"],
        ),
        (AUDIT, "dependency_report", "pip-audit", (0, 0, 0, 0), []),
        (
            {"dependencies": [{"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-2021-66"}]}]},
            "dependency_report",
            "pip-audit",
            (None, 1, 0, 0),
            ["PYSEC-2021-66"],
        ),
        (_checked(), "dependency_report", "safety", (0, 0, 0, 0), []),
        (_checked({"vulnerability_id": "1", "severity": None}), "dependency_report", "safety", (None, 1, 0, 0), ["1"]),
        (
            _checked({"vulnerability_id": "1", "severity": CRITICAL}),
            "dependency_report",
            "safety",
            (1, 0, 0, 0),
            ["1"],
        ),
        (
            _checked({"vulnerability_id": "1", "ignored": {"reason": "known"}}),
            "dependency_report",
            "safety",
            (0, 0, 0, 0),
            [],
        ),
        (_scanned(), "dependency_report", "safety", (0, 0, 0, 0), []),
        (_scanned({"id": "2", "ignored": None}), "dependency_report", "safety", (None, 1, 0, 0), ["2"]),
        (_scanned({"id": "2", "ignored": {"code": "x"}}), "dependency_report", "safety", (0, 0, 0, 0), []),
        (ZAP, "dynamic_report", "zap", (0, 0, 0, 0), []),
        (
            ZAP
            | {"site": [{"alerts": [{"alertRef": "40012", "riskcode": "3"}, {"alertRef": "10038", "riskcode": "2"}]}]},
            "dynamic_report",
            "zap",
            (None, 1, 1, 0),
            ["40012", "10038"],
        ),
        (
            _sarif("CodeQL", {"ruleId": "grave", "message": {"text": "x"}}),
            "sast_report",
            "codeql",
            (1, 0, 0, 0),
            ["grave"],
        ),
        (
            _sarif("Semgrep OSS", {"ruleId": "plain", "level": "error"}),
            "sast_report",
            "semgrep",
            (None, 1, 0, 0),
            ["plain"],
        ),
        (
            _sarif("OWASP Dependency-Check", {"ruleId": "plain", "level": "note"}),
            "dependency_report",
            "dependency-check",
            (0, 0, 0, 1),
            ["plain"],
        ),
        (
            _sarif("hadolint", {"ruleId": "grave", "suppressions": [{"kind": "inSource"}]}),
            "security_report",
            "hadolint",
            (0, 0, 0, 0),
            [],
        ),
    ],
)
def test_security_reports_are_counted_by_severity(
    document: Mapping[str, Any], kind: str, tool: str, counts: tuple[int | None, ...], rules: list[str]
) -> None:
    ((found, attributes),) = _security(document)
    assert (found, attributes["tool"]) == (kind, tool)
    told = [attributes[name] for name in ("critical", "high", "medium", "low")]
    assert tuple(None if isinstance(value, Unknown) else value for value in told) == counts
    assert (attributes["findings"], attributes["rules"]) == (sum(filter(None, counts)), rules)


def test_the_highest_of_a_tool_without_the_grade_may_be_critical() -> None:
    ((_, attributes),) = _security(AUDIT | {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X"}]}]})
    assert isinstance(attributes["critical"], Unknown)
    assert attributes["critical"].reason == "pip-audit knows no grade above high, and 1 of its findings may be critical"
    assert attributes["critical"].remedy


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (
            BANDIT | {"errors": [{"filename": "a.py", "reason": "syntax error while parsing AST from file"}]},
            "a.py: syntax",
        ),
        ({"dependencies": [{"name": "private", "skip_reason": "not found on PyPI"}]}, "private was skipped"),
        ({"dependencies": []}, "looked at no package"),
        (_checked(packages=0), "looked at no package"),
        ({"meta": {}, "scan_results": {"projects": []}}, "looked at no package"),
        (ZAP | {"site": []}, "reached no site"),
        (_sarif("bandit", invocations=[{"executionSuccessful": False}]), "did not succeed"),
    ],
)
def test_nothing_found_by_a_tool_that_did_not_do_all_its_work_is_unknown(document: Mapping[str, Any], why: str) -> None:
    ((_, attributes),) = _security(document)
    for severity in ("critical", "high"):
        assert isinstance(attributes[severity], Unknown)
        assert why in attributes[severity].reason
        assert attributes[severity].remedy


def test_what_a_broken_run_did_find_is_known() -> None:
    document = BANDIT | {"errors": [{"filename": "b.py", "reason": "syntax"}], "results": [FLAW]}
    ((_, attributes),) = _security(document)
    assert attributes["high"] == 1
    assert isinstance(attributes["critical"], Unknown)


def test_each_run_of_a_file_is_its_own() -> None:
    both = _sarif("bandit")
    both["runs"] += _sarif("trivy")["runs"]
    assert [kind for kind, _ in _security(both)] == ["sast_report", "dependency_report"]


def test_a_report_of_something_else_is_named() -> None:
    (gap,) = _collect({"bandit.json": '{"hello": 1}'}, None).gaps
    assert (gap.reason, gap.kinds) == (GapReason.INVALID, ("sast_report",))


@pytest.mark.parametrize("document", [_checked(), _scanned()])
def test_reports_of_safety_are_known_by_their_content_and_say_when(document: Mapping[str, Any]) -> None:
    evidence = _collect({"out/audit.json": json.dumps(document)}, ["out/audit.json"])
    (found,) = (each for each in evidence.resources if each.source is Source.RESULTS)
    assert found.kind == "dependency_report"
    assert str(found.attributes["generated_at"]).startswith("2026-11-23")
