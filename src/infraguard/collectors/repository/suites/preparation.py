"""What stands before a run of tests in its job: the code, a Python, the dependencies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from infraguard.collectors.repository.suites.walked import Walk, Walked
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

_PYTHONS: Final = (
    "actions/setup-python",
    "astral-sh/setup-uv",
    "pdm-project/setup-pdm",
    "conda-incubator/",
    "mamba-org/",
)
_INSTALLS: Final = pattern(
    r"\b(?:pip3?|uv pip|poetry|pdm|pipenv|conda|mamba|hatch|rye)\b.*\b(?:install|sync|create)\b|\buv (?:sync|run|pip)\b"
    r"|\btox\b|\bnox\b|\bhatch\b|\bmake (?:install|setup|deps|bootstrap)"
)


def prepared(walk: Walk, walked: Walked) -> list[str]:
    """Which of `checkout`, `python` and `dependencies` the job has when it comes to a step; the step counts as well."""
    before = [step for step in walk.of_job(walked.running.job.id) if step.order <= walked.order]
    found = []
    if any(step.running.uses.startswith("actions/checkout@") for step in before):
        found.append("checkout")
    if any(step.running.uses.startswith(_PYTHONS) for step in before) or _has_python(walked, before):
        found.append("python")
    if any(_INSTALLS.search(text) for step in before for text in _texts(step)):
        found.append("dependencies")
    return found


def _has_python(walked: Walked, before: Iterable[Walked]) -> bool:
    container = walked.running.job.attributes.get("container", "")
    return "python" in str(container) or any("uv python install" in text for step in before for text in _texts(step))


def _texts(step: Walked) -> list[str]:
    return [str(step.running.attributes.get("run", "")), *(" ".join(words) for c in step.commands for words in c.chain)]


def python_versions(walked: Walked) -> Any:
    """The versions of Python that the job of a step sets up; unknown where it names none."""
    found = walked.running.job.attributes.get("python_versions")
    if found:
        return found
    reason = "the job names no version of Python"
    return Unknown(reason, (walked.running.job.id,), remedy="set the versions up by a matrix of actions/setup-python")
