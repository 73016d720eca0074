"""Steps as they run: with the values of the matrix and of inputs filled in, and actions of the repository unfolded."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from msgspec import Struct

from infraguard.collectors.repository.actions.composite import by_folder, filled_inputs, local_folder
from infraguard.collectors.repository.actions.filling import filled, scope_of
from infraguard.collectors.repository.actions.starts import called_workflow
from infraguard.collectors.repository.actions.steps import commands_of
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.shell_outcome import Outcome

#: Actions that use each other, and callers of a workflow whose inputs are filled in.
_MAX_DEPTH = 5
_MAX_CALLERS = 20
#: The action that runs the hooks of pre-commit, and does nothing else.
HOOKS_ACTION = "pre-commit/action@"
_FILLED = ("uses", "with", "run", "env", "variables", "working_directory", "if", "name")


class Running(Struct, frozen=True):
    """One step as it runs in its job.

    `step` is where it is written in a workflow; `written` is the step itself, which may be one of an action that the
    workflow uses. `conditions` are all on the way, from the workflow inward.
    """

    step: Resource
    job: Resource
    written: Resource
    attributes: Mapping[str, Any]
    conditions: tuple[Any, ...]
    continued: tuple[Any, ...]

    @property
    def uses(self) -> str:
        return str(self.attributes.get("uses", ""))

    @property
    def settings(self) -> Mapping[str, Any]:
        """What `with` gives the action."""
        given = self.attributes.get("with")
        return given if isinstance(given, dict) else {}

    @property
    def script(self) -> list[Outcome] | Unknown:
        """The commands of the script; of a step that uses an action, those that the action is known to be."""
        if self.uses.startswith(HOOKS_ACTION):
            arguments = shlex.split(str(self.settings.get("extra_args", "--all-files")))
            return [Outcome(("pre-commit", "run", *arguments), 1, ignored=False)]
        commands = self.attributes.get("commands", [])
        if isinstance(commands, Unknown):
            return commands
        return [
            Outcome(
                tuple(item["words"]), item["line"], None if isinstance(item["ignored"], Unknown) else item["ignored"]
            )
            for item in commands
        ]


class Workflows:
    """The workflows of a repository with their jobs and steps, and the actions that they use of it."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        every = list(resources)
        self.jobs = {resource.id: resource for resource in every if resource.kind == "workflow_job"}
        self._workflows = {resource.id: resource for resource in every if resource.kind == "workflow"}
        self._steps: dict[str, list[Resource]] = {}
        for resource in every:
            if resource.kind == "workflow_step":
                self._steps.setdefault(resource.attributes["job"], []).append(resource)
        self._actions = by_folder(resource for resource in every if resource.kind == "action_step")
        self._callers: dict[str, list[Resource]] = {}
        self._given: dict[str, list[dict[str, Any]]] = {}
        for job in self.jobs.values():
            if "uses" in job.attributes:
                self._callers.setdefault(called_workflow(job), []).append(job)

    def callers(self, workflow: str) -> list[Resource]:
        """The jobs that call a workflow."""
        return self._callers.get(workflow, [])

    def steps(self, job: Resource, inputs: Sequence[Mapping[str, Any]] | None = None) -> list[Running]:
        """The steps of a job in their order, each once for every combination of values that changes what it does."""
        choices = self._inputs(str(job.attributes["workflow"])) if inputs is None else inputs
        found: list[Running] = []
        for step in self._steps.get(job.id, []):
            for scope in _scopes(step, job, choices):
                found += self._run(step, job, step, scope, ((), ()), _MAX_DEPTH)
        return found

    def _run(
        self,
        step: Resource,
        job: Resource,
        written: Resource,
        scope: Mapping[str, Any],
        around: tuple[tuple[Any, ...], tuple[Any, ...]],
        depth: int,
    ) -> Iterator[Running]:
        attributes = {
            key: filled(value, scope) if key in _FILLED else value for key, value in written.attributes.items()
        }
        if "run" in attributes and attributes["run"] != written.attributes["run"]:
            attributes["commands"] = _reparsed(attributes["run"], str(attributes.get("shell", "")))
        conditions = (*around[0], attributes.get("if", True))
        continued = (*around[1], attributes.get("continue_on_error", False))
        running = Running(step, job, written, attributes, conditions, continued)
        folder = local_folder(running.uses)
        inner = self._actions.get(folder, []) if folder is not None and depth else []
        if not inner:
            yield running
        for part in inner:
            inside = scope_of(inputs=filled_inputs(part, running.attributes.get("with")), complete=("inputs",))
            yield from self._run(step, job, part, inside, (conditions, continued), depth - 1)

    def options(self, workflow: str) -> dict[str, list[str]]:
        """Between what whoever starts a workflow by hand can choose, by inputs; what is written freely is left out."""
        resource = self._workflows.get(workflow)
        dispatch = resource.attributes.get("triggers", {}).get("workflow_dispatch") if resource else None
        inputs = dispatch.get("inputs") if isinstance(dispatch, dict) else None
        return {
            name: [str(option) for option in declared["options"]]
            for name, declared in (inputs if isinstance(inputs, dict) else {}).items()
            if isinstance(declared, dict) and isinstance(declared.get("options"), list)
        }

    def _inputs(self, workflow: str, depth: int = _MAX_DEPTH) -> list[dict[str, Any]]:
        """The inputs that a workflow gets from each of its callers, or the defaults of them.

        What a caller hands on of inputs of its own is what its callers give it.
        """
        if workflow not in self._given:
            self._given[workflow] = self._inputs_of(workflow, depth)
        return self._given[workflow]

    def _inputs_of(self, workflow: str, depth: int) -> list[dict[str, Any]]:
        resource = self._workflows.get(workflow)
        triggers = resource.attributes.get("triggers", {}) if resource else {}
        defaults: dict[str, Any] = {}
        for event in ("workflow_dispatch", "workflow_call"):
            declared = triggers.get(event, {}).get("inputs") if isinstance(triggers.get(event), dict) else None
            for name, value in (declared if isinstance(declared, dict) else {}).items():
                if isinstance(value, dict) and "default" in value:
                    defaults[name] = value["default"]
        given = []
        for caller in self.callers(workflow)[:_MAX_CALLERS]:
            jobs = caller.attributes.get("matrix")
            written = caller.attributes.get("with", {})
            hands_on = depth and "inputs." in str(written)
            around = self._inputs(str(caller.attributes["workflow"]), depth - 1) if hands_on else [{}]
            for combination, own in product(jobs if isinstance(jobs, list) else [{}], around):
                values = filled(written, scope_of(matrix=combination, inputs=own))
                given.append({**defaults, **(values if isinstance(values, dict) else {})})
        return [item for index, item in enumerate(given) if item not in given[:index]] or [defaults]


def _scopes(step: Resource, job: Resource, inputs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the expressions of a step are filled from, once for each combination that it speaks of."""
    text = str([step.attributes.get(key) for key in _FILLED])
    variables = step.attributes.get("variables", {})
    matrix = job.attributes.get("matrix")
    jobs = matrix if isinstance(matrix, list) and matrix and "matrix." in text else [{}]
    choices = inputs if "inputs." in text else inputs[:1]
    complete = ("matrix",) if isinstance(matrix, list) else ()
    found = []
    seen: list[Any] = []
    for combination in jobs:
        for given in choices:
            scope = scope_of(matrix=combination, inputs=given, complete=complete)
            scope |= scope_of(env=filled(variables, scope), complete=complete)
            result = [filled(step.attributes.get(key), scope) for key in _FILLED if key != "name"]
            if result not in seen:
                seen.append(result)
                found.append(scope)
    return found


@lru_cache(maxsize=256)
def _reparsed(script: str, shell: str) -> Any:
    return commands_of(script, shell)
