"""Release an image: migrations, blue-green with canary steps, and the way back.

    python scripts/deploy.py status   --environment staging
    python scripts/deploy.py migrate  --environment staging --image REPOSITORY@sha256:…
    python scripts/deploy.py release  --environment staging --image REPOSITORY@sha256:…
    python scripts/deploy.py watch    --environment staging --minutes 30
    python scripts/deploy.py rollback --environment staging --to blue
    python scripts/deploy.py retire   --environment staging
    python scripts/deploy.py jobs     --environment staging
    python scripts/deploy.py service-account --environment staging
    python scripts/deploy.py create-admin    --environment staging --email … --password-hash …

Two ECS services, `app-blue` and `app-green`, stand behind one listener rule of the load balancer.
The rule's weights say who serves: that is the only state, so whoever reads the rule knows where a
release stands. A release starts the idle colour with the new image, waits until its targets are
healthy, and moves the weights in steps; between them the alarms are asked. A failure is exit code
1, and whoever called moves the traffic back with `rollback`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aws_cli import Aws, ScriptError, aws

PROJECT = "{{ cookiecutter.project_slug }}"
COLOURS = ("blue", "green")
#: The container of the task definitions that runs the image.
CONTAINER = "app"
#: How the service is told which image it is: an image cannot hold its own digest.
DIGEST = "IMAGE_DIGEST"
#: What must be quiet while traffic moves. Each name is an alarm of terraform/modules/observability.
ALARMS = ("error-rate", "latency-p95", "database-unavailable", "failed-transactions")
#: Seconds between two looks at the same thing.
PAUSE = 15
IMAGE = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Side:
    """One colour: its ECS service and its target group."""

    colour: str
    service: dict[str, Any]
    target_group: str

    @property
    def name(self) -> str:
        """The name of the ECS service."""
        return f"app-{self.colour}"


@dataclass
class Deployment:
    """One environment, as AWS says that it is, and what can be done to it."""

    environment: str
    call: Aws = aws
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    say: Callable[[str], None] = field(default=lambda text: print(text, flush=True))

    @property
    def cluster(self) -> str:
        """The ECS cluster of the environment."""
        return f"{PROJECT}-{self.environment}"

    def sides(self) -> dict[str, Side]:
        """Both colours."""
        names = [f"app-{colour}" for colour in COLOURS]
        answer = self.call("ecs", "describe-services", {"cluster": self.cluster, "services": names})
        found = {service["serviceName"]: service for service in answer["services"]}
        sides = {}
        for colour, name in zip(COLOURS, names, strict=True):
            if name not in found:
                raise ScriptError(f"the cluster {self.cluster} has no service {name}")
            group = found[name]["loadBalancers"][0]["targetGroupArn"]
            sides[colour] = Side(colour, found[name], group)
        return sides

    def rule(self, sides: dict[str, Side]) -> dict[str, Any]:
        """The listener rule that shares the traffic out between the colours."""
        groups = {side.target_group for side in sides.values()}
        described = self.call(
            "elbv2", "describe-target-groups", {"TargetGroupArns": sorted(groups)}
        )
        balancers = {
            arn for group in described["TargetGroups"] for arn in group["LoadBalancerArns"]
        }
        for balancer in sorted(balancers):
            listeners = self.call("elbv2", "describe-listeners", {"LoadBalancerArn": balancer})
            for listener in listeners["Listeners"]:
                request = {"ListenerArn": listener["ListenerArn"]}
                rules: list[dict[str, Any]]
                rules = self.call("elbv2", "describe-rules", request)["Rules"]
                for rule in rules:
                    if not rule["IsDefault"] and set(_weights(rule)) == groups:
                        return rule
        raise ScriptError("no listener rule shares traffic between app-blue and app-green")

    def shares(self, sides: dict[str, Side]) -> dict[str, int]:
        """The percentage that each colour gets."""
        weights = _weights(self.rule(sides))
        total = sum(weights.values()) or 1
        return {
            colour: round(100 * weights[side.target_group] / total)
            for colour, side in sides.items()
        }

    def live(self, shares: dict[str, int]) -> str:
        """The only colour that serves. Fails while a release is half done."""
        serving = [colour for colour, share in shares.items() if share]
        if len(serving) != 1:
            state = ", ".join(f"{colour} {share} %" for colour, share in shares.items())
            raise ScriptError(f"a release was broken off here ({state}): roll back first")
        return serving[0]

    def migrate(self, image: str) -> None:
        """Run `alembic upgrade head` in a task of its own, with the image that comes next."""
        task = self.register(f"{self.cluster}-migrate", image)
        self.run("the migration", {"taskDefinition": task, "startedBy": "deploy.py migrate"})

    def job(self, what: str, family: str, name: str, environment: dict[str, str]) -> None:
        """Run a job of the service once, in the newest task definition of a family."""
        override = {
            "name": CONTAINER,
            "command": ["python", "-m", "{{ cookiecutter.package_name }}.jobs", name],
            "environment": [{"name": key, "value": value} for key, value in environment.items()],
        }
        task = {
            "taskDefinition": family,
            "startedBy": "deploy.py",
            "overrides": {"containerOverrides": [override]},
        }
        self.run(what, task)

    def run(self, what: str, task: dict[str, Any]) -> None:
        """Run a task once where the service runs, and fail unless it ends well."""
        live = self.sides()["blue"].service
        placed = ("capacityProviderStrategy", "launchType")
        request = {
            "cluster": self.cluster,
            "networkConfiguration": live["networkConfiguration"],
            **{key: live[key] for key in placed if live.get(key)},
            **task,
        }
        started = self.call("ecs", "run-task", request)
        if started.get("failures"):
            raise ScriptError(f"{what} did not start: {started['failures'][0].get('reason')}")
        arn = started["tasks"][0]["taskArn"]
        self.say(f"{what} runs: {arn}")
        self.wait(f"{what} to end", 1800, lambda: self._has_stopped(what, arn))

    def _has_stopped(self, what: str, arn: str) -> bool:
        answer = self.call("ecs", "describe-tasks", {"cluster": self.cluster, "tasks": [arn]})
        (task,) = answer["tasks"]
        if task["lastStatus"] != "STOPPED":
            return False
        codes = {one["name"]: one.get("exitCode") for one in task["containers"]}
        if codes.get(CONTAINER) != 0:
            reason = task.get("stoppedReason", "no reason was given")
            raise ScriptError(f"{what} failed ({reason}, exit code {codes.get(CONTAINER)})")
        return True

    def release(
        self, image: str, steps: list[int], bake: float, *, despite_alarms: bool = False
    ) -> None:
        """Start the idle colour with the image and give it the traffic, step by step."""
        sides = self.sides()
        live = sides[self.live(self.shares(sides))]
        idle = next(side for colour, side in sides.items() if colour != live.colour)
        if not despite_alarms:
            self.check_alarms()
        task = self.register(self._family(idle.service), image)
        count = max(live.service["desiredCount"], 1)
        self.say(f"{live.name} serves; {idle.name} starts {count} tasks of {image}")
        self.scale(idle, suspended=False)
        self.call(
            "ecs",
            "update-service",
            {
                "cluster": self.cluster,
                "service": idle.name,
                "taskDefinition": task,
                "desiredCount": count,
            },
        )
        self.wait(f"{idle.name} to be healthy", 900, lambda: self._is_healthy(idle, task, count))
        for step in steps:
            self.shift(sides, idle.colour, step)
            if not despite_alarms:
                self.bake(bake)

    def _family(self, service: dict[str, Any]) -> str:
        return str(service["taskDefinition"]).rpartition("/")[2].partition(":")[0]

    def register(self, family: str, image: str) -> str:
        """A new revision of a task definition: the newest one of its family with this image."""
        request: dict[str, Any] = {"taskDefinition": family, "include": ["TAGS"]}
        answer = self.call("ecs", "describe-task-definition", request)
        definition = {
            key: value for key, value in answer["taskDefinition"].items() if key in _REGISTERED
        }
        containers = [one for one in definition["containerDefinitions"] if one["name"] == CONTAINER]
        if not containers:
            raise ScriptError(f"the task definition {family} has no container {CONTAINER}")
        containers[0]["image"] = image
        others = [one for one in containers[0].get("environment", []) if one["name"] != DIGEST]
        digest = {"name": DIGEST, "value": image.rpartition("@")[2]}
        containers[0]["environment"] = [*others, digest]
        if answer.get("tags"):
            definition["tags"] = answer["tags"]
        registered = self.call("ecs", "register-task-definition", definition)
        return str(registered["taskDefinition"]["taskDefinitionArn"])

    def _is_healthy(self, side: Side, task: str, count: int) -> bool:
        """Whether all tasks of the new revision run, and the load balancer finds them healthy."""
        request = {"cluster": self.cluster, "services": [side.name]}
        (service,) = self.call("ecs", "describe-services", request)["services"]
        for deployment in service["deployments"]:
            if deployment["taskDefinition"] == task and deployment.get("rolloutState") == "FAILED":
                reason = deployment.get("rolloutStateReason", "no reason was given")
                raise ScriptError(f"{side.name} does not start: {reason}")
        first, *others = service["deployments"]
        if others or first["taskDefinition"] != task or first["runningCount"] < count:
            return False
        request = {"TargetGroupArn": side.target_group}
        targets = self.call("elbv2", "describe-target-health", request)["TargetHealthDescriptions"]
        states = [target["TargetHealth"]["State"] for target in targets]
        return states.count("healthy") >= count

    def shift(self, sides: dict[str, Side], colour: str, percent: int) -> None:
        """Give a colour this share of the traffic, and the other one the rest."""
        groups = [
            {
                "TargetGroupArn": side.target_group,
                "Weight": percent if side.colour == colour else 100 - percent,
            }
            for side in sides.values()
        ]
        action: dict[str, Any] = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
        request = {"RuleArn": self.rule(sides)["RuleArn"], "Actions": [action]}
        self.call("elbv2", "modify-rule", request)
        self.say(f"app-{colour} gets {percent} %")

    def bake(self, seconds: float) -> None:
        """Wait, and ask the alarms again and again."""
        end = self.now() + seconds
        while True:
            self.check_alarms()
            left = end - self.now()
            if left <= 0:
                return
            self.sleep(min(PAUSE, left))

    def check_alarms(self) -> None:
        """Fail when an alarm that guards releases rings, or is not there to ring."""
        names = [f"{self.cluster}-{alarm}" for alarm in ALARMS]
        answer = self.call("cloudwatch", "describe-alarms", {"AlarmNames": names})
        found = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
        states = {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}
        missing = [name for name in names if name not in states]
        if missing:
            raise ScriptError(
                f"there is no alarm {', '.join(missing)}: nothing guards this release"
            )
        ringing = [name for name, state in states.items() if state == "ALARM"]
        if ringing:
            raise ScriptError(f"in alarm: {', '.join(sorted(ringing))}")

    def rollback(self, colour: str) -> None:
        """Give all traffic to a colour, provided that it can serve."""
        sides = self.sides()
        shares = self.shares(sides)
        side = self._previous(sides, shares) if colour == "previous" else sides[colour]
        if shares[side.colour] == 100:
            self.say(f"{side.name} has all traffic")
            self.jobs()
            return
        request = {"TargetGroupArn": side.target_group}
        targets = self.call("elbv2", "describe-target-health", request)["TargetHealthDescriptions"]
        if not any(target["TargetHealth"]["State"] == "healthy" for target in targets):
            raise ScriptError(f"{side.name} has no healthy target: release the former image again")
        self.shift(sides, side.colour, 100)
        self.jobs()

    def _previous(self, sides: dict[str, Side], shares: dict[str, int]) -> Side:
        """The colour that served before: in the middle of a release, the one deployed earlier."""
        if all(shares.values()):
            return min(
                sides.values(), key=lambda one: str(one.service["deployments"][0]["createdAt"])
            )
        return next(side for colour, side in sides.items() if not shares[colour])

    def retire(self) -> None:
        """Stop the tasks of the colour that serves nobody."""
        sides = self.sides()
        live = self.live(self.shares(sides))
        idle = next(side for colour, side in sides.items() if colour != live)
        self.scale(idle, suspended=True)
        request = {"cluster": self.cluster, "service": idle.name, "desiredCount": 0}
        self.call("ecs", "update-service", request)
        self.say(f"{idle.name} stops")
        self.jobs()

    def jobs(self) -> None:
        """Let scheduled jobs run the image that serves: a schedule takes the newest revision."""
        sides = self.sides()
        serving = sides[self.live(self.shares(sides))].service["taskDefinition"]
        family = f"{self.cluster}-job"
        image = self.image_of(serving)
        if self.image_of(family) != image:
            self.register(family, image)
            self.say(f"jobs run {image}")

    def image_of(self, task: str) -> str:
        """The image that a task definition runs."""
        answer = self.call("ecs", "describe-task-definition", {"taskDefinition": task})
        containers = answer["taskDefinition"]["containerDefinitions"]
        return next(str(one["image"]) for one in containers if one["name"] == CONTAINER)

    def scale(self, side: Side, *, suspended: bool) -> None:
        """Let automatic scaling act on a colour, or keep it from doing so."""
        state = {
            "DynamicScalingInSuspended": suspended,
            "DynamicScalingOutSuspended": suspended,
            "ScheduledScalingSuspended": suspended,
        }
        self.call(
            "application-autoscaling",
            "register-scalable-target",
            {
                "ServiceNamespace": "ecs",
                "ResourceId": f"service/{self.cluster}/{side.name}",
                "ScalableDimension": "ecs:service:DesiredCount",
                "SuspendedState": state,
            },
        )

    def wait(self, what: str, seconds: float, done: Callable[[], bool]) -> None:
        """Wait for something, and fail when it takes too long."""
        end = self.now() + seconds
        while not done():
            if self.now() >= end:
                raise ScriptError(f"waited {seconds:.0f} seconds for {what}")
            self.sleep(PAUSE)


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


def _weights(rule: dict[str, Any]) -> dict[str, int]:
    """The target groups of a rule with their weights."""
    forwards = [action for action in rule["Actions"] if action["Type"] == "forward"]
    groups = [
        one
        for action in forwards
        for one in action.get("ForwardConfig", {}).get("TargetGroups", [])
    ]
    return {group["TargetGroupArn"]: group.get("Weight", 1) for group in groups}


def _image(text: str) -> str:
    if not IMAGE.fullmatch(text):
        raise argparse.ArgumentTypeError("an image is named by its digest: REPOSITORY@sha256:…")
    return text


def _steps(text: str) -> list[int]:
    steps = [int(one) for one in text.split(",") if one.isdigit()]
    if ",".join(map(str, steps)) != text or steps != sorted(set(steps)) or steps[-1:] != [100]:
        raise argparse.ArgumentTypeError("steps are rising percentages that end at 100: 1,10,100")
    return steps


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    actions = parser.add_subparsers(dest="action", required=True)
    environment = argparse.ArgumentParser(add_help=False)
    # The last one is production in the other region, as docs/disaster-recovery.md builds it.
    choices = ("development", "staging", "production", "production-2")
    environment.add_argument("--environment", required=True, choices=choices)
    actions.add_parser("status", parents=[environment], help="say which colour serves")
    for name in ("migrate", "release"):
        action = actions.add_parser(name, parents=[environment])
        action.add_argument("--image", required=True, type=_image)
        if name == "release":
            action.add_argument("--steps", type=_steps, default=[1, 10, 100])
            action.add_argument("--bake", type=float, default=600, help="seconds after each step")
            action.add_argument(
                "--despite-alarms",
                action="store_true",
                help="ask no alarm: the way back from a release that made them ring",
            )
    watch = actions.add_parser("watch", parents=[environment], help="ask the alarms for a while")
    watch.add_argument("--minutes", type=float, default=30)
    back = actions.add_parser("rollback", parents=[environment], help="move the traffic back")
    back.add_argument("--to", choices=(*COLOURS, "previous"), default="previous")
    actions.add_parser("retire", parents=[environment], help="stop the colour that serves nobody")
    actions.add_parser("jobs", parents=[environment], help="give jobs the image that serves")
    about = "make the account of the service in the database, or set its password"
    actions.add_parser("service-account", parents=[environment], help=about)
    admin = actions.add_parser("create-admin", parents=[environment], help="make the first account")
    admin.add_argument("--email", required=True)
    about = "what `python -m {{ cookiecutter.package_name }}.jobs hash-password` prints"
    admin.add_argument("--password-hash", required=True, help=about)
    return parser


def _status(deployment: Deployment) -> None:
    live = deployment.live(deployment.shares(deployment.sides()))
    deployment.say(f"app-{live} serves {deployment.cluster}")
    outputs = os.environ.get("GITHUB_OUTPUT")
    if outputs:
        with Path(outputs).open("a", encoding="utf-8") as file:
            file.write(f"live={live}\n")


def _service_account(deployment: Deployment) -> None:
    """Make the account that the service signs in to the database with, or set its password."""
    family = f"{deployment.cluster}-migrate"
    deployment.job("the job service-account", family, "service-account", {})


def _create_admin(deployment: Deployment, email: str, password_hash: str) -> None:
    """Make the first account of the service."""
    told = {"ADMIN_EMAIL": email, "ADMIN_PASSWORD_HASH": password_hash}
    deployment.job("the job create-admin", f"{deployment.cluster}-job", "create-admin", told)


def main(arguments: list[str], deployment: Deployment | None = None) -> int:
    """Run one action; the result is the exit code."""
    given = _parser().parse_args(arguments)
    one = deployment or Deployment(given.environment)
    actions: dict[str, Callable[[], None]] = {
        "status": lambda: _status(one),
        "migrate": lambda: one.migrate(given.image),
        "release": lambda: one.release(
            given.image, given.steps, given.bake, despite_alarms=given.despite_alarms
        ),
        "watch": lambda: one.bake(given.minutes * 60),
        "rollback": lambda: one.rollback(given.to),
        "retire": one.retire,
        "jobs": one.jobs,
        "service-account": lambda: _service_account(one),
        "create-admin": lambda: _create_admin(one, given.email, given.password_hash),
    }
    try:
        actions[given.action]()
    except ScriptError as failure:
        one.say(f"deploy.py {given.action}: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
