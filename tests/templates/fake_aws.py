"""Stands in for the `aws` program: one environment with two colours behind a rule, kept in a file of state.

Every call is validated against the service models that AWS itself publishes, and every answer too, so that what the
scripts send and read are real names. `FAKE_AWS_STATE` names the file.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

COLOURS = ("blue", "green")


def first_state(environment: str = "staging") -> dict[str, Any]:
    """Blue serves with two tasks, green has none, all alarms are quiet."""
    cluster = f"consulting-portal-{environment}"
    alarms = ("error-rate", "latency-p95", "database-unavailable", "failed-transactions")
    return {
        "cluster": cluster,
        "weights": {"blue": 100, "green": 0},
        "services": {
            "blue": {"task": "arn:td/app:1", "count": 2, "created": "2026-11-01T00:00:00Z"},
            "green": {"task": "arn:td/app:1", "count": 0, "created": "2026-10-01T00:00:00Z"},
        },
        "images": {},
        "alarms": {f"{cluster}-{alarm}": "OK" for alarm in alarms},
        # The share of green at which the error rate rises; how the migration ends; whether new tasks start.
        "alarm_at": None,
        "migration_exit": 0,
        "starts": True,
        "calls": [],
    }


class FakeAws:
    """The answers to the calls that the scripts make."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state

    def __call__(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        model = botocore.session.get_session().get_service_model(service)
        name = next(one for one in model.operation_names if one.lower() == operation.replace("-", ""))
        shape = model.operation_model(name)
        assert shape.input_shape
        report = ParamValidator().validate(parameters, shape.input_shape)
        assert not report.has_errors(), report.generate_report()
        self.state["calls"].append([service, operation, parameters])
        answer: dict[str, Any] = getattr(self, operation.replace("-", "_"))(parameters)
        _known(answer, shape.output_shape)
        return answer

    def describe_services(self, given: dict[str, Any]) -> dict[str, Any]:
        services = [self._service(name.removeprefix("app-")) for name in given["services"]]
        return {"services": services, "failures": []}

    def _service(self, colour: str) -> dict[str, Any]:
        one = self.state["services"][colour]
        started = self.state["starts"] or not one.get("new")
        deployment = {
            "status": "PRIMARY",
            "taskDefinition": one["task"],
            "runningCount": one["count"] if started else 0,
            "rolloutState": "COMPLETED" if started else "FAILED",
            "rolloutStateReason": "ECS deployment circuit breaker: tasks failed to start",
            "createdAt": one["created"],
        }
        return {
            "serviceName": f"app-{colour}",
            "loadBalancers": [{"targetGroupArn": f"arn:tg/{colour}"}],
            "desiredCount": one["count"],
            "taskDefinition": one["task"],
            "deployments": [deployment],
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            "capacityProviderStrategy": [{"capacityProvider": "on-demand", "weight": 1}],
        }

    def describe_target_groups(self, given: dict[str, Any]) -> dict[str, Any]:
        groups = given["TargetGroupArns"]
        return {"TargetGroups": [{"TargetGroupArn": arn, "LoadBalancerArns": ["arn:lb"]} for arn in groups]}

    def describe_listeners(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"Listeners": [{"ListenerArn": "arn:listener/80"}, {"ListenerArn": "arn:listener/443"}]}

    def describe_rules(self, given: dict[str, Any]) -> dict[str, Any]:
        default = {"RuleArn": "arn:default", "IsDefault": True, "Actions": [{"Type": "fixed-response"}]}
        if given["ListenerArn"].endswith("80"):
            return {"Rules": [default]}
        groups = [{"TargetGroupArn": f"arn:tg/{one}", "Weight": self.state["weights"][one]} for one in COLOURS]
        forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
        return {"Rules": [{"RuleArn": "arn:rule", "IsDefault": False, "Actions": [forward]}, default]}

    def modify_rule(self, given: dict[str, Any]) -> dict[str, Any]:
        (action,) = given["Actions"]
        for group in action["ForwardConfig"]["TargetGroups"]:
            self.state["weights"][group["TargetGroupArn"].rpartition("/")[2]] = group["Weight"]
        ringing = self.state["alarm_at"] == self.state["weights"]["green"]
        self.state["alarms"][f"{self.state['cluster']}-error-rate"] = "ALARM" if ringing else "OK"
        return {}

    def describe_target_health(self, given: dict[str, Any]) -> dict[str, Any]:
        colour = given["TargetGroupArn"].rpartition("/")[2]
        service = self._service(colour)
        count = service["deployments"][0]["runningCount"]
        return {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}] * count}

    def describe_task_definition(self, given: dict[str, Any]) -> dict[str, Any]:
        definition = {
            "family": given["taskDefinition"],
            "taskDefinitionArn": "arn:td",
            "revision": 1,
            "status": "ACTIVE",
            "containerDefinitions": [{"name": "app", "image": "old"}, {"name": "collector", "image": "other"}],
        }
        return {"taskDefinition": definition, "tags": [{"key": "Project", "value": "x"}]}

    def register_task_definition(self, given: dict[str, Any]) -> dict[str, Any]:
        number = len(self.state["images"]) + 2
        arn = f"arn:td/{given['family']}:{number}"
        self.state["images"][arn] = {one["name"]: one["image"] for one in given["containerDefinitions"]}
        return {"taskDefinition": {"taskDefinitionArn": arn}}

    def update_service(self, given: dict[str, Any]) -> dict[str, Any]:
        service = self.state["services"][given["service"].removeprefix("app-")]
        service["count"] = given["desiredCount"]
        if "taskDefinition" in given:
            service.update(task=given["taskDefinition"], new=True, created="2026-11-25T00:00:00Z")
        return {}

    def register_scalable_target(self, _: dict[str, Any]) -> dict[str, Any]:
        return {}

    def describe_alarms(self, given: dict[str, Any]) -> dict[str, Any]:
        alarms = self.state["alarms"]
        found = [{"AlarmName": name, "StateValue": alarms[name]} for name in given["AlarmNames"] if name in alarms]
        return {"MetricAlarms": found, "CompositeAlarms": []}

    def run_task(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"tasks": [{"taskArn": "arn:task/1"}], "failures": []}

    def describe_tasks(self, _: dict[str, Any]) -> dict[str, Any]:
        containers = [{"name": "app", "exitCode": self.state["migration_exit"]}, {"name": "collector"}]
        return {"tasks": [{"lastStatus": "STOPPED", "stoppedReason": "it ended", "containers": containers}]}


def _known(answer: Any, shape: Any) -> None:
    """Fail when an answer has a member that AWS's own answer has not."""
    if shape.type_name == "structure":
        for name, value in answer.items():
            assert name in shape.members, f"{shape.name} has no {name}"
            _known(value, shape.members[name])
    elif shape.type_name == "list":
        for value in answer:
            _known(value, shape.member)


def main() -> None:
    """Answer one command line: SERVICE OPERATION … --cli-input-json JSON."""
    file = Path(os.environ["FAKE_AWS_STATE"])
    state = json.loads(file.read_bytes())
    service, operation, *flags = sys.argv[1:]
    parameters = json.loads(flags[flags.index("--cli-input-json") + 1])
    answer = FakeAws(state)(service, operation, parameters)
    file.write_text(json.dumps(state), "utf-8")
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
