"""What starts a step: events by the triggers of its workflow, the conditions on the way, and those who call it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from infraguard.collectors.repository.actions.expressions import Answer, Grade, condition_of
from infraguard.collectors.repository.actions.scenarios import (
    MERGED,
    Scenario,
    main_branch,
    on_named,
    paths_let,
    scenarios,
    starts,
)
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

    def within(self, names: frozenset[str] | None) -> Started:
        """The same, where only some scenarios are meant, by their names: None means all of them."""
        if names is None:
            return self
        answers = {each: answer if each.name in names else _NEVER for each, answer in self.answers.items()}
        return Started(answers, self.schedule_days if "schedule" in names else None, self.missed)

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

    def brought(self, main: str) -> Any:
        """`pushes` of what brings a branch to where it runs: the merge of a pull request brings what a push would."""
        told = self.attributes(main)["pushes"]
        if told != "never":
            return told
        on_main = self.on(MERGED, branch=main)
        if isinstance(on_main, Unknown):
            return on_main
        is_some = any(a.grade is not Grade.NEVER for s, a in self.answers.items() if s.event == MERGED)
        return "main branch" if on_main else "some branches" if is_some else told

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
        self._asked: dict[tuple[str, Scenario, str], Answer] = {}
        for resource in resources:
            if resource.kind == "workflow":
                self._triggers[resource.id] = resource.attributes.get("triggers", {})
            elif resource.kind == "workflow_job":
                self._jobs[resource.id] = resource
                if "uses" in resource.attributes:
                    self._callers.setdefault(called_workflow(resource), []).append(resource)
        self.main = main_branch(self._triggers.values())
        self._scenarios = (*scenarios(self.main), *on_named(self._triggers.values(), self.main))

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
        if starts(triggers, scenario):
            by_hand = scenario.event == "workflow_dispatch"
            return self._all_held(conditions, scenario, {} if by_hand else dict.fromkeys(_inputs(triggers)))
        if "workflow_call" not in triggers or not depth:
            return _NEVER
        calls = [
            _least(
                (
                    self._all_held(conditions, scenario, _given(triggers, job)),
                    self._answer(str(job.attributes["workflow"]), scenario, self._conditions(job.id), depth - 1),
                )
            )
            for job in self._callers.get(path, ())
        ]
        return max(calls, key=lambda answer: answer.grade, default=_NEVER)

    def _all_held(self, conditions: Sequence[Any], scenario: Scenario, inputs: Mapping[str, Any]) -> Answer:
        """What the conditions say together. An input that nobody gives is empty: a push gives none."""
        return _least(self._held(condition, scenario, inputs) for condition in conditions)

    def _held(self, condition: Any, scenario: Scenario, inputs: Mapping[str, Any]) -> Answer:
        """What a condition says in a scenario; jobs and steps share most conditions."""
        if isinstance(condition, bool):
            return _ALWAYS if condition else _NEVER
        text = str(condition)
        given = inputs if "inputs" in text.lower() else {}
        key = (text, scenario, str(given))
        if key not in self._asked:
            self._asked[key] = condition_of(text, {**scenario.names(), **given})
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
    return str(job.attributes.get("calls") or job.attributes["uses"]).removeprefix("./").removeprefix("$/")


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


def _inputs(triggers: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a workflow by the names that conditions call them, each with what it declares."""
    found: dict[str, Any] = {}
    for event in ("workflow_call", "workflow_dispatch"):
        filters = triggers.get(event)
        declared = filters.get("inputs") if isinstance(filters, dict) else None
        found |= (
            {f"inputs.{name}".lower(): each for name, each in declared.items()} if isinstance(declared, dict) else {}
        )
    return found


def _given(triggers: Mapping[str, Any], job: Resource) -> dict[str, Any]:
    """The inputs as a job that calls the workflow gives them, else their defaults; those worked out are left out."""
    given = job.attributes.get("with")
    written = {f"inputs.{name}".lower(): value for name, value in given.items()} if isinstance(given, dict) else {}
    found: dict[str, Any] = {}
    for name, declared in _inputs(triggers).items():
        value = written.get(name, declared.get("default") if isinstance(declared, dict) else None)
        if not isinstance(value, Unknown) and "${{" not in str(value):
            found[name] = value
    return found


def _least(answers: Iterable[Answer]) -> Answer:
    return min(answers, key=lambda answer: answer.grade, default=_ALWAYS)


def _has_paths(filters: Any) -> bool:
    return isinstance(filters, dict) and bool({"paths", "paths_ignore"} & filters.keys())


def _is_documentation(path: str) -> bool:
    return bool(re.search(r"(?:\A|/)(?:docs?|examples?|\.github|scripts?)/", path))
