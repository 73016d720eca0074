"""Where workflows run tools that judge code: one `tool_run` for each run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from infraguard.collectors.repository.actions.composite import local_folder
from infraguard.collectors.repository.actions.running import HOOKS_ACTION
from infraguard.collectors.repository.found import UNIT, Found
from infraguard.collectors.repository.nature.parts import parts, parts_of, without_left_out
from infraguard.collectors.repository.python.left_out import chosen
from infraguard.collectors.repository.python.tool_settings import mypy_is_strict, ruff_sorts_imports
from infraguard.collectors.repository.secrets.masking import without_secrets
from infraguard.collectors.repository.suites.followed import Command
from infraguard.collectors.repository.suites.runners.hooks import config_path, hooks_of, runs_by_itself
from infraguard.collectors.repository.suites.tools import Tool, any_tool, hides_tools, tool_of_action, tool_of_command
from infraguard.collectors.repository.suites.walked import Walk, Walked
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location, Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Unreadable

KINDS = ("tool_run",)
#: A workflow that is called so does whatever is done about a change.
_WHOLE: Final = pattern(r"(?i)(?<![a-z])(?:ci|pipeline|pre[-_]?deploy(?:ment)?)(?![a-z])")


def tool_runs(walk: Walk) -> Found:
    """The runs of tools in all workflows, each command once however many combinations of a matrix come to it."""
    found: dict[tuple[Any, ...], Resource] = {}
    numbers: dict[str, int] = {}
    for resource in (*_of_steps(walk), *_of_called_workflows(walk), *_of_hooks_elsewhere(walk)):
        asked = resource.attributes
        key = (resource.id, asked["command"], str(resource.location), str(asked.get("parts")))
        if key in found:
            continue
        numbers[resource.id] = numbers.get(resource.id, 0) + 1
        suffix = f" ({numbers[resource.id]})" if numbers[resource.id] > 1 else ""
        found[key] = msgspec.structs.replace(resource, id=f"{resource.id}{suffix}")
    return Found(tuple(_with_teeth(list(found.values()))))


def _with_teeth(runs: list[Resource]) -> Iterator[Resource]:
    """A run whose failure is ignored is a report only, where another of the tool in the workflow does stop it."""
    stopping = {
        (run.attributes["workflow"], run.attributes["tool"])
        for run in runs
        if run.attributes["ignored_failure"] is False and isinstance(run.attributes["tool"], str)
    }
    for run in runs:
        tool = run.attributes["tool"]
        enforced = isinstance(tool, str) and (run.attributes["workflow"], tool) in stopping
        yield msgspec.structs.replace(run, attributes={**run.attributes, "enforced": enforced})


def _of_steps(walk: Walk) -> Iterator[Resource]:
    for walked in walk.steps:
        uses = walked.running.uses
        if uses and local_folder(uses) is None:
            tool = tool_of_action(uses, walked.running.settings) or _hidden_action(uses)
            if tool:
                yield _resource(walk, walked, tool, None)
        for command in walked.commands:
            if tool := tool_of_command(command):
                yield _resource(walk, walked, tool, command)


#: Actions that say by their name that they prepare something, or hand it on.
_PREPARES: Final = pattern(
    r"/(?:setup|install|cache|upload|download|fetch|generate|create|configure|notify|login)[-_][\w.-]*\Z"
)


def _hidden_action(uses: str) -> Tool | None:
    """Actions that only set up or fetch something are named after tools as well; they hide none."""
    quiet = ("actions/", "docker/", "aws-actions/", "github/", "pre-commit-ci/", "re-actors/", HOOKS_ACTION)
    name = uses.lower()
    return None if name.startswith(quiet) or _PREPARES.search(name.partition("@")[0]) else hides_tools(uses)


def _resource(walk: Walk, walked: Walked, tool: Tool, command: Command | None) -> Resource:
    folder = command.context.folder if command else "."
    ignored = walked.ignored(command)
    shown = tool.name if isinstance(tool.name, str) else "hidden"
    attributes = {
        **walked.attributes(walk.main),
        "starts_on": walked.started.names(),
        "tool": tool.name,
        "command": without_secrets(tool.command),
        "via": list(command.context.via) if command else [],
        "working_directory": folder,
        "checks_only": tool.checks,
        "ignored_failure": True if tool.toothless else ignored,
        "strict": _strict(walk, tool, folder),
    }
    words = command.words if command else (walked.running.uses, *map(str, walked.running.settings.values()))
    sorts = tool.name == "ruff" and ruff_sorts_imports(walk.tree, folder, words[1:])
    attributes["sorts_imports"] = tool.sorts_imports or sorts
    if tool.name == "ruff":
        attributes["sorts_by_option"] = tool.sorts_imports or any(word.startswith("--config") for word in words)
    around = command.context.only if command and command.context.only else folder
    if (seen := _seen(walk, tool, folder, around, words)) is not None:
        attributes["parts"] = seen
    perhaps = Unknown(tool.doubt, (tool.command,), remedy="name what is run in the workflow") if tool.doubt else None
    return walked.resource("tool_run", f"/{shown}", attributes, command=command, perhaps=perhaps)


def _seen(walk: Walk, tool: Tool, folder: str, around: str, words: Sequence[str]) -> list[str] | Unknown | None:
    """The parts that a run looks at, those left out that the settings of its tool leave out."""
    name = tool.name if isinstance(tool.name, str) else ""
    seen = parts_of(walk.tree, around, words, chosen=chosen(walk.tree, name, folder, words))
    return without_left_out(walk.tree, name, folder, words, seen) if isinstance(seen, list) else seen


def _strict(walk: Walk, tool: Tool, folder: str) -> Any:
    if tool.name != "mypy":
        return tool.name if isinstance(tool.name, Unknown) else False
    return True if tool.strict else mypy_is_strict(walk.tree, folder, tool.command)


def _of_called_workflows(walk: Walk) -> Iterator[Resource]:
    """Jobs that a workflow of another repository does, where its name speaks of tools, or of all that is checked."""
    for job in walk.workflows.jobs.values():
        uses = str(job.attributes.get("uses", ""))
        if not uses or local_folder(uses) is not None or "calls" in job.attributes:
            continue
        named = f"called/{job.attributes['job_id']} {uses}"  # the whole of it speaks, beside the name of no owner
        if not hides_tools(named) and not _WHOLE.search(uses.partition("@")[0].rpartition("/")[2]):
            continue
        tool = any_tool(uses)
        started = walk.starts.of(str(job.attributes["workflow"]), job=job.id)
        facts = {
            **started.attributes(walk.main),
            "starts_on": started.names(),
            "runs_on_changes": started.on_changes(),
            "parts": list(parts(walk.tree)),
        }
        yield _elsewhere(job.id, str(job.attributes["workflow"]), tool, job.location, facts)


def _of_hooks_elsewhere(walk: Walk) -> Iterator[Resource]:
    """Hooks that pre-commit.ci may run on pull requests: no file tells whether it is switched on."""
    path = config_path(walk.tree)
    try:
        if path is None or not runs_by_itself(walk.tree, path):
            return
        hooks = hooks_of(walk.tree, path)
    except (SyntaxProblem, Unreadable):
        return
    doubt = Unknown(
        "pre-commit.ci may run it: no file tells whether it is switched on",
        depends_on=("pre-commit.ci",),
        remedy="run pre-commit in a workflow, so that the repository shows it",
    )
    for _, (line, text, only) in hooks:
        command = Command((tuple(text.split()),), line, walked_nowhere())
        tool = tool_of_command(command)
        if tool:
            answers = {"pushes": doubt, "pull_requests": doubt, "runs_on_changes": doubt}
            sorts = tool.sorts_imports or (tool.name == "ruff" and ruff_sorts_imports(walk.tree, "."))
            named = msgspec.structs.replace(tool, sorts_imports=sorts)
            facts = {**answers, "parts": parts_of(walk.tree, only or ".", command.words) or []}
            yield _elsewhere(f"{path}/{tool.name}", path, named, Location(file=path, line=line), facts)


def walked_nowhere() -> Any:
    """The context of a command that no workflow runs."""
    from infraguard.collectors.repository.suites.followed import Context

    return Context(".", {}, followed=set())


def _elsewhere(name: str, workflow: str, tool: Tool, place: Location, starts: dict[str, Any]) -> Resource:
    return Resource(
        kind="tool_run",
        id=name,
        source=Source.REPO,
        unit=UNIT,
        attributes={
            "workflow": workflow,
            "tool": tool.name,
            "command": tool.command,
            "via": [],
            "working_directory": ".",
            "checks_only": tool.checks,
            "ignored_failure": False,
            "strict": tool.name if isinstance(tool.name, Unknown) else tool.strict or False,
            "sorts_imports": tool.sorts_imports,
            "runs_on_changes": True,
            **starts,
        },
        location=place,
    )
