"""The alarms that guard a release: asked before traffic moves, and while it does."""

from __future__ import annotations

from aws_cli import ScriptError
from environment import PAUSE, Environment

#: What must be quiet while traffic moves. Each name is an alarm of terraform/modules/observability.
ALARMS = ("error-rate", "latency-p95", "database-unavailable", "failed-transactions")


def check(environment: Environment) -> None:
    """Fail when an alarm that guards releases rings, or is not there to ring."""
    names = [f"{environment.cluster}-{alarm}" for alarm in ALARMS]
    answer = environment.call("cloudwatch", "describe-alarms", {"AlarmNames": names})
    found = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
    states = {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}
    missing = [name for name in names if name not in states]
    if missing:
        raise ScriptError(f"there is no alarm {', '.join(missing)}: nothing guards this release")
    ringing = [name for name, state in states.items() if state == "ALARM"]
    if ringing:
        raise ScriptError(f"in alarm: {', '.join(sorted(ringing))}")


def watch(environment: Environment, seconds: float) -> None:
    """Ask the alarms again and again for a while."""
    end = environment.now() + seconds
    while True:
        check(environment)
        left = end - environment.now()
        if left <= 0:
            return
        environment.sleep(min(PAUSE, left))
