"""Where workflows run tests, and which coverage they demand: one `test_command` for each run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any

from infraguard.collectors.repository.coverage_settings import CoverageSettings, coverage_settings
from infraguard.collectors.repository.found import UNIT, Found
from infraguard.collectors.repository.options import number_option, option
from infraguard.collectors.repository.pytest_settings import pytest_settings
from infraguard.collectors.repository.suite_runs import Context, SuiteRun, speaks_of_tests, suite_runs
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Gap, GapReason, Resource, Source
from infraguard.model.values import Default, Location, Unknown
from infraguard.readers.shell_outcome import Outcome
from infraguard.readers.tree import Tree, Unreadable

KINDS = ("test_command",)
_REMEDY = "run pytest with --cov and --cov-fail-under in the workflow itself, or set fail_under for coverage"
#: What coverage.py does without a setting, from its configuration reference: no threshold, whole percents.
_ORIGIN = "coverage.py"


def commands_of(tree: Tree, resources: Sequence[Resource]) -> Found:
    """The runs of tests among the steps of workflows, and gaps for workflows and actions that may hide some."""
    steps = [resource for resource in resources if resource.kind == "workflow_step"]
    callers = [resource for resource in resources if "uses" in resource.attributes]
    return Found(
        tuple(command for step in steps for command in _of_step(tree, step)),
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
        remedy=_REMEDY,
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


def _of_step(tree: Tree, step: Resource) -> Iterator[Resource]:
    for number, run in enumerate(_runs(tree, step)):
        yield Resource(
            kind="test_command",
            id=f"{step.id}/{run.runner}" + (f" ({number + 1})" if number else ""),
            source=Source.REPO,
            unit=UNIT,
            attributes={
                **{key: step.attributes[key] for key in ("workflow", "job", "index", "if") if key in step.attributes},
                "step": step.id,
                **_attributes(tree, step, run),
            },
            location=_location(step, run),
            references={
                "workflow": (step.attributes["workflow"],),
                "job": (step.attributes["job"],),
                "step": (step.id,),
            },
        )


def _runs(tree: Tree, step: Resource) -> Iterator[SuiteRun]:
    commands = step.attributes.get("commands", [])
    folder = posixpath.normpath(str(step.attributes.get("working_directory", ".")))
    context = Context(folder, step.attributes.get("variables", {}))
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


def _attributes(tree: Tree, step: Resource, run: SuiteRun) -> dict[str, Any]:
    found: dict[str, Any] = {
        "runner": run.runner,
        "command": " ".join(run.words),
        "working_directory": run.context.folder,
        "via": list(run.context.via),
        "ignored_failure": _ignored_failure(step, run),
    }
    if run.hidden:
        unknown = Unknown(run.hidden, depends_on=(run.runner,), remedy=_REMEDY)
        names = ("measures_coverage", "effective_fail_under", "effective_precision")
        return {**found, **dict.fromkeys(names, unknown)}
    return {**found, **_coverage(tree, run)}


def _ignored_failure(step: Resource, run: SuiteRun) -> Any:
    continued = step.attributes.get("continue_on_error", False)
    if continued is True or run.context.ignored is True:
        return True
    if isinstance(continued, Unknown):
        return continued
    if run.context.ignored is None:
        reason = "the script around the command decides what its failure means"
        return Unknown(reason, remedy="let the failure of the command end the step")
    return False


def _coverage(tree: Tree, run: SuiteRun) -> dict[str, Any]:
    """What the run demands of coverage: a flag of the command first, then the settings of its folder."""
    try:
        words = _with_added_options(tree, run)
        own_file = option(words, "--cov-config") or option(words, "--rcfile") or ""
        settings = coverage_settings(tree, run.context.folder, own_file)
    except (SyntaxProblem, Unreadable) as error:
        why = error.problem.detail if isinstance(error, Unreadable) else str(error)
        unknown = Unknown(f"the settings cannot be read: {why}", remedy="mend the file")
        return dict.fromkeys(("measures_coverage", "effective_fail_under", "effective_precision"), unknown)
    flags = ("--cov-fail-under", "--cov-precision") if run.runner == "pytest" else ("--fail-under", "--precision")
    no_cov = run.runner == "pytest" and "--no-cov" in words
    measures = _measures(run, words) and not no_cov
    found: dict[str, Any] = {"no_cov": no_cov, "measures_coverage": measures or run.measured_by_coverage}
    threshold = number_option(words, flags[0], run.context.variables)
    if threshold is not None:
        found["fail_under"] = threshold
    if measures:
        found["effective_fail_under"] = _effective(threshold, settings, "fail_under")
        found["effective_precision"] = _effective(
            number_option(words, flags[1], run.context.variables), settings, "precision"
        )
    return found


def _measures(run: SuiteRun, words: tuple[str, ...]) -> bool:
    """Whether this command itself compares coverage with a threshold, when one is set."""
    if run.runner == "pytest":
        return any(word == "--cov" or word.startswith("--cov=") for word in words)
    return run.runner == "coverage" and words[1:2] != ("run",)


def _with_added_options(tree: Tree, run: SuiteRun) -> tuple[str, ...]:
    """The words of the command after those that pytest adds to them: from its settings, then from the environment."""
    if run.runner != "pytest":
        return run.words
    added = str(run.context.variables.get("PYTEST_ADDOPTS", "")).split()
    return (run.words[0], *pytest_settings(tree, run.context.folder).addopts, *added, *run.words[1:])


def _effective(given: Any, settings: CoverageSettings, name: str) -> Any:
    if given is not None:
        return given
    return settings.values.get(name, Default(0, _ORIGIN))
