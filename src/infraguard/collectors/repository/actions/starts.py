"""What starts a step: events by the triggers of its workflow, the conditions on the way, and those who call it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from infraguard.collectors.repository.actions.expressions import Answer, Grade, condition_of
from infraguard.collectors.repository.actions.scenarios import Scenario, main_branch, paths_let, scenarios, starts
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown

#: Workflows that call each other.
_MAX_DEPTH = 4
#: Scenarios in which a change of a branch arrives or is about to.
_CHANGES = frozenset({"push", "pull_request", "merge_group"})
_NEVER = Answer(Grade.NEVER)
_ALWAYS = Answer(Grade.ALWAYS)
_DAY = {"*": 1.0}


class Started(Struct, frozen=True):
    """In which scenarios something runs, and how often a schedule starts it.

    `missed` names a file whose change alone is filtered away, by event.
    """

    answers: dict[Scenario, Answer]
    schedule_days: float | None
    missed: dict[str, str]

    def on(self, event: str, *, branch: str = "") -> Any:
        """True, False or Unknown: whether the event always starts it, on one branch or on every one."""
        asked = [answer for scenario, answer in self.answers.items() if scenario.event == event]
        if branch:
            asked = [a for s, a in self.answers.items() if s.event == event and s.branch == branch and not s.tag]
        elif event == "push":
            asked = [
                answer for scenario, answer in self.answers.items() if scenario.event == event and not scenario.tag
            ]
        return _truth(min(asked, key=lambda answer: answer.grade, default=_NEVER))

    def names(self) -> list[str]:
        """The scenarios that start it, for sure or perhaps, in words."""
        return [scenario.name for scenario, answer in self.answers.items() if answer.grade is not Grade.NEVER]

    def on_changes(self) -> Any:
        """Whether some push to a branch or pull request runs it."""
        found = [answer for s, answer in self.answers.items() if s.event in _CHANGES and not s.tag]
        return _truth(max(found, key=lambda answer: answer.grade, default=_NEVER))

    def attributes(self, main: str) -> dict[str, Any]:
        """`pushes`, `pull_requests` and `schedule_days`, in the words that policies compare with."""
        found: dict[str, Any] = {
            "pushes": self._range("push", ("every branch", "main branch", "some branches"), main),
            "pull_requests": self._range("pull_request", ("every", "to the main branch", "some"), main),
        }
        if self.schedule_days is not None:
            found["schedule_days"] = self.schedule_days
        return found

    def _range(self, event: str, words: tuple[str, str, str], main: str) -> Any:
        everywhere, on_main = self.on(event), self.on(event, branch=main)
        if self.missed.get(event):
            return f"not when only {self.missed[event]} changes"
        if everywhere is True:
            return words[0]
        if on_main is True:
            return words[1]
        if isinstance(everywhere, Unknown) or isinstance(on_main, Unknown):
            return everywhere if isinstance(everywhere, Unknown) else on_main
        is_some = any(a.grade is not Grade.NEVER for s, a in self.answers.items() if s.event == event and not s.tag)
        return words[2] if is_some else "never"


def _truth(answer: Answer) -> Any:
    if answer.grade is Grade.OUTSIDE:
        reason = f"{answer.outside} decides it, outside of the workflow"
        remedy = "let changes run it without a condition on what stands in no file"
        return Unknown(reason, depends_on=(answer.outside,), remedy=remedy)
    return answer.grade is not Grade.NEVER


class Starts:
    """Answers for the workflows of one repository, whose reusable ones start when a job calls them."""

    def __init__(self, resources: Iterable[Resource], paths: Sequence[str]) -> None:
        self._triggers: dict[str, Mapping[str, Any]] = {}
        self._callers: dict[str, list[Resource]] = {}
        self._jobs: dict[str, Resource] = {}
        self._code = [path for path in paths if path.endswith(".py") and not _is_documentation(path)]
        self._missed_by: dict[tuple[str, str], dict[str, str]] = {}
        self._asked: dict[tuple[str, Scenario], Answer] = {}
        for resource in resources:
            if resource.kind == "workflow":
                self._triggers[resource.id] = resource.attributes.get("triggers", {})
            elif resource.kind == "workflow_job":
                self._jobs[resource.id] = resource
                if "uses" in resource.attributes:
                    self._callers.setdefault(called_workflow(resource), []).append(resource)
        self.main = main_branch(self._triggers.values())
        self._scenarios = scenarios(self.main)

    def of(self, workflow: str, conditions: Sequence[Any] = (), *, job: str = "", folder: str = ".") -> Started:
        """What starts a job of a workflow, or a step of it under more conditions; `folder` is whose files it is for."""
        every = [*self._conditions(job), *conditions]
        answers = {scenario: self._answer(workflow, scenario, every, _MAX_DEPTH) for scenario in self._scenarios}
        scheduled = next((answer for s, answer in answers.items() if s.event == "schedule"), _NEVER)
        days = self._days(workflow, _MAX_DEPTH) if scheduled.grade is not Grade.NEVER else None
        if (workflow, folder) not in self._missed_by:
            self._missed_by[workflow, folder] = self._missed(workflow, folder)
        return Started(answers, days, self._missed_by[workflow, folder])

    def _conditions(self, job: str, depth: int = _MAX_DEPTH) -> list[Any]:
        """The condition of a job, and of those that it needs: a job whose needs are skipped is skipped itself."""
        resource = self._jobs.get(job)
        if resource is None or not depth:
            return []
        own = resource.attributes.get("if", True)
        found = [own]
        if not re.search(r"\b(?:always|failure|cancelled)\s*\(", str(own)):
            for needed in resource.attributes.get("needs", []):
                found += self._conditions(f"{resource.attributes['workflow']}#{needed}", depth - 1)
        return found

    def _answer(self, path: str, scenario: Scenario, conditions: Sequence[Any], depth: int) -> Answer:
        triggers = self._triggers.get(path, {})
        own = _least(self._held(condition, scenario) for condition in conditions)
        if own.grade is Grade.NEVER:
            return own
        if starts(triggers, scenario):
            return own
        if "workflow_call" not in triggers or not depth:
            return _NEVER
        calls = [
            self._answer(str(job.attributes["workflow"]), scenario, self._conditions(job.id), depth - 1)
            for job in self._callers.get(path, ())
        ]
        return _least((own, max(calls, key=lambda answer: answer.grade, default=_NEVER)))

    def _held(self, condition: Any, scenario: Scenario) -> Answer:
        """What a condition says in a scenario; jobs and steps share most conditions."""
        if isinstance(condition, bool):
            return _ALWAYS if condition else _NEVER
        key = (str(condition), scenario)
        if key not in self._asked:
            self._asked[key] = condition_of(key[0], scenario.names())
        return self._asked[key]

    def _days(self, path: str, depth: int) -> float | None:
        lines = self._triggers.get(path, {}).get("schedule", [])
        found = [days_between(str(line)) for line in lines if isinstance(lines, list)]
        if depth:
            above = [self._days(str(job.attributes["workflow"]), depth - 1) for job in self._callers.get(path, ())]
            found += [days for days in above if days is not None]
        return min(found, default=None)

    def _missed(self, path: str, folder: str) -> dict[str, str]:
        """By event: a Python file of the folder whose change alone starts nothing, because of a filter of paths."""
        triggers = self._triggers.get(path, {})
        filtered = [event for event in ("push", "pull_request") if _has_paths(triggers.get(event))]
        if not filtered:
            return {}
        prefix = "" if folder == "." else f"{folder}/"
        code = [file for file in self._code if file.startswith(prefix)]
        return {event: missed for event in filtered if (missed := paths_let(triggers[event], code))}


def called_workflow(job: Resource) -> str:
    """The path of the workflow that a job calls, when it is one of this repository."""
    return str(job.attributes["uses"]).removeprefix("./").removeprefix("$/")


def days_between(cron: str) -> float:
    """The longest span between two starts of a cron line, in days; 366 for what is rarer than monthly."""
    fields = cron.split()
    if len(fields) != 5:
        return 366.0
    _, _, day, month, weekday = fields
    if month != "*":
        return 366.0
    if day in ("*", "*/1", "?"):
        return _DAY.get(weekday, 7.0) if weekday not in ("?", "*/1", "0-6", "1-7") else 1.0
    if day.startswith("*/") and day[2:].isdecimal() and weekday in ("*", "?"):
        return float(day[2:])
    return 31.0


def _least(answers: Iterable[Answer]) -> Answer:
    return min(answers, key=lambda answer: answer.grade, default=_ALWAYS)


def _has_paths(filters: Any) -> bool:
    return isinstance(filters, dict) and bool({"paths", "paths_ignore"} & filters.keys())


def _is_documentation(path: str) -> bool:
    return bool(re.search(r"(?:\A|/)(?:docs?|examples?|\.github|scripts?)/", path))
