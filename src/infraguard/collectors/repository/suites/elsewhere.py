"""Pipelines of other systems than GitHub Actions: they are not read, and may be where the tests run."""

from __future__ import annotations

from typing import Final

from infraguard.collectors.repository.found import UNIT, Found
from infraguard.collectors.repository.suites.runs import speaks_of_tests
from infraguard.collectors.repository.suites.tools import NAMES
from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

KINDS: Final = ("test_command", "tool_run")
#: Where each system looks for its pipeline, by its own reference.
PIPELINES: Final = pattern(
    r"""(?x)
    \.gitlab-ci\.ya?ml | \.circleci/config\.ya?ml | (.*/)?Jenkinsfile | (.*/)?azure-pipelines\.ya?ml
    | bitbucket-pipelines\.yml | \.travis\.yml | (.*/)?buildspec\.ya?ml | \.buildkite/pipeline\.ya?ml
    | \.drone\.ya?ml | \.woodpecker\.ya?ml | (ci|concourse)/pipeline\.ya?ml | cloudbuild\.ya?ml"""
)
#: What leads to a tool that judges code: its name, a word for what it does, or something that may run it in turn.
_MAY_RUN_TOOLS: Final = pattern(
    rf"(?i)(?<![\w-])(?:{'|'.join(NAMES)}|ruff|make|just|task|tox|nox|hatch|poe|inv(?:oke)?|pre-commit|prek|npm|yarn|pnpm"
    r"|lint\w*|audit|scan\w*|sast|dast|security|quality|checks?|fmt|format|compose|include|extends?|templates?|orbs?|library"
    r"|docker run|podman run)(?![\w-])|\.(?:sh|py|groovy)\b"
)
_REMEDY: Final = "run the tests in a GitHub workflow, or leave the gates on tests to that system with --exclude"


def pipelines_elsewhere(tree: Tree) -> Found:
    """A gap for each pipeline of another system that speaks of tests, or that cannot be read."""
    found = ((path, _hidden(tree, path)) for path in tree.paths if PIPELINES.fullmatch(path))
    return Found(gaps=tuple(_gap(path, kinds) for path, kinds in found if kinds))


def _hidden(tree: Tree, path: str) -> tuple[str, ...]:
    """What a pipeline may run of what workflows are asked for."""
    try:
        text = tree.read(path)
    except Unreadable:
        return KINDS
    if not speaks_of_tests(text):
        return ()
    return KINDS if _MAY_RUN_TOOLS.search(text) else ("test_command",)


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
