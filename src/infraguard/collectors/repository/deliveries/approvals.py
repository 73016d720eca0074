"""Who is asked before a deployment: the environment that it waits for, and jobs that wait for somebody before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from infraguard.collectors.repository.actions.filling import filled
from infraguard.collectors.repository.deliveries.stages import stage_of_environment
from infraguard.collectors.repository.deliveries.unfolded import ENVIRONMENT_INPUT, Job
from infraguard.collectors.repository.deliveries.words import Said
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

#: What a job, or a step of it, is called that is there for somebody to let the rest go on.
_WAITS: Final = pattern(r"(?i)(?<![a-z])(?:approv(?:e|al|ed)|manual|sign-?off|go[-_ ]?no[-_ ]?go)(?![a-z])")
#: An input of a called workflow that is by its name the environment that GitHub guards.
_GUARDED: Final = pattern(r"(?i)(?:github|gh)[-_]?environment(?:[-_]?name)?")


def is_approved(job: Job, said: Said, earlier: Sequence[tuple[Job, Said]]) -> bool:
    """Whether somebody is asked: at the job itself, or at one before it that only waits."""
    return bool(job.environment) or said.asks or any(what.asks or _only_waits(other) for other, what in earlier)


def _only_waits(job: Job) -> bool:
    named = " ".join((job.said_name, *(str(each.running.attributes.get("name", "")) for each in job.steps)))
    return bool(job.environment) and bool(_WAITS.search(named))


def environment_name(job: Job) -> Any:
    """The environment that a job is guarded by, also one that a workflow from elsewhere is told.

    What is told as an environment that GitHub guards is one; another may be no more than a name.
    """
    if job.environment or job.calls or "uses" not in job.job.attributes:
        return job.environment
    given = filled(job.job.attributes.get("with"), job.scope)
    told = {name: str(value) for name, value in (given.items() if isinstance(given, dict) else ())}
    guarded = next((value for name, value in told.items() if _GUARDED.fullmatch(name)), "")
    if guarded:
        return guarded
    named = next((value for name, value in told.items() if ENVIRONMENT_INPUT.fullmatch(name)), "")
    if stage_of_environment(named) != "production":
        return ""
    called = str(job.job.attributes["uses"]).partition("@")[0]
    reason = f"whether {called} waits for the environment {named} stands in another repository"
    return Unknown(reason, (named,), remedy="let a job of this repository wait for the environment before it")
