"""What a repository is: the one `repository` resource, by which policies tell whether they apply."""

from __future__ import annotations

import re
from typing import Any

from infraguard.collectors.repository.actions.workflows import FAMILY as WORKFLOWS
from infraguard.collectors.repository.docker.stages import FAMILY as DOCKERFILES
from infraguard.collectors.repository.found import UNIT
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location
from infraguard.readers.tree import Tree

KINDS = ("repository",)
_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml\Z")
_TESTS = re.compile(r"(?:test_[^/]*|[^/]*_test|conftest)\.py\Z")


def _summary(tree: Tree) -> dict[str, Any]:
    names = [path.rpartition("/")[2] for path in tree.paths]
    return {
        "has_python": any(name.endswith(".py") for name in names),
        "has_python_tests": any(_TESTS.match(name) for name in names),
        "has_terraform": any(name.endswith((".tf", ".tf.json")) for name in names),
        "has_dockerfile": any(DOCKERFILES.wants(path) for path in tree.paths),
        "has_compose": any(_COMPOSE.match(name) for name in names),
        "has_workflows": any(WORKFLOWS.wants(path) for path in tree.paths),
        "has_alembic": "alembic.ini" in names,
        "has_javascript": "package.json" in names,
        "files": len(names),
    }


def repository(tree: Tree, name: str) -> Resource:
    """The resource that stands for the whole repository. It can be told from the names of files alone."""
    return Resource(
        kind="repository",
        id=UNIT,
        source=Source.REPO,
        unit=UNIT,
        attributes={"name": name, **_summary(tree)},
        location=Location(file="."),
    )
