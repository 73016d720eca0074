"""Whether a release that fails is taken back: by a step of the job, by the tool that deploys, or by the service."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from infraguard.collectors.repository.remembering import once
from infraguard.collectors.repository.suites.walked import Walked
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

_BACK: Final = pattern(
    r"(?i)roll-?\s?_?back|rollout\s+undo|stop-deployment[^\n]*auto-rollback-enabled|--atomic\b|rollback-on-failure"
    r"|(?:\bdocker|update-service|set\s+image|\bln\s+-s)[^\n]*\b(?:PREV(?:IOUS)?|LAST_GOOD)_(?:IMAGE|TAG|VERSION|RELEASE|TASK_DEF)"
)
_GOES_BACK: Final = pattern(r"(?i)roll-?\s?_?back|rollout\s+undo")
_AFTER_FAILURE: Final = pattern(r"failure\(\)|always\(\)|cancelled\(\)")
#: A service of ECS, and what else may take back what it was given.
_OF_SERVICE: Final = pattern(r"(?i)amazon-ecs-deploy-task|ecs\s+update-service")
_MAY_GO_BACK: Final = pattern(
    r"(?i)amazon-ecs-deploy|ecs\s+update-service|codedeploy|create-deployment|deploy\s*\Z|\.py\b"
)
#: The service that a command of ECS names, and the name of one that Terraform declares: its end, behind what is put in.
_NAMED: Final = pattern(
    r"(?i)ecs\s+update-service\b(?:\\\n|[^\n;&|]){0,1000}?--service[\s=]+[\"']?(?P<name>[\w.-]+)(?![\w.$-])"
)
_NAME: Final = pattern(r"""(?m)^[ \t]*name\s*=\s*"(?P<begin>[^"\n]*\})?(?P<end>[\w.-]+)"[ \t]*$""")
#: A service that Terraform declares, up to the next block.
_SERVICE: Final = pattern(
    r"""(?ms)^[ \t]*resource\s+"aws_ecs_service"\s"""
    r"""(?:(?!^[ \t]*(?:resource|module|data|output|locals|variable)\b).)*"""
)
_GOES_BACK_BY_ITSELF: Final = pattern(
    r"deployment_circuit_breaker\s*{(?=[^}]*\benable\s*=\s*true\b)[^}]*\brollback\s*=\s*true\b"
)
_SERVICE_GOES_BACK: Final = pattern(r"(?m)^[^#\n]*(?:circuit_breaker|auto_rollback|\balarms\s*\{|CODE_DEPLOY)")
_REMEDY: Final = "roll back in a step of the job with `if: failure()`, or judge the Terraform of the service beside it"


def rolls_back(tree: Tree, steps: Sequence[Walked], texts: Sequence[str], deploying: Sequence[int]) -> Any:
    """Whether a failure brings back what ran before: by a step after it, or by what deploys."""
    for walked, text in zip(steps, texts, strict=True):
        conditions = " ".join(str(condition) for condition in walked.running.conditions)
        if _AFTER_FAILURE.search(conditions) and _BACK.search(f"{walked.running.attributes.get('name', '')} {text}"):
            return True
    text = "\n".join(texts[index] for index in deploying)
    if _BACK.search(text):
        return True
    declared = _declared_services(tree) if _OF_SERVICE.search(text) else []
    named = _services_named(text, declared)
    if declared and all(map(_GOES_BACK_BY_ITSELF.search, named or declared)):
        return True
    if named and not any(map(_SERVICE_GOES_BACK.search, named)):
        return False
    if not _MAY_GO_BACK.search(text) or (declared and _stays(tree)):
        return False
    return Unknown("the service that it deploys to may roll back by itself", ("deployment",), remedy=_REMEDY)


def is_way_back(walked: Walked) -> bool:
    """Whether a step is there to take a release back, and does not deploy one first."""
    own = f"{walked.running.attributes.get('name', '')} {walked.running.attributes.get('run', '')}"
    return bool(_GOES_BACK.search(own)) and "deploy " not in own.lower().split("roll")[0]


def speaks_of_rolling_back(name: str) -> bool:
    """Whether a name says that something is taken back."""
    return bool(_BACK.search(name))


def _declared_services(tree: Tree) -> list[str]:
    """The services of ECS that the Terraform of the repository declares, each with what is in it."""
    return once(
        tree,
        "declared services",
        lambda: [found[0] for text in _terraform(tree) for found in _SERVICE.finditer(text)],
    )


def _services_named(text: str, declared: Sequence[str]) -> list[str]:
    """The declared services that a text deploys to, by their names; none where one cannot be told."""
    names = [_NAME.search(service) for service in declared]
    meant = [
        [service for name, service in zip(names, declared, strict=True) if name and _is_end(name, found["name"])]
        for found in _NAMED.finditer(text)
    ]
    is_told = all(names) and len(meant) == len(_OF_SERVICE.findall(text))
    return [services[0] for services in meant] if is_told and all(len(each) == 1 for each in meant) else []


def _is_end(name: re.Match[str], called: str) -> bool:
    """Whether a service that is called so may be the one whose name is declared."""
    return called.endswith(name["end"]) if name["begin"] else called == name["end"]


def _stays(tree: Tree) -> bool:
    """Whether nothing is declared by which a service rolls back."""
    return once(tree, "services stay", lambda: not any(map(_SERVICE_GOES_BACK.search, _terraform(tree))))


def _terraform(tree: Tree) -> list[str]:
    return [text_or_empty(tree, path) for path in tree.paths if path.endswith(".tf")]
