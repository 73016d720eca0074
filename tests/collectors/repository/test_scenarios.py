"""What starts a workflow: its events, and their filters as GitHub reads them."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.collectors.repository.actions.scenarios import (
    CLOSED,
    MERGED,
    Scenario,
    main_branch,
    on_named,
    paths_let,
    scenarios,
    starts,
)


def push(branch: str = "", tag: str = "") -> Scenario:
    return Scenario("push", "push", branch=branch, tag=tag)


def branches(*patterns: str, **more: Any) -> dict[str, Any]:
    return {"push": {"branches": list(patterns), **more}}


@pytest.mark.parametrize(
    ("pattern", "name", "does"),
    [
        ("main", "main", True),
        ("main", "mainly", False),
        ("*", "main", True),
        ("*", "feature/a", False),
        ("**", "feature/a/b", True),
        ("feature/*", "feature/a", True),
        ("feature/*", "feature/a/b", False),
        ("feature/**", "feature/a/b", True),
        ("**/docs", "docs", True),
        ("**/docs", "a/b/docs", True),
        ("*-alpha", "v1-alpha", True),
        ("release-v[12]", "release-v2", True),
        ("release-v[12]", "release-v3", False),
        ("v[0-9]+", "v123", True),
        ("v?2", "2", True),
        ("v1.2", "v1x2", False),
        ("[", "[", True),
    ],
)
def test_patterns_of_branches(pattern: str, name: str, does: bool) -> None:
    assert starts(branches(pattern), push(name)) is does


def test_the_last_pattern_that_matches_decides() -> None:
    filters = branches("releases/**", "!releases/**-alpha", "releases/9-alpha")
    assert starts(filters, push("releases/1"))
    assert not starts(filters, push("releases/1-alpha"))
    assert starts(filters, push("releases/9-alpha"))


@pytest.mark.parametrize(
    ("triggers", "scenario", "does"),
    [
        ({"push": None}, push("any/branch"), True),
        ({"push": None}, push(tag="v1"), True),
        ({"push": {"branches": ["main"]}}, push(tag="v1"), False),
        ({"push": {"tags": ["v*"]}}, push("main"), False),
        ({"push": {"tags": ["v*"]}}, push(tag="v1"), True),
        ({"push": {"branches_ignore": ["docs/**"]}}, push("docs/a"), False),
        ({"push": {"branches_ignore": ["docs/**"]}}, push("main"), True),
        ({"pull_request": None}, push("main"), False),
        ({"schedule": [{"cron": "0 0 * * *"}]}, Scenario("s", "schedule", branch="main"), True),
        ({}, push("main"), False),
    ],
)
def test_events_and_their_filters(triggers: dict[str, Any], scenario: Scenario, does: bool) -> None:
    assert starts(triggers, scenario) is does


@pytest.mark.parametrize(
    ("filters", "does"),
    [
        (None, True),
        ({"branches": ["main"]}, True),
        ({"branches": ["production"]}, False),
        ({"types": ["opened", "synchronize"]}, True),
        ({"types": ["labeled"]}, False),
    ],
)
@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_pull_requests_are_those_to_a_branch_that_got_a_commit(event: str, filters: Any, does: bool) -> None:
    assert starts({event: filters}, Scenario("p", "pull_request", branch="main")) is does


@pytest.mark.parametrize(
    ("filters", "stopped"),
    [
        (None, ""),
        ({}, ""),
        ({"paths": ["**"]}, ""),
        ({"paths": ["src/**"]}, "docs/a.md"),
        ({"paths": ["src/**", "docs/**", "!docs/*.md"]}, "docs/a.md"),
        ({"paths_ignore": ["docs/**"]}, "docs/a.md"),
        ({"paths_ignore": ["tests/**"]}, ""),
    ],
)
def test_a_change_that_filters_of_paths_let_by_is_named(filters: Any, stopped: str) -> None:
    assert paths_let(filters, ("src/a.py", "docs/a.md")) == stopped


@pytest.mark.parametrize(
    ("filters", "main"),
    [
        ([], "main"),
        ([{"push": {"branches": ["master"]}}], "master"),
        ([{"push": {"branches": ["develop"]}}, {"pull_request": {"branches": ["main"]}}], "main"),
        ([{"push": {"branches": ["feature/**"]}}], "main"),
        ([{"push": None}], "main"),
        ([{"push": {"branches": "master"}}], "master"),
        ([{"push": {"branches": ["main"]}}, *2 * [{"push": {"branches": ["master"]}}]], "master"),
        ([{"push": {"branches": ["main", "master"]}}], "main"),
        ([{"pull_request": {"branches": ["next"]}}, {"push": {"branches": ["stable"]}}], "next"),
        ([{"pull_request": {"branches": ["main"]}}, {"pull_request": {"branches": ["next"]}}], "main"),
        ([{"pull_request": {"branches": ["release/**", "production"]}}], "main"),
    ],
)
def test_the_main_branch_is_the_one_that_triggers_name(filters: list[dict[str, Any]], main: str) -> None:
    assert main_branch(filters) == main


def test_contexts_are_those_that_github_gives() -> None:
    by_name = {scenario.name: scenario.names() for scenario in scenarios("main")}
    assert by_name["push to the main branch"]["github.ref"] == "refs/heads/main"
    assert by_name["push of a tag"]["github.ref"] == "refs/tags/v1.2.3"
    assert by_name["push of a tag"]["github.ref_type"] == "tag"
    pull = by_name["pull request to the main branch"]
    assert (pull["github.base_ref"], pull["github.event.action"]) == ("main", "synchronize")
    assert pull["github.ref"].startswith("refs/pull/")


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ([{"push": {"branches": ["main", "next"]}}], ["push to next"]),
        ([{"pull_request": {"branches": ["main", "release/*"]}}], ["pull request to release/*"]),
        ([{"pull_request": {"branches": "main"}, "push": {"branches": ["**", "!docs"]}}], []),
    ],
)
def test_branches_that_triggers_name_are_asked_about(filters: list[dict[str, Any]], names: list[str]) -> None:
    assert [each.name for each in on_named(filters, "main")] == names


@pytest.mark.parametrize("event", [MERGED, CLOSED])
@pytest.mark.parametrize("trigger", ["pull_request", "pull_request_target"])
def test_the_end_of_a_pull_request_starts_what_names_it(trigger: str, event: str) -> None:
    end = Scenario("end", event, branch="main")
    assert starts({trigger: {"types": ["closed"]}}, end)
    assert starts({trigger: {"types": ["opened", "closed"], "branches": ["main"]}}, end)
    assert not starts({trigger: {"types": ["closed"], "branches": ["release"]}}, end)
    assert not starts({trigger: None}, end)
    assert not starts({trigger: {"types": ["opened"]}}, end)
    assert not starts({"push": None}, end)


def test_a_pull_request_that_ends_is_none_that_is_open() -> None:
    assert not starts({"pull_request": {"types": ["closed"]}}, Scenario("open", "pull_request", branch="main"))


def test_a_merged_pull_request_is_on_the_branch_that_it_was_merged_into() -> None:
    merged = Scenario("merged", MERGED, branch="main").names()
    assert merged["github.ref"] == "refs/heads/main"
    assert merged["github.event.pull_request.merged"] is True
    closed = Scenario("closed", CLOSED, branch="main").names()
    assert closed["github.ref"] == "refs/pull/1/merge"
    assert closed["github.event.pull_request.merged"] is False


def test_branches_that_ends_of_pull_requests_name() -> None:
    filters = [{"pull_request": {"types": ["closed"], "branches": ["staging"]}}]
    names = [each.name for each in on_named(filters, "main")]
    assert "merge of a pull request into staging" in names
    assert "close of a pull request to staging" in names
    assert not any("merge" in each.name for each in on_named([{"pull_request": {"branches": ["staging"]}}], "main"))
