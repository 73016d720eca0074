"""What may happen to a repository, and which workflows it starts by their triggers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

#: Names that the branch everybody merges into goes by.
MAIN_BRANCHES = ("main", "master", "trunk", "develop")
_ON_BRANCHES = ("push", "pull_request")
#: How a pull request ends: two events that are one to GitHub, `pull_request` of the type `closed`.
MERGED = "merged pull request"
CLOSED = "closed pull request"
_ENDS = (MERGED, CLOSED)
_REQUESTS = ("pull_request", "pull_request_target")


class Scenario(Struct, frozen=True):
    """Something that happens: an event, and the branch or tag that it is about.

    `branch` is what a push or a manual start is on, and what a pull request is to be merged into. The event of one that
    ends is `MERGED` or `CLOSED`, which counts neither as one that is open nor as a push.
    """

    name: str
    event: str
    branch: str = ""
    tag: str = ""

    def names(self) -> dict[str, Any]:
        """The contexts of GitHub in it, as far as they are the same for every such run.

        A pull request that was merged has the branch in `github.ref` that it was merged into.
        """
        is_request = self.event == "pull_request" or self.event in _ENDS
        is_aside = is_request and self.event != MERGED
        ref_name = self.tag or ("1/merge" if is_aside else self.branch)
        kind = "tags" if self.tag else "pull" if is_aside else "heads"
        found: dict[str, Any] = {
            "github.event_name": "pull_request" if is_request else self.event,
            "github.ref": f"refs/{kind}/{ref_name}",
            "github.ref_name": ref_name,
            "github.ref_type": "tag" if self.tag else "branch",
            "github.base_ref": self.branch if is_request else "",
        }
        if is_request:
            found["github.event.pull_request.base.ref"] = self.branch
            found["github.event.pull_request.merged"] = self.event == MERGED
            found["github.event.action"] = "closed" if self.event in _ENDS else "synchronize"
        return found


def scenarios(main: str) -> tuple[Scenario, ...]:
    """What is asked of every workflow, `main` being the branch that everybody merges into."""
    return (
        Scenario("push to the main branch", "push", branch=main),
        Scenario("push to production", "push", branch="production"),
        Scenario("push to another branch", "push", branch="some-change"),
        Scenario("push to a nested branch", "push", branch="feature/some-change"),
        Scenario("push of a tag", "push", tag="v1.2.3"),
        Scenario("pull request to the main branch", "pull_request", branch=main),
        Scenario("pull request to another branch", "pull_request", branch="feature/some-change"),
        Scenario("merge of a pull request into the main branch", MERGED, branch=main),
        Scenario("merge of a pull request into another branch", MERGED, branch="feature/some-change"),
        Scenario("close of a pull request", CLOSED, branch=main),
        Scenario("merge queue", "merge_group", branch=main),
        Scenario("schedule", "schedule", branch=main),
        Scenario("manual start on the main branch", "workflow_dispatch", branch=main),
        Scenario("manual start on another branch", "workflow_dispatch", branch="some-change"),
        Scenario("release", "release", tag="v1.2.3"),
        Scenario("comment", "issue_comment", branch=main),
        Scenario("call from outside", "repository_dispatch", branch=main),
        Scenario("after another workflow", "workflow_run", branch=main),
    )


def on_named(filters: Iterable[Mapping[str, Any]], main: str) -> tuple[Scenario, ...]:
    """A push and a pull request to each further branch that triggers name, and each further event.

    For a pattern, it is a branch that it means. A call is no event of its own: what starts the caller does.
    """
    told = list(filters)
    known = {"workflow_call", "pull_request_target", *(each.event for each in scenarios(main))}
    others = dict.fromkeys(event for triggers in told for event in triggers if event not in known)
    events = (Scenario(f"the event {event}", event, branch=main) for event in others)
    ending = [triggers for triggers in told if any(_lets_end(triggers.get(name)) for name in _REQUESTS)]
    branches = (
        *_on_named(told, main, "push", "push to"),
        *_on_named(told, main, "pull_request", "pull request to"),
        *_on_named(ending, main, MERGED, "merge of a pull request into"),
        *_on_named(ending, main, CLOSED, "close of a pull request to"),
    )
    return (*branches, *events)


def _on_named(filters: list[Mapping[str, Any]], main: str, event: str, words: str) -> Iterator[Scenario]:
    asked = {each.branch for each in scenarios(main) if each.event == event}
    asks = _REQUESTS if event in _ENDS else (event,)
    for name in dict.fromkeys(branch for triggers in filters for each in asks for branch in _branches(triggers, each)):
        branch = re.sub(r"\*\*?", "some-change", name)
        if not name.startswith("!") and branch not in asked and not any(_chosen([name], each) for each in asked):
            yield Scenario(f"{words} {name}", event, branch=branch)


def main_branch(filters: Iterable[Mapping[str, Any]]) -> str:
    """The name of the main branch, by the branches that the repository's own triggers name.

    Where they name none of the usual ones, it is the one that most of them want pull requests to.
    """
    told = list(filters)
    named = Counter(branch for triggers in told for event in _ON_BRANCHES for branch in _branches(triggers, event))
    usual = [name for name in MAIN_BRANCHES if name in named]
    if {"main", "master"} <= named.keys():  # one of the two is of another time, or of another repository
        return max("main", "master", key=lambda name: named[name])
    merged = Counter(branch for triggers in told for branch in _branches(triggers, "pull_request"))
    plain = [name for name, _ in merged.most_common() if re.fullmatch(r"[\w./-]+", name) and name != "production"]
    return next(iter((*usual, *plain)), MAIN_BRANCHES[0])


def _branches(triggers: Mapping[str, Any], event: str) -> list[str]:
    return [str(branch) for branch in _listed(triggers.get(event), "branches")]


def starts(triggers: Mapping[str, Any], scenario: Scenario) -> bool:
    """Whether the events of a workflow and their filters of branches, tags and types let a scenario start it."""
    event = scenario.event
    if event in _ENDS:
        ends = (triggers[name] for name in _REQUESTS if _lets_end(triggers.get(name)))
        return any(_lets(filters, "branches", scenario.branch) for filters in ends)
    if event == "pull_request" and event not in triggers:
        event = "pull_request_target"
    if event not in triggers:
        return False
    filters = triggers[event]
    if not isinstance(filters, dict):
        return True
    if scenario.event == "pull_request":
        types = _listed(filters, "types")
        return _lets(filters, "branches", scenario.branch) and (not types or "synchronize" in types)
    if scenario.event != "push":
        return True
    kind, other = ("tags", "branches") if scenario.tag else ("branches", "tags")
    filtered = {name for name in filters if name.startswith(("tags", "branches"))}
    if filtered and not any(name.startswith(kind) for name in filtered):
        return not any(name.startswith(other) for name in filtered)
    return _lets(filters, kind, scenario.tag or scenario.branch)


def _lets_end(filters: Any) -> bool:
    """Whether the end of a pull request starts a workflow, which only those do that name it."""
    return isinstance(filters, dict) and "closed" in _listed(filters, "types")


def paths_let(filters: Any, paths: Sequence[str]) -> str:
    """The first of the paths of which a change alone does not start the event; empty when each does."""
    if not isinstance(filters, dict):
        return ""
    wanted, unwanted = _listed(filters, "paths"), _listed(filters, "paths_ignore")
    if not wanted and not unwanted:
        return ""
    for path in paths:
        if (wanted and not _chosen(wanted, path)) or (unwanted and _chosen(unwanted, path)):
            return path
    return ""


def _lets(filters: Mapping[str, Any], kind: str, name: str) -> bool:
    wanted, unwanted = _listed(filters, kind), _listed(filters, f"{kind}_ignore")
    return (not wanted or _chosen(wanted, name)) and not (unwanted and _chosen(unwanted, name))


def _listed(filters: Any, key: str) -> list[Any]:
    value = filters.get(key) if isinstance(filters, dict) else None
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _chosen(patterns: Sequence[Any], name: str) -> bool:
    """Whether the last pattern that matches takes the name in; one that begins with `!` takes it out."""
    chosen = False
    for pattern in patterns:
        text = str(pattern)
        if _compiled(text.removeprefix("!")).fullmatch(name):
            chosen = not text.startswith("!")
    return chosen


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    """GitHub's patterns: `*` stops at a slash, `**` does not, `?` and `+` repeat what is before them."""
    parts: list[str] = []
    for piece in re.findall(r"\*\*/?|\*|\[[^\]]*\]|\\.|.", pattern, re.DOTALL):
        if piece.startswith("**"):
            parts.append("(?:.*/)?" if piece.endswith("/") else ".*")
        elif piece.startswith("*"):
            parts.append("[^/]*")
        elif piece in "?+" and parts:
            parts.append(piece)
        else:
            parts.append(piece if piece.startswith(("[", "\\")) else re.escape(piece))
    try:
        return re.compile("".join(parts))
    except re.error:
        return re.compile(re.escape(pattern))
