"""What the steps of a job say that they do: deploy, roll back, migrate, check health, shift traffic, test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from infraguard.collectors.repository.deliveries.switching import (
    asks_for_health,
    switches_blue_green,
    traffic_in_shares,
)
from infraguard.collectors.repository.deliveries.texts import modules_of, text_of
from infraguard.collectors.repository.deliveries.unread import unread
from infraguard.collectors.repository.migrations.commands import script_migrates
from infraguard.collectors.repository.suites.programs import name_of
from infraguard.collectors.repository.suites.walked import Walked
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

#: A service that gets another number of tasks runs what it ran.
_DEPLOYS: Final = pattern(
    r"(?ix)kubectl(?:\s+--?[\w-]+(?:[=\ ](?!apply\b)\S+)?)*\s+(?:apply|set\s+image|rollout\s+restart)"
    r"| helm(?:\s+--?[\w-]+(?:[=\ ]\S+)?)*\s+(?:upgrade|install) | argocd\s+app\s+sync"
    r"| aws\s+ecs\s+(?:deploy|update-service(?!(?=[^\n;&|]*--desired-count)(?![^\n;&|]*--(?:task-def|force-new-dep))))"
    r"| aws\s+(?:deploy\s+create-deployment|lambda\s+update-function-code)"
    r"| aws\s+cloudformation\s+deploy | aws\s+elbv2\s+modify-(?:listener|rule)"
    r"| \b(?:sam|cdk|serverless|sls|pulumi|eb|flyctl|fly|zappa|chalice|copilot|fastapi)\s+(?:deploy|up)\b"
    r"| gcloud\s+(?:run|app|functions)\s+deploy | heroku\s+container:release | docker\s+stack\s+deploy"
    r"| (?-i:(?<![\w-])(?:cf\s+(?:push|blue-green-deploy|deploy)|ecs\s+deploy|kamal\s+deploy)\b)"
    r"| ansible-playbook(?![^\n;&|]*(?:\s(?:--check|-C|--syntax-check|--list-\w+)\b"
    r"|\S*(?:validat|lint|check)\S*\.ya?ml))"
    r"| \b(?:make|just|task|npm\s+run|yarn|pnpm(?:\s+run)?)[ \t]+(?:[^\s;&|]+[ \t]+)*?[^\s;&|]*deploy[^\s;&|]*"
    r"| (?:\./|scripts/|bin/|\bbash\s+|\bsh\s+|python3?\s+(?:-m\s+)?)\S*deploy(?!ments?/)\S*"
)
#: A script in a folder for deployment: what it is for stands in it, as it does not in its name.
_OF_DEPLOYMENT: Final = pattern(
    r"(?:(?<![\w./])\./|\bbash\s+|\bsh\s+)\S*deployments?/\S+(?![^\n;&|]*\b(?:plan|destroy)\b)"
)
_ACTIONS: Final = pattern(
    r"(?i)aws-actions/(?:amazon-ecs-deploy|aws-codedeploy|aws-lambda-deploy|aws-cloudformation)|azure/(?:webapps-deploy|k8s-deploy)"
    r"|google-github-actions/deploy|superfly/flyctl|akhileshns/heroku-deploy|appleboy/ssh-action|einaregilsson/beanstalk-deploy"
    r"|^[^@]*\bdeploy(?!ment|[-_](?:keys?|tokens?)\b)[^@]*"
)
_SITES: Final = pattern(
    r"(?i)(?:gh|github)-pages|deploy-?docs|docs-?deploy|deploy-status|deploy-pages|gh-deploy|mkdocs|netlify|smokeshow|coverage"
)
_COMPOSE: Final = pattern(r"(?i)docker[\s-]compose\s(?:.*\s)?up\b.*\s-d\b")
_RUNS_TESTS: Final = pattern(r"(?<![\w-])(?:tox|nox|pytest|(?:go|npm|yarn|cargo|make)\s+(?:run\s+)?test)(?![\w-])")
_STARTS_THERE: Final = pattern(
    r"(?i)deploy|compose|systemctl|service\s|pm2|restart|supervisor|docker\s+(?:run|pull)|kubectl"
)
#: A job that is called so brings up what it tries.
_TRIES: Final = pattern(
    r"(?i)(?<![a-z])(?<!deploy[-_])(?<!to )(?:e2e|end[-_ ]to[-_ ]end|integration|tests?)(?![a-z])[^#]*\Z"
)
_LOCAL: Final = pattern(r"(?i)localhost|127\.0\.0\.1|pytest|coverage|playwright")
_BACK: Final = pattern(
    r"(?i)roll-?\s?_?back|rollout\s+undo|stop-deployment[^\n]*auto-rollback-enabled|--atomic\b|rollback-on-failure"
)
#: A step that is named after migrating, or that an action or a task of another name does it for.
_NAMED_FOR_MIGRATING: Final = pattern(r"(?i)(?:^|[\s/_-])migrat(?:e|ions?)(?:[\s.\"']|$)|flyway")
_TESTS: Final = pattern(
    r"(?i)(?:integration|smoke|e2e|end-to-end|acceptance)[-_ ]?tests?|tests?/(?:integration|e2e|smoke)"
)
_BUILDS: Final = pattern(
    r"(?i)docker\s+(?:buildx\s+)?build\b|docker/build-push-action|buildah\s+bud|/action-builder-ghcr@"
    r"|/(?:aws-ecr-action|gh-ecr-push)@"
)
_PUSHES: Final = pattern(
    r"(?i)\b(?:docker|podman|crane|skopeo)\s+(?:image\s+)?(?:push|copy)\b|/(?:aws-ecr-action|gh-ecr-push)@"
)
#: A program that is named after what it does.
_PROGRAM: Final = pattern(r"(?i)(?:[\w.]*[-_])?deploy(?:$|[-_.]|ctl)")
#: A step that is called after deploying, and by what its program does: calls of boto3, or commands on a server.
_CALLED: Final = pattern(r"(?i)\W*(?:re)?deploy(?!ment)")
_CLIENTS: Final = pattern(
    r"\.(?P<call>update_(?:service|express_gateway_service|function_code|stack)|create_deployment)\("
    r"|(?P<remote>\baws\s+ssm\s+(?:send-command|start-session)|(?<![\w/.-])(?:ssh|rsync)(?=\s)(?!-))"
)
_REMEDY: Final = "write it in the workflow, or in a shell script of the repository that the workflow runs"
#: Infrastructure that is brought up to date: a deployment where an image was pushed for it before. A folder of settings
#: is applied for its outputs only, and what is named as a target alone puts nothing in place that serves.
_APPLIES: Final = pattern(
    r"\b(?:terraform|tofu|terragrunt)\b(?![^\n;&|]*(?:-destroy|-target\b|-chdir=\S*-config\b))[^\n;&|]*\bapply\b"
)
_TARGETED: Final = pattern(r"\bTF_CLI_ARGS(?:_apply)?=.*-target\b")
#: Steps that write which image a deployment after them takes.
_RENDERS: Final = pattern(r"aws-actions/amazon-ecs-render|kustomize\s+edit\s+set\s+image")
#: A task that runs once and ends: starting it succeeds whatever it does, and its exit code alone tells.
_TASK: Final = pattern(r"\baws\s+ecs\s+run-task\b")
_OUTCOME: Final = pattern(r"(?i)exit_?-?code")
_ASKS: Final = pattern(r"(?i)trstringer/manual-approval")


class Said(Struct, frozen=True):
    """What a job does. Empty and false is what it says nothing of. `condition` is that of the only step that deploys.

    `release` is what the steps say that deploy, or that write which image is deployed. `hidden` is the Unknown for all
    that nothing states, where part of what the job runs is not read. `leaves_task` says that it starts a task whose
    exit code nobody reads.
    """

    deploys: str = ""
    only_back: bool = False
    rolls_back: Any = False
    migrates: str = ""
    checks_health: Any = False
    canary: Any = ""
    blue_green: Any = False
    tests: bool = False
    builds: bool = False
    pushes: bool = False
    asks: bool = False
    leaves_task: bool = False
    text: str = ""
    release: str = ""
    condition: Any = True
    hidden: Any = False


def deploys(text: str, uses: str, name: str) -> str:
    """The words by which a step of the job of this name deploys; empty for one that does not.

    `docker compose up` brings up what tests need as often as a release: the name of the job tells.
    """
    if _SITES.search(text) or _SITES.search(uses):
        return ""
    if _COMPOSE.search(text):
        return "docker compose up" if "deploy" in name.lower() and not _TRIES.search(name) else ""
    action = None if _only_tests(text, uses) else _ACTIONS.search(uses)
    command = None if _LOCAL.search(text) and "deploy" not in text else _DEPLOYS.search(text.replace("\\\n", " "))
    if command is None and applies_infrastructure(text):
        command = _OF_DEPLOYMENT.search(text)
    return action[0] if action else command[0].strip() if command else ""


def _only_tests(text: str, uses: str) -> bool:
    """Whether a step runs tests on another machine, and starts nothing there."""
    return "ssh-action@" in uses and bool(_RUNS_TESTS.search(text)) and not _STARTS_THERE.search(text)


def text_deploys(text: str) -> str:
    """The words by which a pipeline that is read line by line deploys; a line about a site of documents is none."""
    lines = (line for line in text.replace("\\\n", " ").splitlines() if not _SITES.search(line))
    return next((found[0].strip() for line in lines if (found := _DEPLOYS.search(line))), "")


def applies_infrastructure(text: str) -> str:
    """The words by which a script brings infrastructure up to date."""
    lines = text.replace("\\\n", " ").splitlines()
    found = (_APPLIES.search(line) for line in lines if not _TARGETED.search(line))
    return next((" ".join(each[0].split()) for each in found if each), "")


def says(tree: Tree, steps: Sequence[Walked], name: str, *, applies: bool = False) -> Said:
    """What the steps of a job do, with the scripts of the repository that they run.

    `applies` says that bringing infrastructure up to date puts a release in place.
    """
    texts = [text_of(tree, walked) for walked in steps]
    applied = [applies_infrastructure(text) if applies else "" for text in texts]
    shown = [
        deploys(text, walked.running.uses, name) or _by_name(walked, text)
        for walked, text in zip(steps, texts, strict=True)
    ]
    shown = [words or others for words, others in zip(shown, applied, strict=True)]
    deploying = [index for index, words in enumerate(shown) if words]
    migrating = [index for index, text in enumerate(texts) if _migrates(text)]
    every = "\n".join(texts)
    if not deploying:
        return Said(
            migrates="before" if migrating else "",
            tests=bool(_TESTS.search(every) or _TESTS.search(name)),
            builds=bool(_BUILDS.search(every)),
            pushes=bool(_PUSHES.search(every)),
            text=every,
        )
    first = deploying[0]
    later = "\n".join(texts[first:])
    beside = "\n".join(modules_of(tree, steps[index]) for index in deploying)
    hidden = _hidden(tree, steps, deploying)
    return Said(
        deploys=shown[first],
        only_back=all(_is_way_back(steps[index]) for index in deploying)
        or (bool(_BACK.search(name)) and not _BUILDS.search(every)),
        rolls_back=_rolls_back(steps, texts, deploying) or hidden,
        migrates=_when(migrating, deploying),
        checks_health=asks_for_health(later) or asks_for_health(beside) or hidden,
        canary=traffic_in_shares(f"{every}\n{beside}", hidden),
        blue_green=switches_blue_green(every) or switches_blue_green(beside) or hidden,
        tests=bool(_TESTS.search(later)),
        builds=bool(_BUILDS.search(every)),
        pushes=bool(_PUSHES.search(every)),
        asks=bool(_ASKS.search(every)),
        leaves_task=bool(_TASK.search(every)) and not _OUTCOME.search(every),
        text=every,
        release="\n".join(text for index, text in enumerate(texts) if index in deploying or _RENDERS.search(text)),
        hidden=hidden,
        condition=steps[first].running.step.attributes.get("if", True) if len(deploying) == 1 else True,
    )


def _migrates(text: str) -> bool:
    return "--sql" not in text and (script_migrates(text) or bool(_NAMED_FOR_MIGRATING.search(text)))


def not_read(why: str) -> Unknown:
    """A fact that no text states where part of what runs is not read."""
    return Unknown(why, ("deployment",), remedy=_REMEDY)


def _by_name(walked: Walked, text: str) -> str:
    """A program of the step that is called after deploying, or calls of a cloud in a step that is."""
    names = (name_of(command.chain[0]) for command in walked.commands if not command.context.via)
    program = next((name for name in names if _PROGRAM.match(name) and not _SITES.search(name)), "")
    if program or not _CALLED.match(str(walked.running.attributes.get("name", ""))) or _SITES.search(text):
        return program
    found = _CLIENTS.search(text)
    return " ".join((found["call"] or found["remote"]).split()) if found else ""


def _hidden(tree: Tree, steps: Sequence[Walked], deploying: Sequence[int]) -> Any:
    """The first reason for which it cannot be told all that is done from the deployment on; else False."""
    for index in range(deploying[0], len(steps)):
        if not _is_way_back(steps[index]) and (why := unread(tree, steps[index], deploys=index in deploying)):
            return not_read(why)
    return False


def _when(migrating: Sequence[int], deploying: Sequence[int]) -> str:
    if not migrating:
        return ""
    return "before" if migrating[0] < deploying[0] else "together" if deploying[0] in migrating else "after"


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
