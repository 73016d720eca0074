"""Where workflows run Terraform, OpenTofu and Terragrunt.

One `infrastructure_run` for each step that does, and one `infrastructure_job` for each job with such steps: what a job
waits for holds for all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from infraguard.collectors.repository.deliveries.texts import text_of
from infraguard.collectors.repository.found import UNIT
from infraguard.collectors.repository.suites.elsewhere import PIPELINES, beside
from infraguard.collectors.repository.suites.programs import name_of
from infraguard.collectors.repository.suites.walked import Walk, Walked
from infraguard.model.evidence import Gap, GapReason, Resource, Source
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

KIND: Final = "infrastructure_run"
JOB: Final = "infrastructure_job"
_MAX_DEPTH: Final = 5
_PROGRAMS: Final = frozenset({"terraform", "tofu", "terragrunt"})
_DOES: Final = frozenset({"plan", "apply", "run-all"})
_COMMAND: Final = pattern(r"(?<![\w/.-])(?:terraform|tofu|terragrunt)[ \t]+[^\n;&|)`<>]+")
#: Actions that run them: by their names, or by what a setting of them says.
_ACTIONS: Final = pattern(r"(?i)[\w.-]+/(?:terraform|tofu|terragrunt)-(plan|apply)@")
_SETTINGS: Final = {"gruntwork-io/terragrunt-action": "tg_command", "op5dev/tf-via-pr": "command"}

#: How a pipeline of another system runs them: by a command, or by a part that others wrote.
_ELSEWHERE: Final = pattern(
    r"(?<![\w.])(?:gitlab-)?(?:terraform|tofu|terragrunt)"
    r"(?:/(?:plan|apply)\b|[ \t]+(?:[^\s;&|]+[ \t]+)*?(?:plan|apply)\b)"
)


def infrastructure_runs(walk: Walk) -> Iterator[Resource]:
    """Each step once for all that its inputs make of it; a called workflow starts when its callers do."""
    seen: set[tuple[str, str]] = set()
    runs = [(walked, [*_of_action(walked), *_of_text(text_of(walk.tree, walked))]) for walked in walk.steps]
    at_work = {walked.running.job.id for walked, commands in runs if commands}
    for walked, commands in runs:
        key = (walked.running.step.id, str(commands))
        if commands and key not in seen:
            seen.add(key)
            number = sum(name == key[0] for name, _ in seen)
            waits_for = _environment(walk, walked.running.job, at_work)
            yield _resource(walk, walked, commands, waits_for, f" ({number})" if number > 1 else "")
    yield from _jobs(walk, [(walked, commands) for walked, commands in runs if commands], at_work)


def infrastructure_elsewhere(tree: Tree) -> Iterator[Gap]:
    """A gap for each pipeline of another system that plans or applies: on what, and whom it asks, is not read."""
    for path in tree.paths:
        if not PIPELINES.fullmatch(path):
            continue
        if any(_ELSEWHERE.search(text_or_empty(tree, each)) for each in (path, *beside(tree, path))):
            yield Gap(
                source=Source.REPO,
                scope=path,
                reason=GapReason.UNSUPPORTED,
                detail="it runs Terraform, and pipelines of this system are not read",
                remedy="plan in a GitHub workflow, or leave the gate to that system with --exclude",
                unit=UNIT,
                kinds=(KIND, JOB),
                location=Location(file=path),
            )


def _is_ignored(walked: Walked) -> bool:
    """Whether the workflow certainly goes on where a plan or an apply failed.

    With `-detailed-exitcode` a plan that finds changes fails as well, and the script asks for more than its outcome.
    """
    if not walked.commands:
        return walked.ignored() is True
    asked = (
        command
        for command in walked.commands
        if name_of(command.words) in _PROGRAMS and not _DOES.isdisjoint(command.words)
    )
    return any(walked.ignored(each) is True and "-detailed-exitcode" not in each.words for each in asked)


def _jobs(walk: Walk, runs: list[tuple[Walked, list[str]]], at_work: Collection[str]) -> Iterator[Resource]:
    """Each job with all that its steps run, at the first of them that changes something."""
    together: dict[str, list[tuple[Walked, list[str]]]] = {}
    for walked, commands in runs:
        together.setdefault(walked.running.job.id, []).append((walked, commands))
    for name, steps in together.items():
        job = steps[0][0].running.job
        first = next((walked for walked, commands in steps if any("apply" in each for each in commands)), steps[0][0])
        waits_for = _environment(walk, job, at_work)
        every = list(dict.fromkeys(each for _, commands in steps for each in commands))
        yield Resource(
            kind=JOB,
            id=name,
            source=Source.REPO,
            unit=UNIT,
            attributes={
                "workflow": job.attributes["workflow"],
                "commands": every,
                "applied": [each for each in every if "apply" in each],
                **({"environment_name": waits_for} if waits_for else {}),
            },
            location=first.place(),
        )


def _of_text(text: str) -> list[str]:
    lines = text.replace("\\\n", " ")
    return list(dict.fromkeys(" ".join(found[0].split()) for found in _COMMAND.finditer(lines)))


def _of_action(walked: Walked) -> list[str]:
    uses = walked.running.uses
    if found := _ACTIONS.match(uses):
        return [f"terraform {found[1].lower()}"]
    setting = _SETTINGS.get(uses.partition("@")[0].lower())
    given = walked.running.settings.get(setting, "") if setting else ""
    return [f"terragrunt {given}" if setting == "tg_command" else f"terraform {given}"] if given else []


def _environment(walk: Walk, job: Resource, at_work: Collection[str], depth: int = _MAX_DEPTH) -> Any:
    """The environment that a job waits for: its own, or that of a job before it, which is there to be approved.

    Where a job before it has work of its own to do on infrastructure, its environment is asked for that.
    """
    if own := job.attributes.get("environment"):
        return own
    if not depth:
        return ""
    workflow = str(job.attributes["workflow"])
    needed = [walk.workflows.jobs.get(f"{workflow}#{name}") for name in job.attributes["needs"]]
    found = [_environment(walk, each, at_work, depth - 1) for each in needed if each and each.id not in at_work]
    callers = [_environment(walk, each, at_work, depth - 1) for each in walk.workflows.callers(workflow)]
    return next((each for each in found if each), callers[0] if callers and all(callers) else "")


def _resource(walk: Walk, walked: Walked, commands: list[str], waits_for: Any, suffix: str) -> Resource:
    attributes: dict[str, Any] = {
        **walked.attributes(walk.main),
        "commands": commands,
        "starts_on": walked.started.names(),
    }
    if waits_for:
        attributes["environment_name"] = waits_for
    attributes["ignored_failure"] = _is_ignored(walked)
    attributes["goes_on"] = walked.goes_on
    return walked.resource(KIND, suffix, attributes)
