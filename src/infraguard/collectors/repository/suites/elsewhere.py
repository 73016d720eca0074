"""Pipelines of other systems than GitHub Actions: what runs when is not read, and what no word leads to is not run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.found import UNIT, Found
from infraguard.collectors.repository.nature.parts import parts
from infraguard.collectors.repository.suites.runs import speaks_of_tests
from infraguard.collectors.repository.suites.tools import TOOLS
from infraguard.model.evidence import Gap, GapReason, Resource, Source
from infraguard.model.values import Location, Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, text_or_empty

KINDS: Final = ("test_command", "tool_run")
#: Where each system looks for its pipeline, by its own reference.
PIPELINES: Final = pattern(
    r"""(?x)
    \.gitlab-ci\.ya?ml | \.circleci/config\.ya?ml | (.*/)?Jenkinsfile | (.*/)?azure-pipelines\.ya?ml
    | bitbucket-pipelines\.yml | \.travis\.yml | (.*/)?buildspec\.ya?ml | \.buildkite/pipeline\.ya?ml
    | \.drone\.ya?ml | \.woodpecker\.ya?ml | (ci|concourse)/pipeline\.ya?ml | cloudbuild\.ya?ml
    | \.taskcluster\.yml | \.cirrus\.yml | \.?appveyor\.yml | \.semaphore/semaphore\.yml | \.zuul\.yaml
    | codefresh\.yml"""
)
#: What a pipeline takes from elsewhere: parts that others wrote, and jobs of the same system.
_TAKEN: Final = pattern(
    r"(?m)^[ \t]*(?:include|extends|-?\s*template):|@Library\b|\blibrary\s*\(|\bbuild\s+job:|^[ \t]*-?\s*trigger:"
)
#: Files that a pipeline may run in turn: of runners, of containers and of shells.
_RUN: Final = pattern(
    r"""(?xi)(?:.*/)?(?:
        (?:gnu)?makefile | [^/]+\.mk | tox\.ini | noxfile\.py | tasks\.py | setup\.cfg | pyproject\.toml | justfile
      | taskfile\.ya?ml | \.pre-commit-config\.ya?ml | package\.json | [\w.-]*dockerfile[\w.-]*
      | [\w.-]*compose[\w.-]*\.ya?ml | [^/]+\.(?:sh|bash|groovy) | (?:bin|scripts?|tools)/[\w-]+
    )\Z"""
)
#: Folders with more of a pipeline, beside its own file.
_FOLDERS: Final = {
    ".circleci/config": (".circleci/",),
    ".gitlab-ci": (".gitlab/", "ci/"),
    ".buildkite/": (".buildkite/",),
    ".taskcluster": ("taskcluster/",),
    ".semaphore/": (".semaphore/",),
    ".travis": (".travis/", "ci/"),
    ".cirrus": (".cirrus/", "ci/"),
}
#: Programs that run what a file of the repository says, and how such files are called.
_RUNNERS: Final = {
    pattern(rf"(?m)(?<![\w./-])(?:{program})(?=\s+[\w$\"'-]|[\"'\],\s]*$|[\"',])"): pattern(
        rf"(?i)(?:.*/)?(?:{files})\Z"
    )
    for program, files in (
        ("make", r"(?:gnu)?makefile"),
        ("tox", r"tox\.ini|setup\.cfg|pyproject\.toml"),
        ("nox", r"noxfile\.py"),
        ("inv|invoke", r"tasks\.py"),
        ("pre-commit|prek", r"\.pre-commit-config\.ya?ml"),
    )
}
_SCRIPT: Final = pattern(r"(?<![\w:/.@$*-])(?:\./)?((?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:sh|bash|py|groovy))(?![\w/*.])")
_COVERAGE: Final = pattern(r"(?i)(?<![a-z])(?:--cov|cov(?:erage)?(?![a-z])|py(?:test)?cov)")
_VERSION: Final = pattern(r"(?i)py(?:thon)?[\W_]{0,4}(?:version[\W_]{1,4})?3\.?(\d{1,2})(?!\d)")
_REMEDY: Final = "run the tests in a GitHub workflow, or leave the gates on tests to that system with --exclude"


def pipelines_elsewhere(tree: Tree) -> Found:
    """What each pipeline of another system runs that speaks of tests; a gap for one that cannot be told."""
    return Found.merged(_read(tree, path) for path in tree.paths if PIPELINES.fullmatch(path))


def _read(tree: Tree, path: str) -> Found:
    try:
        own = tree.read(path)
    except Unreadable:
        return Found(gaps=(_gap(path, KINDS),))
    texts = [own, *(text_or_empty(tree, each) for each in beside(tree, path))]
    if not any(map(speaks_of_tests, texts)):
        return Found()
    if _TAKEN.search(own) or _leads_away(tree, own):
        return Found(gaps=(_gap(path, KINDS),))
    every = "\n".join([*texts, *(text_or_empty(tree, each) for each in tree.paths if _RUN.match(each))])
    tools = tuple(_tool(tree, path, tool) for tool, named in sorted(TOOLS.items()) if named.search(every))
    if _COVERAGE.search(every):
        return Found(tools, (_gap(path, ("test_command",)),))
    return Found((_tests(tree, path, "\n".join(texts)), *tools))


def _leads_away(tree: Tree, own: str) -> bool:
    """Whether a pipeline runs scripts that are not here, or a runner whose file is not."""
    names = {path.rpartition("/")[2] for path in tree.paths}
    if any(found.rpartition("/")[2] not in names for found in _SCRIPT.findall(own)):
        return True
    return any(program.search(own) and not any(map(files.match, tree.paths)) for program, files in _RUNNERS.items())


def beside(tree: Tree, path: str) -> Iterator[str]:
    """The files in the folders that a system has for more of its pipeline."""
    folders = next((folders for start, folders in _FOLDERS.items() if path.startswith(start)), ())
    return (each for each in tree.paths if folders and each.startswith(folders) and each != path)


def _untold(path: str) -> Unknown:
    return Unknown("pipelines of this system are read by their words only", (path,), remedy=_REMEDY)


def _resource(tree: Tree, kind: str, path: str, ending: str, attributes: dict[str, Any]) -> Resource:
    untold = _untold(path)
    shared = dict.fromkeys(("pushes", "pull_requests", "schedule_days", "runs_on_changes", "ignored_failure"), untold)
    told = {"workflow": path, "job": path, "via": [], "working_directory": ".", "parts": list(parts(tree))}
    return Resource(
        kind=kind,
        id=f"{path}/{ending}",
        source=Source.REPO,
        unit=UNIT,
        attributes={**shared, **told, **attributes},
        location=Location(file=path),
    )


def _tool(tree: Tree, path: str, tool: str) -> Resource:
    """A tool that a word leads to: whether it is run, and stops anything, is not told."""
    facts = dict.fromkeys(("checks_only", "strict", "sorts_imports", "enforced", "command"), _untold(path))
    return _resource(tree, "tool_run", path, tool, {**facts, "tool": tool})


def _tests(tree: Tree, path: str, text: str) -> Resource:
    """The tests of a pipeline in which no word is of coverage, on the versions of Python that it names."""
    untold = _untold(path)
    versions = sorted({f"3.{found}" for found in _VERSION.findall(text)})
    values = {"runner": untold, "command": untold, "prepared": untold, "python_versions": versions or untold}
    return _resource(tree, "test_command", path, "tests", {**values, "measures_coverage": False})


def _gap(path: str, kinds: tuple[str, ...]) -> Gap:
    return Gap(
        source=Source.REPO,
        scope=path,
        reason=GapReason.UNSUPPORTED,
        detail="it may run the tests, and pipelines of this system are not read",
        remedy=_REMEDY,
        unit=UNIT,
        kinds=kinds,
        location=Location(file=path),
    )
