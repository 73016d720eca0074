"""Jobs as they run under a workflow: a called one for each caller, and each for what may be chosen by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from infraguard.collectors.repository.actions.filling import filled, scope_of
from infraguard.collectors.repository.actions.starts import called_workflow
from infraguard.collectors.repository.deliveries.conditions import is_met, may_run
from infraguard.collectors.repository.deliveries.found_environments import (
    CHOSEN,
    NOWHERE,
    found_environments,
    output_taken,
)
from infraguard.collectors.repository.deliveries.stages import stage_of, stage_of_environment
from infraguard.collectors.repository.suites.walked import Walk, Walked, commands_of_step
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

_MAX_DEPTH = 4
_NOTHING: Mapping[str, str] = {}

#: Inputs that say where something is deployed to.
ENVIRONMENT_INPUT = pattern(
    r"(?i)(?:(?:app|deploy(?:ment)?|target|stack)[-_]?)?(?:env|environment|stage)(?:[-_]?name)?"
)
#: Where a job takes what is chosen, by itself or from a job before it.
_TAKES_CHOICE = pattern(r"(?i)\binputs\.|\bneeds\.[\w-]+\.outputs\.\w*(?:env|stage)")


class Job(Struct, frozen=True):
    """A job as it runs under a workflow: a called one once for each caller. `before` are the jobs it waits for.

    `chosen` is the environment that whoever starts it by hand chooses, by the name of its input: empty for what other
    events start, that give none. `found` is the one that an earlier job found, by the output that hands it on, and
    `only` what starts the job where it found that one.
    """

    name: str
    root: Resource
    job: Resource
    inputs: Mapping[str, Any]
    steps: tuple[Walked, ...]
    before: tuple[str, ...]
    calls: tuple[str, ...] = ()
    chosen: Mapping[str, str] = _NOTHING
    found: Mapping[str, str] = _NOTHING
    only: frozenset[str] | None = None

    @property
    def own_name(self) -> str:
        """What the job is called where it stands, without those that call it."""
        return self.name.partition("#")[2].rpartition("/")[2]

    @property
    def said_name(self) -> str:
        """The names of the job and of all that call it, and the one that people read."""
        return f"{self.name} {self.job.attributes.get('name', '')}"

    @property
    def environment(self) -> str:
        return str(filled(self.job.attributes.get("environment", ""), self.scope))

    @property
    def scope(self) -> dict[str, Any]:
        """What the expressions of the job are filled from."""
        own = self.chosen if self.job is self.root else {}
        by_hand = {"event": {"inputs": self.chosen}} if self.chosen else {}
        return scope_of(inputs={**own, **self.inputs}, github=by_hand, needs=self.found)

    @property
    def given(self) -> dict[str, Any]:
        """The inputs of a workflow that the job calls, as they are written there."""
        given = self.job.attributes.get("with")
        return given if isinstance(given, dict) and "uses" in self.job.attributes else {}

    @property
    def fixed_stage(self) -> str:
        """The stage of the environment that is written at the job, or handed to a workflow from elsewhere."""
        handed = (str(each) for name, each in self.given.items() if ENVIRONMENT_INPUT.fullmatch(name))
        written = str(self.job.attributes.get("environment", "")) or ("" if self.calls else next(handed, ""))
        return "" if "${{" in written else stage_of_environment(written)

    @property
    def told_stage(self) -> str:
        """The stage that variables of the workflow, the job or a step name, such as `ENVIRONMENT: beta`."""
        variables = [walked.running.attributes.get("variables", {}) for walked in self.steps]
        given = [*variables, {} if self.calls else self.given]
        told = (value for each in given for name, value in each.items() if ENVIRONMENT_INPUT.fullmatch(name))
        stages = {stage for value in told if (stage := stage_of_environment(str(value)))}
        return stages.pop() if len(stages) == 1 else ""

    @property
    def has_every_environment(self) -> bool:
        """Whether it runs in all environments that the job before it has found, production among them."""
        written = str(self.job.attributes.get("environment", ""))
        return "matrix." in written and isinstance(self.job.attributes.get("matrix"), Unknown)

    @property
    def is_chosen(self) -> bool:
        return any(self.chosen.values())

    @property
    def chosen_stage(self) -> str:
        """The stage of what is chosen, or of what an earlier job found."""
        given = (*self.chosen.values(), *self.found.values())
        return next((stage for option in given if (stage := stage_of_environment(option))), "")


def unfolded(walk: Walk) -> Iterator[Job]:
    """Every job as often as it runs with other inputs; one that others call is unfolded where it is called.

    What is chosen changes nothing of some jobs. Those that wait for one of them wait for it as it is.
    """
    jobs = list(_unfolded(walk))
    names = {job.name for job in jobs}
    for job in jobs:
        before = tuple(name if name in names else name.partition(" (")[0] for name in job.before)
        yield structs.replace(job, before=before)


def _unfolded(walk: Walk) -> Iterator[Job]:
    for job in walk.workflows.jobs.values():
        workflow = str(job.attributes["workflow"])
        if walk.workflows.callers(workflow):
            continue
        choices = _choices(walk, workflow)
        nobody = {name: "" for chosen in choices for name in chosen}
        plain = list(_with_called(walk, Job(job.id, job, job, {}, (), (), chosen=nobody), _MAX_DEPTH))
        found = [] if len(plain) > 1 else list(_found(walk, plain[0], bool(choices)))
        yield from found or plain
        for chosen in [] if _is_the_same(plain) and not found else choices:
            if may_run(job, chosen, chosen):
                name = f"{job.id}{_suffix(chosen)}"
                told = {output: option for output in (found[0].found if found else ()) for option in chosen.values()}
                by_hand = Job(name, job, job, chosen, (), (), chosen=chosen, found=told)
                yield from _with_called(walk, by_hand, _MAX_DEPTH)


def _found(walk: Walk, job: Job, is_chosen: bool) -> Iterator[Job]:
    """A job once for each environment that an earlier one finds; none where not all of what it finds can be read."""
    workflow = str(job.job.attributes["workflow"])
    taken = output_taken([job.job.attributes, *(each.running.attributes for each in job.steps)])
    if taken is None or taken[0] not in job.job.attributes["needs"]:
        return
    found = found_environments(walk, workflow, taken)
    if CHOSEN in found.values() and not is_chosen:
        return
    by_value: dict[str, set[str]] = {}
    for scenario, value in found.items():
        if value != CHOSEN and value.lower() not in NOWHERE:
            by_value.setdefault(value, set()).add(scenario.name)
    for number, (value, names) in enumerate(by_value.items()):
        told = {".outputs.".join(taken): value}
        name = f"{job.name} ({value})" if number else job.name
        yield structs.replace(job, name=name, found=told, only=frozenset(names))


def _choices(walk: Walk, workflow: str) -> list[Mapping[str, str]]:
    """The environments between which whoever starts a workflow by hand chooses, where their names tell the stage.

    Beside production, one whose name tells nothing is no stage on the way there.
    """
    for name, options in walk.workflows.options(workflow).items():
        stages = {option: stage_of_environment(option) for option in options}
        if ENVIRONMENT_INPUT.fullmatch(name) and "production" in stages.values():
            return [{name: option} for option, stage in stages.items() if stage]
    return []


def _is_the_same(plain: Sequence[Job]) -> bool:
    """Whether a job has its stage in its name, and nothing of it turns on what is chosen: `Deploy to staging`."""
    first, *called = plain
    written = [first.job.attributes, *(walked.running.attributes for walked in first.steps)]
    is_named = not called and bool(stage_of(first.said_name))
    return is_named and not any(_TAKES_CHOICE.search(str(each)) for each in written)


def _suffix(chosen: Mapping[str, str]) -> str:
    return "".join(f" ({option})" for option in chosen.values() if option)


def _with_called(walk: Walk, job: Job, depth: int) -> Iterator[Job]:
    """The job itself, ready, and under it those of the workflow that it calls."""
    needs = job.job.attributes["needs"]
    if job.job is job.root:
        names = [f"{job.job.attributes['workflow']}#{needed}{_suffix(job.chosen)}" for needed in needs]
    else:
        names = [f"{job.name.rpartition('/')[0]}/{needed}" for needed in needs]
    before = (*job.before, *names)
    if "uses" not in job.job.attributes or not depth:
        steps = _steps(walk, job.job, job.inputs)
        yield Job(job.name, job.root, job.job, job.inputs, steps, before, chosen=job.chosen, found=job.found)
        return
    path = called_workflow(job.job)
    given = filled(job.job.attributes.get("with", {}), job.scope)
    inside = given if isinstance(given, dict) else {}
    every = [other for other in walk.workflows.jobs.values() if other.attributes["workflow"] == path]
    inner = {f"{job.name}/{other.attributes['job_id']}": other for other in every if may_run(other, inside, job.chosen)}
    yield Job(job.name, job.root, job.job, job.inputs, (), before, tuple(inner), job.chosen)
    for name, other in inner.items():
        under = Job(name, job.root, other, inside, (), before, chosen=job.chosen)
        yield from _with_called(walk, under, depth - 1)


def _steps(walk: Walk, job: Resource, inputs: Mapping[str, Any]) -> tuple[Walked, ...]:
    own = walk.of_job(job.id)
    if not inputs:
        return tuple(own)
    return tuple(
        Walked(running, commands_of_step(walk.tree, running), own[0].started, order)
        for order, running in enumerate(walk.workflows.steps(job, [inputs]))
        if own and all(is_met(condition, inputs) for condition in running.conditions)
    )
