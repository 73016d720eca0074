"""What Dockerfiles are for: an image of the service, or one for development, for tests, for examples."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from typing import Final

from infraguard.collectors.repository.compose.builds import built
from infraguard.collectors.repository.compose.merging import is_compose
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

#: Dockerfiles that make no image of the service, by where they lie and how they are called.
_ASIDE: Final = pattern(
    r"(?:.*/)?(?:[\w.-]*devcontainer[\w-]*|tests?|testing|docs?|examples?|e2e|benchmarks?|builders?|[\w-]*perf\w*|dev|devel"
    r"|development|local|\.?localstack|mocks?|mock[-_][\w-]+|playwright|cypress)/.*"
    r"|.*[.-](?:dev|devel|development|test|tests|ci|local|debug|docs?|lint|e2e)\Z|.*(?:dev|test)\.[Dd]ockerfile\Z"
    r"|(?:.*/)?(?:[Dd]ocker|[Cc]ontainer)file[.-](?:dev|devel|development|test|local|playwright|cypress)(?:[.-].*)?\Z"
    r"|(?:.*/)?(?:dev|devel|development|test|local)[.-][\w.-]*[Dd]ockerfile\Z"
)
#: Where what a pipeline needs lies, which may be what it builds and brings out, too.
_OF_PIPELINES: Final = pattern(r"(?:.*/)?\.?(?:ci|github)/.*")
_DEVELOPS: Final = pattern(
    r"--reload\b|\bnodemon\b|\bvite\b(?! build| preview)|\b(?:npm|yarn|pnpm|bun)(?: run)? dev\b|--debug\b|\brunserver\b"
)
_PRODUCTION: Final = pattern(
    r"(?i)\.prod(?:uction)?\Z|(?:^|/)prod(?:uction)?\.dockerfile\Z|dockerfile[-_]prod(?:uction)?\Z"
)
#: Stages that are built to test or to develop, and those that are built to run.
_TRIAL: Final = pattern(
    r"(?i)(?:.*[-_.])?(?:tests?|testing|tester|dev|devel|development|devtools?|devcontainer|ci|lint(?:er)?|debug(?:ger)?"
    r"|e2e|local)(?:[-_.].*)?\Z"
)
_RELEASED: Final = pattern(r"(?i)(?:.*[-_.])?(?:prod(?:uction)?|live|release|runtime|runner|final)(?:[-_.].*)?\Z")
#: Images in which editors run.
_EDITORS: Final = pattern(r"(?i)(?:.*/)?(?:devcontainers?|vsc-[\w-]+|gitpod|codespaces?)/")
#: Images of databases and brokers, which start as root and step down by themselves.
_ENGINES: Final = pattern(
    r"(?:docker\.io/)?(?:library/|bitnami/)?(?:postgres|mysql|mariadb|mongo|redis|valkey|memcached|rabbitmq|postgresql)\Z"
    r"|(?:\S*/)?(?:postgis|pgvector|timescaledb(?:-ha)?|redis-stack(?:-server)?)\Z"
)
_TESTS: Final = pattern(
    r"\b(?:pytest|tox|nox|unittest|manage\.py\s+test|(?:make|just|task|npm(?:\s+run)?|yarn)\s+(?:[\w-]*[_-])?tests?)\b"
)


def is_aside(path: str, stage: str) -> bool:
    """Whether its path says that it is no image of the service, or lies with the pipeline and releases nothing."""
    return bool(_ASIDE.match(path)) or (bool(_OF_PIPELINES.match(path)) and not is_released(stage))


def is_trial(stage: str) -> bool:
    """Whether a stage is called after testing or developing."""
    return bool(_TRIAL.match(stage))


def is_released(stage: str) -> bool:
    """Whether a stage is called after what runs for users."""
    return bool(_RELEASED.match(stage))


def develops(base: str) -> bool:
    """Whether an image begins with one in which people write code."""
    return bool(_EDITORS.match(base))


def is_engine(base: str) -> bool:
    """Whether an image begins with one of a database or a broker: what is put into it configures that."""
    return bool(_ENGINES.match(base))


def starts_development(stage: Resource) -> bool:
    """Whether what a stage starts watches the code for changes, as servers do on a developer's machine."""
    starts = (each for each in stage.attributes["instructions"] if each["instruction"] in ("CMD", "ENTRYPOINT"))
    return any(_DEVELOPS.search(" ".join(re.findall(r"[^\s\[\]\",']+", str(each["value"])))) for each in starts)


def beside_production(path: str, every: Collection[str]) -> bool:
    """Whether another Dockerfile of its folder says that it is the one for production."""
    folder = posixpath.dirname(path)
    return any(posixpath.dirname(other) == folder and _PRODUCTION.search(other) for other in every if other != path)


def only_for_tests(tree: Tree) -> frozenset[str]:
    """The Dockerfiles that compose files build, and that each of their services runs tests with."""
    found: dict[str, list[bool]] = {}
    for path in tree.paths:
        if is_compose(path):
            for dockerfile, service in built(tree, path):
                command = service.get("command")
                text = " ".join(map(str, command)) if isinstance(command, list) else str(command)
                found.setdefault(dockerfile, []).append(bool(_TESTS.search(text)))
    return frozenset(dockerfile for dockerfile, tests in found.items() if all(tests))
