"""What stands before a run of tests in its job: the code, a Python, the dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from infraguard.collectors.repository.actions.jobs import version_in
from infraguard.collectors.repository.suites.followed import Command
from infraguard.collectors.repository.suites.programs import name_of
from infraguard.collectors.repository.suites.recipes import joined, upwards
from infraguard.collectors.repository.suites.walked import Walk, Walked
from infraguard.model.values import Holder, Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

_PYTHONS: Final = (
    "actions/setup-python",
    "astral-sh/setup-uv",
    "pdm-project/setup-pdm",
    "conda-incubator/",
    "mamba-org/",
    "prefix-dev/setup-pixi",
)
_VERSION: Final = pattern(r"(?m)^(?:python[ \t]+)?(3\.\d+(?:\.\d+)?)\s*(?:#.*)?$")
#: One version at a time is set up for what a project requires: the newest that fits.
_REQUIRED: Final = pattern(r"(?m)^requires-python[ \t]*=[ \t]*[\"']([^\"'\n]+)[\"']")
_EXACT: Final = pattern(r"(?:==?\s*)?(3\.\d+)(?:\.(?:\d+|\*))?\Z")
#: A range that has one series in it.
_WITHIN: Final = pattern(r">=\s*3\.(\d+)(?:\.\d+)?\s*,\s*<\s*3\.(\d+)(?:\.0)?\Z")
_PIXI: Final = pattern(r"\bpixi run\b")
#: What pixi is asked for among the programs of an environment.
_BY_PIXI: Final = pattern(r"(?m)^python[ \t]*=[ \t]*[\"']([^\"'\n]+)[\"']")
_SERIES: Final = pattern(r"(3\.\d+)(?:\.(?:\d+|x)|-dev|\.\d+-\S+)?\Z")
#: The image of Python that another begins with, and its version.
_BASE: Final = pattern(r"(?mi)^FROM\s+(?:--\S+\s+)*\S*python:(3\.\d+)")
#: What a workflow, an environment or a repository is set to: one version, where a matrix may have several.
_SETTING: Final = pattern(r"\$\{\{\s*(?:env|vars)\.")
_UV_INSTALLS: Final = pattern(r"\buv python install((?:[ \t]+3\.\d+(?:\.\d+)?)+)")
_INSTALLS: Final = pattern(
    r"\b(?:pip3?|uv pip|poetry|pdm|pipenv|conda|mamba|hatch|rye)\b.*\b(?:install|sync|create)\b|\buv (?:sync|run|pip)\b"
    r"|\$\{?(?i:\w*pip3?|uv|poetry)\}?\"? (?:install|sync)\b|\btox\b|\bnox\b|\bhatch\b|\bpixi (?:run|install)\b"
    r"|\bmake (?:install|setup|deps|bootstrap)"
)


def prepared(walk: Walk, walked: Walked, command: Command) -> list[str] | Unknown:
    """Which of `checkout`, `python` and `dependencies` the job has when it comes to a step; the step counts as well.

    What an image has of them, in which the job or the command runs, is not known.
    """
    before = [step for step in walk.of_job(walked.running.job.id) if step.order <= walked.order]
    found = []
    if any(step.running.uses.startswith("actions/checkout@") for step in before):
        found.append("checkout")
    if any(step.running.uses.startswith(_PYTHONS) for step in before) or _has_python(walked, before):
        found.append("python")
    if any(_INSTALLS.search(text) for step in before for text in _texts(step)):
        found.append("dependencies")
    made = command.context.image
    found += ["python"] if "python" not in found and _BASE.search(made) else []
    found += ["dependencies"] if "dependencies" not in found and _INSTALLS.search(made) else []
    image = walked.running.job.attributes.get("container")
    within = "job" if image else "command" if command.in_service else ""
    if (within or command.hidden) and not {"python", "dependencies"} <= set(found):
        reason = f"the {within} runs in an image that may have them" if within else command.hidden
        return Unknown(reason, (walked.running.job.id,), remedy="set Python up and install the dependencies in the job")
    return found


def _has_python(walked: Walked, before: Iterable[Walked]) -> bool:
    container = walked.running.job.attributes.get("container", "")
    return "python" in str(container) or any("uv python install" in text for step in before for text in _texts(step))


def _texts(step: Walked) -> list[str]:
    return [str(step.running.attributes.get("run", "")), *(" ".join(words) for c in step.commands for words in c.chain)]


def python_versions(walk: Walk, walked: Walked, command: Command) -> Any:
    """The versions of Python that the job of a step sets up, as `3.12`; unknown where it names none.

    In a container it is the one of its image.
    """
    job = walked.running.job
    if command.in_service:
        base = _BASE.search(command.context.image)
        if base:
            return [base[1]]
        reason = "the image of the service names no version of Python"
        remedy = "name the version in the tag of its base image"
        return Unknown(reason, (job.id,), remedy=remedy, held_by=Holder.IMAGE)
    found = job.attributes.get("python_versions")
    if not found or isinstance(found, Unknown):
        set_up = list(_set_up(walk, job.id)) or list(_by_manager(walk, walked))
        found = set_up or _installed_by_uv(walk, walked) or found
    if isinstance(found, list) and found:
        unread = next((version for version in found if isinstance(version, Unknown)), None)
        return unread or list(dict.fromkeys(_series(version) for version in found))
    reason, remedy = "the job names no version of Python", "set the versions up by a matrix of actions/setup-python"
    return found or Unknown(reason, (job.id,), remedy=remedy, held_by=Holder.RUNNER)


def _set_up(walk: Walk, job: str) -> Iterator[Any]:
    """The versions that the steps of a job set up, those of actions of the repository too."""
    for step in walk.of_job(job):
        if not step.running.uses.startswith(_PYTHONS):
            continue
        asked, file = (step.running.settings.get(key) for key in ("python-version", "python-version-file"))
        if "${{" in str(asked):
            held_by = Holder.SETTINGS if _SETTING.match(str(asked)) else Holder.NOBODY
            reason, remedy = f"the version is {asked}", "name the versions in the workflow"
            yield Unknown(reason, (str(asked),), remedy=remedy, held_by=held_by)
        elif asked:
            yield from str(asked).split()
        elif file:
            yield _version_in(walk.tree, str(file))


def _by_manager(walk: Walk, walked: Walked) -> Iterator[str]:
    """The version that uv or pixi takes for a step by itself: of `.python-version`, else the only one that is required.

    The first is for uv alone; pixi has Python among what its environment is made of.
    """
    script = str(walked.running.attributes.get("run", ""))
    by_pixi = "pixi" if _PIXI.search(script) else ""
    asked = {(_manager_of(command) or by_pixi, command.context.folder) for command in walked.commands}
    for name, folder in sorted(each for each in asked if each[0]):
        project = text_or_empty(walk.tree, joined(folder, "pyproject.toml"))
        if name == "uv":
            texts = [text_or_empty(walk.tree, joined(inside, ".python-version")) for inside in upwards(folder)]
            given = next((match[1] for text in texts if (match := _VERSION.search(text))), None)
        else:
            given = _BY_PIXI.search(text_or_empty(walk.tree, joined(folder, "pixi.toml")) + project)
            given = given and _one_of(given[1])
        required = _REQUIRED.search(project)
        if given := given or (required and _one_of(required[1])):
            yield given


def _manager_of(command: Command) -> str:
    """uv, where it is around a command; of pixi, whose tasks are followed, the step tells."""
    return "uv" if any(name_of(words) == "uv" for words in command.chain) else ""


def _one_of(required: str) -> str:
    """The one series that a requirement has in it; empty where it has more."""
    exact, within = _EXACT.match(required), _WITHIN.match(required)
    if within and int(within[2]) == int(within[1]) + 1:
        return f"3.{within[1]}"
    return exact[1] if exact else ""


def _installed_by_uv(walk: Walk, walked: Walked) -> list[str]:
    """The only version that the job installs by `uv python install` before a step."""
    texts = (text for step in walk.of_job(walked.running.job.id) if step.order <= walked.order for text in _texts(step))
    found = {version for text in texts for asked in _UV_INSTALLS.findall(text) for version in asked.split()}
    return sorted(found) if len(found) == 1 else []


def _version_in(tree: Tree, path: str) -> Any:
    """The version that a file names, as pyenv, uv and asdf read it, or what a project requires."""
    named = (_REQUIRED if path.endswith(".toml") else _VERSION).search(text_or_empty(tree, path))
    return named[1] if named else version_in(path)


def _series(version: Any) -> str:
    """`3.12` of `3.12.4`, `3.12.x` and `3.12-dev`; any other text as it is."""
    found = _SERIES.match(str(version))
    return found[1] if found else str(version)
