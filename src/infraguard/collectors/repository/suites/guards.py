"""Whether a run of tests stands in the way of changes: which events start it, and under which conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown

#: Events of a change before or as it arrives (GitHub, "Events that trigger workflows").
_CHANGES = frozenset({"push", "pull_request", "pull_request_target", "merge_group"})
_EVENT = re.compile(r"github\.event_name\s*==\s*['\"](\w+)['\"]")
_ONLY_AFTER_TROUBLE = re.compile(r"(?<![!\w])(?:failure|cancelled)\(\)")
_OTHERWISE = re.compile(r"\|\||\b(?:always|success)\(\)")
_NEVER = re.compile(r"(?:\A|&&)\s*(?:false|0|''|\"\")\s*(?:\Z|&&)", re.IGNORECASE)
#: What somebody sets outside of the repository's files, or when starting the workflow.
_DECIDED_OUTSIDE = re.compile(r"\b(?:vars|inputs|secrets|env)\.[\w-]+")
#: Workflows that call each other.
_MAX_DEPTH = 4

Started = bool | Unknown


class Guards:
    """Answers for the workflows of one repository, whose reusable ones start when a job calls them."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._triggers: dict[str, Mapping[str, Any]] = {}
        self._callers: dict[str, list[Resource]] = {}
        for resource in resources:
            if resource.kind == "workflow":
                self._triggers[resource.id] = resource.attributes.get("triggers", {})
            elif resource.kind == "workflow_job" and "uses" in resource.attributes:
                called = str(resource.attributes["uses"]).removeprefix("./").removeprefix("$/")
                self._callers.setdefault(called, []).append(resource)

    def runs_on_changes(self, step: Resource, job: Resource | None) -> Started:
        """Whether a push to a branch or a pull request runs the step; unknown where somebody outside decides it."""
        conditions = [_holds(holder.attributes.get("if", True)) for holder in (step, job) if holder]
        return _every([self._starts(str(step.attributes["workflow"]), _MAX_DEPTH), *conditions])

    def _starts(self, path: str, depth: int) -> Started:
        triggers = self._triggers.get(path, {})
        if any(_is_of_changes(event, filters) for event, filters in triggers.items()):
            return True
        if "workflow_call" not in triggers or not depth:
            return False
        calls = [
            _every([self._starts(str(job.attributes["workflow"]), depth - 1), _holds(job.attributes.get("if", True))])
            for job in self._callers.get(path, ())
        ]
        return True if True in calls else next((call for call in calls if isinstance(call, Unknown)), False)


def _is_of_changes(event: str, filters: Any) -> bool:
    """Whether an event with its filters comes with changes of branches. A push filtered by tags alone does not."""
    given = filters if isinstance(filters, dict) else {}
    if event == "push":
        return given.keys().isdisjoint({"tags", "tags_ignore"}) or not given.keys().isdisjoint(
            {"branches", "branches_ignore"}
        )
    return event in _CHANGES and (not given.get("types") or event == "merge_group" or "synchronize" in given["types"])


def _holds(condition: Any) -> Started:
    """Whether an `if` lets changes through as far as it is written in the file; what code or paths decide does."""
    text = re.sub(r"\A\s*\$\{\{|\}\}\s*\Z", "", str(condition).strip()).strip()
    events = _EVENT.findall(text)
    if _NEVER.search(text) or (events and "||" not in text and _CHANGES.isdisjoint(events)):
        return False
    if _ONLY_AFTER_TROUBLE.search(text) and not _OTHERWISE.search(text):
        return False
    outside = _DECIDED_OUTSIDE.search(text)
    if outside:
        reason = f"`if: {text}` is decided outside of the workflow"
        return Unknown(reason, depends_on=(outside[0],), remedy="let changes run the tests without a condition")
    return True


def _every(answers: Sequence[Started]) -> Started:
    if False in answers:
        return False
    return next((answer for answer in answers if isinstance(answer, Unknown)), True)
