"""What the steps of a job say that they do: deploy, roll back, migrate, check health, shift traffic, test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from infraguard.collectors.repository.suites.recipes import joined
from infraguard.collectors.repository.suites.walked import Walked
from infraguard.model.values import Unknown
from infraguard.readers.tree import Tree, Unreadable

STAGES: Final = ("production", "staging", "development")
_STAGE: Final = {
    "production": re.compile(r"(?<![a-z])(?:production|prod|prd|live)(?![a-z])", re.IGNORECASE),
    "staging": re.compile(r"(?<![a-z])(?:staging|stage|stg|pre-?prod|uat)(?![a-z])", re.IGNORECASE),
    "development": re.compile(r"(?<![a-z])(?:development|dev)(?![a-z])", re.IGNORECASE),
}
_DEPLOYS: Final = re.compile(
    r"(?ix)kubectl\s+(?:apply|set\s+image|rollout\s+restart) | helm\s+(?:upgrade|install) | argocd\s+app\s+sync"
    r"| aws\s+(?:ecs\s+(?:update-service|deploy)|deploy\s+create-deployment|lambda\s+update-function-code)"
    r"| aws\s+cloudformation\s+deploy | aws\s+elbv2\s+modify-(?:listener|rule)"
    r"| \b(?:sam|cdk|serverless|sls|pulumi|eb|flyctl|fly|zappa|chalice|copilot|fastapi)\s+(?:deploy|up)\b"
    r"| gcloud\s+(?:run|app|functions)\s+deploy | heroku\s+container:release | docker\s+stack\s+deploy"
    r"| ansible-playbook"
    r"| (?:\./|scripts/|bin/|\bbash\s+|\bsh\s+|python3?\s+(?:-m\s+)?)\S*deploy\S*"
)
_ACTIONS: Final = re.compile(
    r"(?i)aws-actions/(?:amazon-ecs-deploy|aws-codedeploy|aws-lambda-deploy|aws-cloudformation)|azure/(?:webapps-deploy|k8s-deploy)"
    r"|google-github-actions/deploy|superfly/flyctl|akhileshns/heroku-deploy|appleboy/ssh-action|einaregilsson/beanstalk-deploy"
)
_SITES: Final = re.compile(r"(?i)gh-pages|deploy-pages|gh-deploy|mkdocs|netlify|smokeshow|coverage")
_COMPOSE: Final = re.compile(r"(?i)docker[\s-]compose\s(?:.*\s)?up\b.*\s-d\b")
_LOCAL: Final = re.compile(r"(?i)localhost|127\.0\.0\.1|pytest|coverage|playwright")
_BACK: Final = re.compile(
    r"(?i)roll-?\s?_?back|rollout\s+undo|stop-deployment[^\n]*auto-rollback-enabled|--atomic\b|rollback-on-failure"
)
_MIGRATES: Final = re.compile(
    r"(?i)alembic\s+(?:-\S+\s+\S+\s+)*upgrade|manage\.py\s+migrate|(?:^|[\s/_-])migrat(?:e|ions?)(?:[\s.\"']|$)|flyway|sqitch\s+deploy"
)
_HEALTH: Final = re.compile(
    r"(?i)curl\s[^\n]*/?(?:health|ready|readyz|healthz|status)|wait\s+services-stable|rollout\s+status|target-in-service"
    r"|describe-target-health|wait-for-service-stability|--wait\b|healthcheck|/health|/ready|--atomic\b|wait\s+deployment-successful"
)
_CANARY: Final = re.compile(r"(?i)canary|--weights?\b|forward-?config|weight")
_BLUE: Final = re.compile(r"(?i)blue[-_/ ]?green|app-(?:blue|green)|idle[-_ ]colou?r|create-deployment|codedeploy")
_TESTS: Final = re.compile(
    r"(?i)(?:integration|smoke|e2e|end-to-end|acceptance)[-_ ]?tests?|tests?/(?:integration|e2e|smoke)"
)
_BUILDS: Final = re.compile(r"(?i)docker\s+(?:buildx\s+)?build\b|docker/build-push-action|buildah\s+bud")
_ASKS: Final = re.compile(r"(?i)trstringer/manual-approval")


class Said(Struct, frozen=True):
    """What a job does. Empty and false is what it says nothing of."""

    deploys: str = ""
    only_back: bool = False
    rolls_back: Any = False
    migrates: str = ""
    checks_health: bool = False
    canary: str = ""
    blue_green: bool = False
    tests: bool = False
    builds: bool = False
    asks: bool = False
    text: str = ""


def stage_of(text: str) -> str:
    """The environment that a name speaks of; empty where it speaks of none, or of several."""
    found = [stage for stage, pattern in _STAGE.items() if pattern.search(text.replace("_", "-"))]
    return found[0] if len(found) == 1 else ""


def deploys(text: str, uses: str, name: str) -> str:
    """The words by which a step of the job of this name deploys; empty for one that does not.

    `docker compose up` brings up what tests need as often as a release: the name of the job tells.
    """
    if _SITES.search(text) or _SITES.search(uses):
        return ""
    if _COMPOSE.search(text):
        return "docker compose up" if "deploy" in name.lower() else ""
    action = _ACTIONS.search(uses)
    command = None if _LOCAL.search(text) and "deploy" not in text else _DEPLOYS.search(text)
    return action[0] if action else command[0].strip() if command else ""


def says(tree: Tree, steps: Sequence[Walked], name: str) -> Said:
    """What the steps of a job do, with the scripts of the repository that they run."""
    texts = [_text(tree, walked) for walked in steps]
    deploying = [
        index
        for index, (walked, text) in enumerate(zip(steps, texts, strict=True))
        if deploys(text, walked.running.uses, name)
    ]
    migrating = [index for index, text in enumerate(texts) if _MIGRATES.search(text) and "--sql" not in text]
    every = "\n".join(texts)
    if not deploying:
        return Said(
            migrates="before" if migrating else "",
            tests=bool(_TESTS.search(every) or _TESTS.search(name)),
            builds=bool(_BUILDS.search(every)),
            text=every,
        )
    first = deploying[0]
    back = [index for index in deploying if _is_way_back(steps[index])]
    shown = deploys(texts[first], steps[first].running.uses, name)
    return Said(
        deploys=shown,
        only_back=len(back) == len(deploying) or (bool(_BACK.search(name)) and not _BUILDS.search(every)),
        rolls_back=_rolls_back(steps, texts, deploying),
        migrates=""
        if not migrating
        else "before"
        if migrating[0] < first
        else "together"
        if first in migrating
        else "after",
        checks_health=bool(_HEALTH.search("\n".join(texts[index] for index in range(first, len(texts))))),
        canary=every if _CANARY.search(every) else "",
        blue_green=bool(_BLUE.search(every)),
        tests=bool(_TESTS.search("\n".join(texts[first:]))),
        builds=bool(_BUILDS.search(every)),
        asks=bool(_ASKS.search(every)),
        text=every,
    )


def _is_way_back(walked: Walked) -> bool:
    own = f"{walked.running.attributes.get('name', '')} {walked.running.attributes.get('run', '')}"
    return bool(re.search(r"(?i)roll-?\s?_?back|rollout\s+undo", own)) and "deploy " not in own.lower().split("roll")[0]


def _rolls_back(steps: Sequence[Walked], texts: Sequence[str], deploying: Sequence[int]) -> Any:
    """Whether a failure brings back what ran before: by a step after it, or by the tool that deploys."""
    for index, walked in enumerate(steps):
        conditions = " ".join(str(condition) for condition in walked.running.conditions)
        if re.search(r"failure\(\)|always\(\)|cancelled\(\)", conditions) and _BACK.search(
            f"{walked.running.attributes.get('name', '')} {texts[index]}"
        ):
            return True
    text = "\n".join(texts[index] for index in deploying)
    if _BACK.search(text):
        return True
    if re.search(r"(?i)amazon-ecs-deploy|ecs\s+update-service|codedeploy|create-deployment|deploy\s*\Z|\.py\b", text):
        remedy = "roll back in a step of the job with `if: failure()`, or judge the Terraform of the service beside it"
        return Unknown("the service that it deploys to may roll back by itself", ("deployment",), remedy=remedy)
    return False


def _text(tree: Tree, walked: Walked) -> str:
    """What a step runs, with the scripts of the repository that its commands name, also those in Python."""
    running = walked.running
    settings = " ".join(f"{key}: {value}" for key, value in running.settings.items())
    parts = [running.uses, settings, str(running.attributes.get("run", "")), str(running.attributes.get("env", ""))]
    for command in walked.commands:
        parts.append(" ".join(command.words))
        for word in command.words:
            path = joined(command.context.folder, word)
            if path in tree and path.endswith((".py", ".sh", ".bash")):
                parts.append(_read(tree, path))
    return "\n".join(part for part in parts if part)


def _read(tree: Tree, path: str) -> str:
    try:
        return tree.read(path)
    except Unreadable:
        return ""
