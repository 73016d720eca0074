"""Tasks of the service: the images in their definitions, and those that run once and end."""

from __future__ import annotations

from typing import Any

from aws_cli import ScriptError
from environment import Environment
from traffic import traffic_of

#: The container of the task definitions that runs the image.
CONTAINER = "app"
#: How the service is told which image it is: an image cannot hold its own digest.
DIGEST = "IMAGE_DIGEST"
#: What `register-task-definition` takes of what `describe-task-definition` gives.
_REGISTERED = frozenset(
    {
        "containerDefinitions",
        "cpu",
        "ephemeralStorage",
        "executionRoleArn",
        "family",
        "inferenceAccelerators",
        "ipcMode",
        "memory",
        "networkMode",
        "pidMode",
        "placementConstraints",
        "proxyConfiguration",
        "requiresCompatibilities",
        "runtimePlatform",
        "taskRoleArn",
        "volumes",
    }
)


def app_container(environment: Environment, task: str) -> dict[str, Any]:
    """The service's container in a task definition; of a family, in its newest revision."""
    return _app_container(_described(environment, task)["taskDefinition"])


def register(environment: Environment, family: str, image: str) -> str:
    """A new revision of a task definition: the newest one of its family with this image."""
    answer = _described(environment, family)
    definition = {
        key: value for key, value in answer["taskDefinition"].items() if key in _REGISTERED
    }
    container = _app_container(answer["taskDefinition"])
    container["image"] = image
    others = [one for one in container.get("environment", []) if one["name"] != DIGEST]
    digest = {"name": DIGEST, "value": image.rpartition("@")[2]}
    container["environment"] = [*others, digest]
    if answer.get("tags"):
        definition["tags"] = answer["tags"]
    registered = environment.call("ecs", "register-task-definition", definition)
    return str(registered["taskDefinition"]["taskDefinitionArn"])


def run(environment: Environment, what: str, task: dict[str, Any]) -> None:
    """Run a task once where the service runs, and fail unless it ends well."""
    service = traffic_of(environment).sides["blue"].service
    placed = ("capacityProviderStrategy", "launchType")
    request = {
        "cluster": environment.cluster,
        "networkConfiguration": service["networkConfiguration"],
        **{key: service[key] for key in placed if service.get(key)},
        **task,
    }
    started = environment.call("ecs", "run-task", request)
    if started.get("failures"):
        raise ScriptError(f"{what} did not start: {started['failures'][0].get('reason')}")
    arn = started["tasks"][0]["taskArn"]
    environment.say(f"{what} runs: {arn}")
    environment.wait(f"{what} to end", 1800, lambda: _has_stopped(environment, what, arn))


def run_job(
    environment: Environment, what: str, family: str, command: list[str], told: dict[str, str]
) -> None:
    """Run a job of the service once, in the newest task definition of a family.

    The command is a module and its arguments; the job is told what its environment does not hold.
    """
    override = {
        "name": CONTAINER,
        "command": ["python", "-m", *command],
        "environment": [{"name": name, "value": value} for name, value in told.items()],
    }
    overrides = {"containerOverrides": [override]}
    task = {"taskDefinition": family, "startedBy": "deploy.py", "overrides": overrides}
    run(environment, what, task)


def _described(environment: Environment, task: str) -> dict[str, Any]:
    request = {"taskDefinition": task, "include": ["TAGS"]}
    return environment.call("ecs", "describe-task-definition", request)


def _app_container(definition: dict[str, Any]) -> dict[str, Any]:
    for container in definition["containerDefinitions"]:
        if container["name"] == CONTAINER:
            found: dict[str, Any] = container
            return found
    raise ScriptError(f"the task definition {definition['family']} has no container {CONTAINER}")


def _has_stopped(environment: Environment, what: str, arn: str) -> bool:
    request = {"cluster": environment.cluster, "tasks": [arn]}
    (task,) = environment.call("ecs", "describe-tasks", request)["tasks"]
    if task["lastStatus"] != "STOPPED":
        return False
    codes = {one["name"]: one.get("exitCode") for one in task["containers"]}
    if codes.get(CONTAINER) != 0:
        reason = task.get("stoppedReason", "no reason was given")
        raise ScriptError(f"{what} failed ({reason}, exit code {codes.get(CONTAINER)})")
    return True
