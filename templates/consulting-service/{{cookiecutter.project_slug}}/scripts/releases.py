"""What a release is made of: its migrations, its start in the idle colour, and the way back."""

from __future__ import annotations

import alarms
import tasks
from aws_cli import ScriptError
from environment import Environment
from traffic import COLOURS, Side, Traffic, traffic_of


def migrate(environment: Environment, image: str) -> None:
    """Run `alembic upgrade head` in a task of its own, with the image that comes next."""
    task = tasks.register(environment, f"{environment.cluster}-migrate", image)
    what = {"taskDefinition": task, "startedBy": "deploy.py migrate"}
    tasks.run(environment, "the migration", what)


def release(
    environment: Environment,
    image: str,
    steps: list[int],
    bake: float,
    *,
    despite_alarms: bool = False,
) -> None:
    """Start the idle colour with the image and give it the traffic, step by step."""
    traffic = traffic_of(environment)
    live = traffic.live()
    idle = traffic.other(live)
    if not despite_alarms:
        alarms.check(environment)
    task = tasks.register(environment, _family(idle), image)
    count = max(live.service["desiredCount"], 1)
    environment.say(f"{live.name} serves; {idle.name} starts {count} tasks of {image}")
    _automatic_scaling(environment, idle, suspended=False)
    request = {
        "cluster": environment.cluster,
        "service": idle.name,
        "taskDefinition": task,
        "desiredCount": count,
    }
    environment.call("ecs", "update-service", request)
    environment.wait(
        f"{idle.name} to be healthy", 900, lambda: _is_healthy(traffic, idle, task, count)
    )
    for step in steps:
        traffic.shift(idle, step)
        if not despite_alarms:
            alarms.watch(environment, bake)


def rollback(environment: Environment, colour: str) -> None:
    """Give all traffic to a colour, or to the `previous` one, provided that it can serve."""
    traffic = traffic_of(environment)
    side = traffic.sides[colour] if colour in COLOURS else traffic.previous()
    if traffic.shares()[side.colour] == 100:
        environment.say(f"{side.name} has all traffic")
    elif not traffic.healthy_targets(side):
        raise ScriptError(f"{side.name} has no healthy target: release the former image again")
    else:
        traffic.shift(side, 100)
    update_jobs(environment)


def retire(environment: Environment) -> None:
    """Stop the tasks of the colour that serves nobody."""
    traffic = traffic_of(environment)
    idle = traffic.other(traffic.live())
    _automatic_scaling(environment, idle, suspended=True)
    request = {"cluster": environment.cluster, "service": idle.name, "desiredCount": 0}
    environment.call("ecs", "update-service", request)
    environment.say(f"{idle.name} stops")
    update_jobs(environment)


def update_jobs(environment: Environment) -> None:
    """Let scheduled jobs run the image that serves: a schedule takes the newest revision."""
    serving = traffic_of(environment).live().service["taskDefinition"]
    family = f"{environment.cluster}-job"
    image = str(tasks.app_container(environment, serving)["image"])
    if tasks.app_container(environment, family)["image"] != image:
        tasks.register(environment, family, image)
        environment.say(f"jobs run {image}")


def _family(side: Side) -> str:
    return str(side.service["taskDefinition"]).rpartition("/")[2].partition(":")[0]


def _is_healthy(traffic: Traffic, side: Side, task: str, count: int) -> bool:
    """Whether all tasks of the new revision run, and the load balancer finds them healthy."""
    environment = traffic.environment
    request = {"cluster": environment.cluster, "services": [side.name]}
    (service,) = environment.call("ecs", "describe-services", request)["services"]
    for deployment in service["deployments"]:
        if deployment["taskDefinition"] == task and deployment.get("rolloutState") == "FAILED":
            reason = deployment.get("rolloutStateReason", "no reason was given")
            raise ScriptError(f"{side.name} does not start: {reason}")
    first, *others = service["deployments"]
    if others or first["taskDefinition"] != task or first["runningCount"] < count:
        return False
    return traffic.healthy_targets(side) >= count


def _automatic_scaling(environment: Environment, side: Side, *, suspended: bool) -> None:
    """Let automatic scaling act on a colour, or keep it from doing so."""
    state = {
        "DynamicScalingInSuspended": suspended,
        "DynamicScalingOutSuspended": suspended,
        "ScheduledScalingSuspended": suspended,
    }
    request = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{environment.cluster}/{side.name}",
        "ScalableDimension": "ecs:service:DesiredCount",
        "SuspendedState": state,
    }
    environment.call("application-autoscaling", "register-scalable-target", request)
