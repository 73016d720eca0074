"""SARIF as tools really write it, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.sarif import SarifResult, read_sarif


def log(*results: Any, rules: Any = (), **run: Any) -> bytes:
    driver = {"name": "tool", "version": "1.0", "rules": list(rules)}
    return json.dumps({"runs": [{"tool": {"driver": driver}, "results": list(results), **run}]}).encode()


def only(content: bytes) -> SarifResult:
    ((result,),) = [run.results for run in read_sarif(content, "a.sarif")]
    return result


PLACE = {"physicalLocation": {"artifactLocation": {"uri": "./a%20b.py"}, "region": {"startLine": 3, "endLine": 5}}}


def test_a_result_has_its_place_and_its_rule() -> None:
    rule = {"id": "R1", "helpUri": "https://e.com", "properties": {"security-severity": "8.1"}}
    result = only(
        log({"ruleIndex": 0, "level": "error", "message": {"text": "a  b"}, "locations": [PLACE]}, rules=[rule])
    )
    assert (result.rule, result.level, result.message, result.score) == ("R1", "error", "a b", 8.1)
    assert (result.file, result.line, result.end_line, result.help) == ("a b.py", 3, 5, "https://e.com")


def test_a_level_comes_from_the_rule_where_the_result_has_none() -> None:
    rule = {"id": "R1", "defaultConfiguration": {"level": "note"}}
    assert only(log({"ruleId": "R1", "message": {"text": "x"}}, rules=[rule])).level == "note"
    assert only(log({"ruleId": "R2", "message": {"text": "x"}}, rules=[rule])).level == "warning"


@pytest.mark.parametrize("kind", ["pass", "notApplicable", "informational", "review", "open"])
def test_what_is_no_failure_is_no_result(kind: str) -> None:
    (run,) = read_sarif(log({"ruleId": "R", "kind": kind}), "a.sarif")
    assert run.results == ()


@pytest.mark.parametrize(("suppressions", "suppressed"), [([], False), ([{}], True), ([{"status": "rejected"}], False)])
def test_a_suppression_counts_when_it_was_accepted(suppressions: list[Any], *, suppressed: bool) -> None:
    assert only(log({"ruleId": "R", "suppressions": suppressions})).suppressed is suppressed


def test_a_run_that_failed_says_why() -> None:
    note = {"level": "error", "message": {"text": "a.yml is no workflow"}}
    invocation = {"executionSuccessful": False, "toolExecutionNotifications": [note]}
    (run,) = read_sarif(log(invocations=[invocation]), "a.sarif")
    assert run.failures == ("a.yml is no workflow",)


@pytest.mark.parametrize("results", [None, "x"])
def test_a_run_without_results_was_not_finished(results: Any) -> None:
    content = json.dumps({"runs": [{"tool": {"driver": {"name": "t"}}, "results": results}]}).encode()
    (run,) = read_sarif(content, "a.sarif")
    assert run.failures == ("it has no results: the run was not finished",)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[]", "it has no runs"),
        (b'{"runs": 1}', "it has no runs"),
        (b'{"runs": [1]}', "it has no runs"),
        (b'{"runs": [{}]}', "does not say which tool"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_sarif_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(SyntaxProblem, match=why):
        read_sarif(content, "a.sarif")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["message", "text", "locations", "physicalLocation", "region", "startLine", "ruleIndex", "rule"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON, JSON)
def test_odd_documents_are_read_or_refused(results: Any, rules: Any, invocations: Any) -> None:
    run = {"tool": {"driver": {"name": "t", "rules": rules}}, "results": results, "invocations": invocations}
    (read,) = read_sarif(json.dumps({"runs": [run]}).encode(), "a.sarif")
    assert read.tool == "t"
