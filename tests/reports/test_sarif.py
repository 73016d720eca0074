from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from infraguard.model.evidence import Source, Target
from infraguard.model.findings import Report, ToolResult, Trace
from infraguard.model.values import Location
from infraguard.reports import sarif
from infraguard.reports.options import RenderOptions
from infraguard.reports.sarif_places import Places, uri
from tests.reports.conftest import Validate
from tests.reports.sample import ARN, CLEAN, LIVE, NOTHING, POLICIES, REPORT, F, deployed, finding, gate
from tests.reports.strategies import REPORTS


def run_of(report: Report, options: RenderOptions | None = None) -> dict[str, Any]:
    document = json.loads(sarif.render_sarif(report, options or RenderOptions(policies=POLICIES)))
    run: dict[str, Any] = document["runs"][0]
    return run


@pytest.mark.parametrize("report", [REPORT, CLEAN, NOTHING])
def test_reports_are_of_the_schema(report: Report, valid_sarif: Validate) -> None:
    valid_sarif(sarif.render_sarif(report, RenderOptions(policies=POLICIES)))


@given(REPORTS)
@settings(deadline=None, max_examples=40)
def test_any_report_is_of_the_schema(valid_sarif: Validate, report: Report) -> None:
    valid_sarif(sarif.render_sarif(report, RenderOptions()))


def test_results_are_the_fails_that_nothing_suppresses_worst_first() -> None:
    results = run_of(REPORT)["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("database/no-public-access", "error"),
        ("database/backup-retention", "error"),
        ("tls/minimum-version", "warning"),
        ("pipeline/coverage-threshold", "note"),
    ]
    assert all("kind" not in result and "suppressions" not in result for result in results)


def test_a_result_points_to_its_rule() -> None:
    run = run_of(REPORT)
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_a_rule_has_all_that_code_scanning_shows() -> None:
    rules = {rule["id"]: rule for rule in run_of(REPORT)["tool"]["driver"]["rules"]}
    rule = rules["database/no-public-access"]
    assert rule["name"] == "DatabaseNoPublicAccess"
    assert rule["helpUri"].startswith("https://docs.aws.amazon.com/")
    assert "What to do" in rule["help"]["markdown"]
    assert rule["properties"] == {
        "security-severity": "9.5",
        "precision": "high",
        "tags": ["security", "infrastructure", "database"],
    }
    wanted = {"id", "name", "shortDescription", "fullDescription", "help", "properties"}
    assert all(wanted <= rule.keys() for rule in rules.values())


def test_fingerprints_tell_findings_apart_that_share_a_place() -> None:
    first = finding("database/backup-retention", Source.AWS, F, ARN, location=LIVE)
    other = finding("database/backup-retention", Source.AWS, F, f"{ARN}-2", location=LIVE)
    results = run_of(msgspec.structs.replace(REPORT, findings=(first, other)))["results"]
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    assert len(results) == len(set(prints)) == 2


def test_a_job_that_several_workflows_call_is_one_result() -> None:
    findings = (deployed("cd-api"), deployed("cd-web", index=2), deployed("other", line=9))
    report = msgspec.structs.replace(
        REPORT, findings=findings, gates=(gate("pipeline/deploy-triggers", "Deploys", findings[0].severity, F, repo=F),)
    )
    first, other = run_of(report)["results"]
    called = "called as .github/workflows/cd-api.yml#deploy/deploy, .github/workflows/cd-web.yml#deploy/deploy"
    assert called in first["message"]["text"]
    assert first["properties"]["fingerprints"] == ["cd-api", "cd-web"]
    assert "called as" not in other["message"]["text"]
    assert "fingerprints" not in other["properties"]


def primary(location: dict[str, Any]) -> tuple[str, int]:
    place = location["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


def test_a_live_finding_is_shown_where_the_gate_is_declared() -> None:
    results = {result["ruleId"]: result for result in run_of(REPORT)["results"]}
    live = results["database/backup-retention"]
    assert primary(live["locations"][0]) == ("terraform/modules/db/main.tf", 41)
    assert live["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": ARN, "kind": "resource"}]
    assert "account 123456789012" in live["message"]["text"]


def test_a_live_finding_that_no_file_declares_is_shown_at_the_settings() -> None:
    lone = finding("database/backup-retention", Source.AWS, F, ARN, location=LIVE)
    assert primary(Places([lone], "services/billing").primary(lone)) == ("infraguard.toml", 1)


def test_uris_are_relative_to_the_repository_and_percent_encoded() -> None:
    results = run_of(REPORT, RenderOptions(folder="services/billing/"))["results"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in results]
    assert {place["uriBaseId"] for place in places} == {"%SRCROOT%"}
    assert places[2]["uri"] == "services/billing/terraform/we%20ird/%1B%5B31mn%C3%A9%E2%80%AE.tf"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a b/ü.tf", "a%20b/%C3%BC.tf"),
        ("c:d/x", "c%3Ad/x"),
        ("bad-\udcff.tf", "bad-%FF.tf"),
        ("100%/#.tf", "100%25/%23.tf"),
    ],
)
def test_a_path_as_a_uri(path: str, expected: str) -> None:
    assert uri(path) == expected


