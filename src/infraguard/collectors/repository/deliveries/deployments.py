"""Deployments: the jobs that put a release where it runs, with what happens before, in and around them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import structs

from infraguard.collectors.repository.actions.starts import Started
from infraguard.collectors.repository.deliveries.approvals import environment_name, is_approved
from infraguard.collectors.repository.deliveries.called import is_called_deployment
from infraguard.collectors.repository.deliveries.conditions import condition_under
from infraguard.collectors.repository.deliveries.digests import by_digest
from infraguard.collectors.repository.deliveries.only_one import is_only_one
from infraguard.collectors.repository.deliveries.outer import DEPLOYS, asked_for, is_called_to_deploy
from infraguard.collectors.repository.deliveries.releasing import applies_infrastructure
from infraguard.collectors.repository.deliveries.schema_steps import follows, migrates
from infraguard.collectors.repository.deliveries.stages import LESSER, STAGES, stage_of, stage_of_environment
from infraguard.collectors.repository.deliveries.tasks import task_runs
from infraguard.collectors.repository.deliveries.unfolded import ENVIRONMENT_INPUT, Job, unfolded
from infraguard.collectors.repository.deliveries.words import Said, not_read, says
from infraguard.collectors.repository.found import UNIT
from infraguard.collectors.repository.suites.runs import suite_run
from infraguard.collectors.repository.suites.walked import Walk, Walked
from infraguard.model.evidence import Environment, Resource, Source
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

#: What is put beside a service to watch or to reach it, where the name of the job speaks of nothing else.
_BESIDE: Final = pattern(
    r"(?i)monitoring|logging|log-?(?:aggregation|s)\b|observab|(?<![a-z])(?:elk|efk|elastic\w*|kibana|logstash|filebeat|fluent\w*"
    r"|sentry|prometheus|grafana|alertmanager|loki|cert-?manager|ingress(?:-nginx)?|metrics-server|external-dns)(?![a-z])"
)
_OF_SERVICE: Final = pattern(
    r"(?i)(?<![a-z])(?:apps?|application|api|services?|backend|frontend|web|workers?|release)(?![a-z])"
)
#: A variable of Terraform by which it gets an image, or the tag of one.
_IS_TOLD_IMAGE: Final = pattern(
    r"(?i)(?:\bTF_VAR_|-var[= ]+[\"']?)\w*(?:image(?:_?ur[il])?|(?:image|container|docker|release)\w*"
    r"(?:tag|version|digest|sha))[\"']?\s*[:=]\s*[\"']?[^\s\"']"
)
#: An environment that whoever starts the workflow gives; what stands behind it in the expression is the default.
_CHOSEN = pattern(r"\$\{\{[^}]*\binputs\.([\w-]+)[^}]*\}\}")


def deployments(walk: Walk) -> Iterator[Resource]:
    """One `deployment` for each job that deploys, as often as it is called or started with other inputs."""
    jobs = {job.name: job for job in unfolded(walk)}
    every = {name: _said(walk, job) for name, job in jobs.items()}
    every |= {name: _as_release(walk, job) for name, job in jobs.items() if _brings_release(job, jobs, every)}
    found = {job.name: job for job in jobs.values() if _is_release(job, every[job.name])}
    released = {_stage(job, every[name]) for name, job in found.items()}
    if "" not in released:
        yield from _of_infrastructure(walk, jobs, every, released)
    yield from task_runs(jobs, every, found)
    runs = {name: _runs(walk, job, every[name]) for name, job in found.items()}
    unnamed = _stage_of_unnamed(walk, found, every)
    seen: dict[tuple[str, str], set[str]] = {}
    for job in found.values():
        if _is_of_its_own(job, found, runs, every):
            made = _resource(walk, job, jobs, every, unnamed)
            started = seen.setdefault((job.root.id, job.job.id), set())  # what starts the same steps elsewhere
            made.attributes["repeats"] = job.is_chosen and bool(started) and started.issuperset(runs[job.name])
            started.update(runs[job.name])
            yield made


def _is_release(job: Job, said: Said) -> bool:
    """Whether a job puts a release in place: neither the way back alone, nor a tool beside the service."""
    is_beside = _BESIDE.search(job.own_name) and not _OF_SERVICE.search(job.own_name) and not said.builds
    return bool(said.deploys) and not said.only_back and not is_beside


def _is_of_its_own(
    job: Job, found: Mapping[str, Job], runs: Mapping[str, Sequence[str]], every: Mapping[str, Said]
) -> bool:
    """Whether a job is told from what it is when somebody chooses its environment.

    One that other events start too has the environment of those, and is beside it what is chosen otherwise.
    """
    if job.fixed_stage:
        return not job.is_chosen
    same = [other for other in found.values() if other.job is job.job and other.root is job.root]
    plain = [each for each in same if not each.is_chosen and not all(map(_is_manual, runs[each.name]))]
    if not job.is_chosen:
        return job in plain or not any(each.is_chosen and runs[each.name] for each in same)
    stages = {_stage(each, every[each.name]) for each in plain}
    return bool(runs[job.name]) and job.chosen_stage not in stages


def _is_manual(run: str) -> bool:
    return run.startswith("manual")


def _started(walk: Walk, job: Job, said: Said) -> Started:
    conditions = [condition_under(job.job, job.inputs, job.chosen), True if job.inputs else said.condition]
    return walk.starts.of(str(job.root.attributes["workflow"]), conditions, job=job.root.id).within(job.only)


def _runs(walk: Walk, job: Job, said: Said) -> list[str]:
    """What starts a job; what is chosen is chosen by hand."""
    return [name for name in _started(walk, job, said).names() if not job.is_chosen or _is_manual(name)]


def _brings_release(job: Job, jobs: Mapping[str, Job], every: Mapping[str, Said]) -> bool:
    """Whether a job brings infrastructure up to date with a release.

    Either it, or a job that it waits for, built or pushed an image; or Terraform is told the tag of one; or it is
    called after deploying, and takes what was built before.
    """
    said = every[job.name]
    if said.deploys or not applies_infrastructure(said.text):
        return False
    takes_archive = DEPLOYS.search(job.own_name) and any(map(_takes_what_was_built, job.steps))
    if takes_archive or _IS_TOLD_IMAGE.search(said.text):
        return True
    return any(what.builds or what.pushes for what in (said, *(every[each.name] for each in _all_before(job, jobs))))


def _of_infrastructure(
    walk: Walk, jobs: Mapping[str, Job], every: Mapping[str, Said], released: Collection[str]
) -> Iterator[Resource]:
    """Jobs that bring infrastructure up to date in what is called a deployment to an environment of no release."""
    called = [job for job in jobs.values() if is_called_deployment(str(job.root.attributes["workflow"]))]
    found = [job for job in called if applies_infrastructure(every[job.name].text)]
    said = {**every, **{job.name: _as_release(walk, job) for job in found}}
    for job in found:
        if not job.is_chosen and _stage(job, said[job.name]) not in released:
            yield structs.replace(_resource(walk, job, jobs, said), kind="infrastructure_deployment")


def _takes_what_was_built(walked: Walked) -> bool:
    """Whether a step takes an artifact of an earlier job; a plan of Terraform is none that runs."""
    name = str(walked.running.settings.get("name", ""))
    return walked.running.uses.startswith("actions/download-artifact@") and bool(name) and "plan" not in name.lower()


def _as_release(walk: Walk, job: Job) -> Said:
    return says(walk.tree, job.steps, job.said_name, applies=True)


def _said(walk: Walk, job: Job) -> Said:
    """What the steps of a job do, taken together; a job that calls a workflow from elsewhere may do anything."""
    called = str(job.job.attributes.get("uses", ""))
    if "@" in called and not job.calls and is_called_to_deploy(called.partition("@")[0], job):
        hidden = not_read(f"what the workflow {called.partition('@')[0]} does stands in another repository")
        facts: dict[str, Any] = dict.fromkeys(("rolls_back", "checks_health", "canary", "blue_green", "hidden"), hidden)
        return Said(deploys=called, text=str(job.job.attributes.get("with", "")), **facts)
    is_outer = "@" in called and not job.calls
    return says(walk.tree, job.steps, f"{job.said_name} {asked_for(job)}" if is_outer else job.said_name)


def _all_before(job: Job, jobs: Mapping[str, Job]) -> list[Job]:
    """Every job that has run when this one starts, those included that called workflows are made of."""
    found: dict[str, Job] = {}
    waiting = list(job.before)
    while waiting:
        other = jobs.get(waiting.pop())
        if other is None or other.name in found or other.name == job.name:
            continue
        found[other.name] = other
        waiting += [*other.before, *other.calls]
    return list(found.values())


def _stage_of_unnamed(walk: Walk, found: Mapping[str, Job], every: Mapping[str, Said]) -> str:
    """The stage of deployments to an environment without a name: production, where the repository knows no other."""
    is_named = any(job.environment or job.is_chosen or _stage(job, every[name]) for name, job in found.items())
    names, texts = [job.said_name for job in found.values()], [every[name].text for name in found]
    return "production" if not is_named and is_only_one(walk.tree, names, texts) else ""


def _resource(walk: Walk, job: Job, jobs: Mapping[str, Job], every: Mapping[str, Said], unnamed: str = "") -> Resource:
    said = every[job.name]
    earlier = [(other, every[other.name]) for other in _all_before(job, jobs)]
    before = [what for _, what in earlier]
    runs = _runs(walk, job, said)
    by_hand = bool(runs) and all(name.startswith(("manual", "release", "push of a tag")) for name in runs)
    stage = _stage(job, said) or unnamed
    is_chosen = by_hand and stage != "production" and _may_be_production(walk, job)
    doubt = _chosen(job) if is_chosen else "" if stage else _stage_untold(job)
    staging = [other for other, what in earlier if what.deploys and _stage(other, what) == "staging"]
    has_image = any(what.builds or what.pushes for what in (said, *before))
    takes_archive = not has_image and any(map(_takes_what_was_built, job.steps))
    attributes: dict[str, Any] = {
        "workflow": str(job.root.attributes["workflow"]),
        "job": job.job.id,
        "stage": doubt or stage,
        "every_environment": job.has_every_environment,
        "environment_name": environment_name(job),
        "by": said.deploys,
        "starts_on": runs,
        "pushes": "never" if job.is_chosen else _started(walk, job, said).brought(walk.main),
        "approval": is_approved(job, said, earlier),
        "only_by_hand": by_hand,
        "rolls_back": said.rolls_back,
        "canary": said.canary,
        "blue_green": said.blue_green,
        "checks_health": said.checks_health,
        "by_digest": _by_digest(job, said),
        "builds": said.builds,
        "after_build": any(what.builds for _, what in earlier),
        "takes_archive": takes_archive,
        "after_staging": bool(staging) or (_archive_untold(job) if takes_archive else False),
        "after_integration_tests": _tested(walk, earlier, staging),
        "migrates": migrates(walk, said, earlier, follows=follows(job, jobs, every)),
        "ignored_failure": job.job.attributes.get("continue_on_error", False) or said.leaves_task,
    }
    return Resource(
        kind="deployment",
        id=job.name,
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=job.job.location,
        environment=Environment(stage) if stage in STAGES and not doubt else Environment.UNKNOWN,
        references={**job.job.references, "job": (job.job.id,)},
    )


def _may_be_production(walk: Walk, job: Job) -> bool:
    """Whether whoever starts the job chooses its environment, and not among lesser ones only."""
    chosen = _CHOSEN.search(job.environment)
    options = walk.workflows.options(str(job.root.attributes["workflow"])).get(chosen[1], []) if chosen else []
    return chosen is not None and not (options and all(stage_of_environment(each) in LESSER for each in options))


def _chosen(job: Job) -> Unknown:
    reason = "who starts it chooses the environment, production included"
    return Unknown(reason, (job.name,), remedy="give each environment a job of its own")


def _archive_untold(job: Job) -> Unknown:
    reason = "it takes an archive, and nothing tells whether staging had the same"
    return Unknown(reason, (job.name,), remedy="let the job wait for the one that deploys the archive to staging")


def _stage_untold(job: Job) -> Unknown:
    other = _other_stage(job)
    reason = f"its environment is {job.environment}, and its input {other[0]} is {other[1]}" if other else ""
    return Unknown(
        reason or "no name tells which environment it deploys to", (job.name,), remedy="name the environment of the job"
    )


def _stage(job: Job, said: Said) -> str:
    """The stage that a job deploys to; empty where nothing tells it, or its environment and an input contradict."""
    if _other_stage(job):
        return ""
    named = stage_of_environment(job.environment) or job.chosen_stage or stage_of(job.name.partition("#")[2])
    return named or stage_of_environment(job.said_name) or job.told_stage or stage_of(said.text)


def _other_stage(job: Job) -> tuple[str, str] | None:
    """An input by which a job is given a stage that is not the one of its environment, with its value."""
    stage = stage_of_environment(job.environment)
    given = {} if job.job is job.root else job.inputs
    told = {name: str(value) for name, value in given.items() if ENVIRONMENT_INPUT.fullmatch(name)}
    others = ((name, value) for name, value in told.items() if stage_of_environment(value) not in ("", stage))
    return next(others, None) if stage else None


def _by_digest(job: Job, said: Said) -> Any:
    own = f"{job.inputs} {job.job.attributes.get('with', '')} {job.job.attributes.get('env', '')}"
    return by_digest(job.name, f"{own} {said.text}", said.release, said.hidden)


def _tested(walk: Walk, earlier: list[tuple[Job, Said]], staging: list[Job]) -> Any:
    """Whether tests ran against staging: in a job after it was deployed, or in that job after the deployment."""
    names = {job.name for job in staging}
    for job, said in earlier:
        is_after = bool(names.intersection(job.before)) or job.name in names
        if is_after and (said.tests or _runs_suites(walk, job)):
            return True
    return False


def _runs_suites(walk: Walk, job: Job) -> bool:
    return any(suite_run(walk.tree, command) for walked in job.steps for command in walked.commands)
