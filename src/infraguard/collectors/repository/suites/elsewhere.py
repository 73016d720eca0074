"""Pipelines of other systems than GitHub Actions: they are not read, and may be where the tests run."""

from __future__ import annotations

from typing import Final

from infraguard.collectors.repository.found import UNIT, Found
from infraguard.collectors.repository.suites.runs import speaks_of_tests
from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

KINDS: Final = ("test_command", "tool_run")
#: Where each system looks for its pipeline, by its own reference.
_PIPELINES: Final = pattern(
    r"""(?x)
    \.gitlab-ci\.ya?ml | \.circleci/config\.ya?ml | (.*/)?Jenkinsfile | (.*/)?azure-pipelines\.ya?ml
    | bitbucket-pipelines\.yml | \.travis\.yml | (.*/)?buildspec\.ya?ml | \.buildkite/pipeline\.ya?ml
    | \.drone\.ya?ml | \.woodpecker\.ya?ml | (ci|concourse)/pipeline\.ya?ml | cloudbuild\.ya?ml"""
)
_REMEDY: Final = "run the tests in a GitHub workflow, or leave the gates on tests to that system with --exclude"


def pipelines_elsewhere(tree: Tree) -> Found:
    """A gap for each pipeline of another system that speaks of tests, or that cannot be read."""
    return Found(gaps=tuple(_gap(path) for path in tree.paths if _PIPELINES.fullmatch(path) and _may_test(tree, path)))


def _may_test(tree: Tree, path: str) -> bool:
    try:
        return speaks_of_tests(tree.read(path))
    except Unreadable:
        return True


def _gap(path: str) -> Gap:
    return Gap(
        source=Source.REPO,
        scope=path,
        reason=GapReason.UNSUPPORTED,
        detail="it may run the tests, and pipelines of this system are not read",
        remedy=_REMEDY,
        unit=UNIT,
        kinds=KINDS,
        location=Location(file=path),
    )