def test_what_is_not_known_makes_the_run_unsuccessful() -> None:
    invocation = run_of(REPORT)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    kinds = [notification["descriptor"]["id"] for notification in invocation["toolExecutionNotifications"]]
    assert kinds == ["not-read/invalid", "not-read/denied", "not-read/denied", *["not-decided"] * 3]
    assert run_of(CLEAN)["invocations"][0]["executionSuccessful"] is True


def test_nothing_that_was_scanned_becomes_a_link() -> None:
    texts = [result["message"]["text"] for result in run_of(REPORT)["results"]]
    assert not any("](" in text for text in texts)


def test_results_beyond_what_github_takes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 1)
    run = run_of(REPORT)
    last = run["invocations"][0]["toolExecutionNotifications"][-1]
    assert len(run["results"]) == 1
    assert last["message"]["text"].startswith("3 more fails are left out")


@pytest.mark.parametrize(
    ("sources", "folder", "category"),
    [
        ((Source.TF, Source.REPO), "", "infraguard/files/"),
        ((Source.AWS,), "", "infraguard/live/"),
        ((Source.AWS, Source.TF), "a/b", "infraguard/files-and-live/a/b/"),
    ],
)
def test_uploads_of_different_scans_do_not_replace_each_other(
    sources: tuple[Source, ...], folder: str, category: str
) -> None:
    report = msgspec.structs.replace(NOTHING, targets=tuple(Target(source=source, name="x") for source in sources))
    assert run_of(report, RenderOptions(folder=folder))["automationDetails"]["id"] == category


def test_a_place_keeps_its_region() -> None:
    place = Places([], "").at(Location(file="main.tf", line=4, column=2, end_line=9))
    assert place["physicalLocation"]["region"] == {"startLine": 4, "startColumn": 2, "endLine": 9}


def leaf(path: str, file: str, line: int, *, truth: bool = False) -> Trace:
    return Trace(operator="equals", truth=truth, path=path, location=Location(file=file, line=line))


def test_a_result_lists_the_other_places_that_decided_it(valid_sarif: Validate) -> None:
    at = Location(file="db.tf", line=4)
    related = Trace(
        operator="resource",
        truth=False,
        path="aws_subnet.a",
        location=Location(file="net.tf", line=2),
        children=(leaf("map_public_ip_on_launch", "net.tf", 5),),
    )
    children = (
        leaf("publicly_accessible", "db.tf", 4),
        leaf("engine", "db.tf", 2, truth=True),
        Trace(operator="some", truth=False, children=(related,)),
    )
    judged = msgspec.structs.replace(
        finding("database/no-public-access", Source.TF, F, location=at),
        trace=Trace(operator="all", truth=False, children=children),
    )
    report = msgspec.structs.replace(REPORT, findings=(judged,))
    valid_sarif(sarif.render_sarif(report, RenderOptions()))
    (result,) = run_of(report)["results"]
    assert [(*primary(place), place["message"]["text"]) for place in result["relatedLocations"]] == [
        ("net.tf", 2, "aws_subnet.a"),
        ("net.tf", 5, "aws_subnet.a: map_public_ip_on_launch"),
    ]
    assert [place["id"] for place in result["relatedLocations"]] == [0, 1]


def test_a_result_of_one_place_lists_no_other_and_none_lists_too_many() -> None:
    at = Location(file="db.tf", line=4)
    one = finding("database/no-public-access", Source.TF, F, location=at)
    alone = msgspec.structs.replace(one, trace=leaf("publicly_accessible", "db.tf", 4))
    children = tuple(leaf(f"a{line}", "db.tf", line) for line in range(50))
    many = msgspec.structs.replace(one, trace=Trace(operator="all", truth=False, children=children))
    (result,) = run_of(msgspec.structs.replace(REPORT, findings=(alone,)))["results"]
    assert "relatedLocations" not in result
    (result,) = run_of(msgspec.structs.replace(REPORT, findings=(many,)))["results"]
    assert len(result["relatedLocations"]) == 10


def test_what_a_repository_switches_off_is_a_notification_of_its_tool(valid_sarif: Validate) -> None:
    tool = ToolResult(tool="bandit", version="1", findings=(), switched_off=("a [b](c) leaves out B602",))
    report = msgspec.structs.replace(REPORT, tools=(tool, ToolResult(tool="zizmor", version="2", findings=())))
    text = sarif.render_sarif(report, RenderOptions())
    valid_sarif(text)
    _, bandit, zizmor = json.loads(text)["runs"]
    (invocation,) = bandit["invocations"]
    (said,) = invocation["toolConfigurationNotifications"]
    assert said["message"]["text"] == "Switched off by the repository: a [b] (c) leaves out B602."
    assert said["level"] == "note"
    assert "invocations" not in zizmor
