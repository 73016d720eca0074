"""Where workflows run tests, and which coverage they demand: one `test_command` for each run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from infraguard.collectors.repository.found import UNIT, Found
from infraguard.collectors.repository.python.coverage_demand import REMEDY, coverage_demand
from infraguard.collectors.repository.suites.guards import Guards
from infraguard.collectors.repository.suites.runs import Context, SuiteRun, speaks_of_tests, suite_runs
from infraguard.model.evidence import Gap, GapReason, Resource, Source
from infraguard.model.values import Location, Unknown
from infraguard.readers.shell_outcome import Outcome
from infraguard.readers.tree import Tree, Unreadable

KINDS = ("test_command",)


def commands_of(tree: Tree, resources: Sequence[Resource]) -> Found:
    """The runs of tests among the steps of workflows, and gaps for workflows and actions that may hide some."""
    steps = [resource for resource in resources if resource.kind == "workflow_step"]
    jobs = {resource.id: resource for resource in resources if resource.kind == "workflow_job"}
    callers = [resource for resource in resources if "uses" in resource.attributes]
    guards = Guards(resources)
    return Found(
        tuple(command for step in steps for command in _of_step(tree, step, jobs.get(step.attributes["job"]), guards)),
        tuple(gap for caller in callers if (gap := _hidden_elsewhere(tree, caller))),
    )


def _hidden_elsewhere(tree: Tree, caller: Resource) -> Gap | None:
    """The gap of a job that another repository's workflow does, or of an action of this repository that runs tests."""
    uses = str(caller.attributes["uses"])
    if caller.kind == "workflow_job":
        may_hide = not uses.startswith(("./", "$/")) and speaks_of_tests(f"{caller.attributes['job_id']} {uses}")
    else:
        may_hide = uses.startswith("./") and _may_run_tests(tree, uses)
    if not may_hide:
        return None
    return Gap(
        source=Source.REPO,
        scope=uses,
        reason=GapReason.UNSUPPORTED,
        detail="it may run the tests, and is not followed",
        remedy=REMEDY,
        unit=UNIT,
        kinds=KINDS,
        location=caller.location,
    )


def _may_run_tests(tree: Tree, folder: str) -> bool:
    """Whether an action of this repository speaks of tests, or cannot be read."""
    paths = [posixpath.normpath(f"{folder}/{name}") for name in ("action.yml", "action.yaml")]
    try:
        return any(speaks_of_tests(tree.read(path)) for path in paths if path in tree)
    except Unreadable:
        return True


def _of_step(tree: Tree, step: Resource, job: Resource | None, guards: Guards) -> Iterator[Resource]:
    on_changes = guards.runs_on_changes(step, job)
    for number, run in enumerate(_runs(tree, step)):
        demand = coverage_demand(tree, run)
        yield Resource(
            kind="test_command",
            id=f"{step.id}/{run.runner}" + (f" ({number + 1})" if number else ""),
            source=Source.REPO,
            unit=UNIT,
            attributes={**_attributes(step, job, run), "runs_on_changes": on_changes, **demand.attributes},
            location=_location(step, run),
            places=demand.places,
            references={**step.references, "step": (step.id,)},
        )


def _runs(tree: Tree, step: Resource) -> Iterator[SuiteRun]:
    commands = step.attributes.get("commands", [])
    folder = posixpath.normpath(str(step.attributes.get("working_directory", ".")))
    context = Context(folder, step.attributes.get("variables", {}), followed=set())
    if isinstance(commands, Unknown):
        if speaks_of_tests(step.attributes["run"]):
            yield SuiteRun("script", (), 1, context, hidden=commands.reason)
        return
    found = [
        Outcome(tuple(item["words"]), item["line"], None if isinstance(item["ignored"], Unknown) else item["ignored"])
        for item in commands
    ]
    yield from suite_runs(tree, found, context)


def _location(step: Resource, run: SuiteRun) -> Location:
    """The line of the command in the workflow; a block's text starts on the line after its `|`."""
    place = step.places.get("run", step.location)
    is_block = place.end_line > place.line
    line = place.line + (run.line if is_block else 0) if not run.context.via else place.line
    return Location(file=place.file, line=line, end_line=line)


def _attributes(step: Resource, job: Resource | None, run: SuiteRun) -> dict[str, Any]:
    return {
        **{key: step.attributes[key] for key in ("workflow", "job", "index", "if") if key in step.attributes},
        "step": step.id,
        "runner": run.runner,
        "command": " ".join(run.words),
        "working_directory": run.context.folder,
        "via": list(run.context.via),
        "ignored_failure": _ignored_failure((step, job) if job else (step,), run),
    }


def _ignored_failure(holders: Iterable[Resource], run: SuiteRun) -> Any:
    """Whether the workflow is green although the tests fail."""
    continued = [holder.attributes.get("continue_on_error", False) for holder in holders]
    if run.context.ignored is True or True in continued:
        return True
    if run.context.ignored is None:
        reason = "the script around the command decides what its failure means"
        return Unknown(reason, remedy="let the failure of the command end the step")
    return next((value for value in continued if isinstance(value, Unknown)), False)
