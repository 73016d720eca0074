"""Stands in for the `aws` program: one environment with two colours behind a rule, kept in a file of state.

Every call is validated against the service models that AWS itself publishes, and every answer too, so that what the
scripts send and read are real names. `FAKE_AWS_STATE` names the file.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

COLOURS = ("blue", "green")
#: What the service's task definitions say of its databases.
DATABASES = {
    "DATABASE_URL": "postgresql+psycopg://portal@proxy.internal:5432/portal?x=1",
    "REPORTING_DATABASE_URL": "postgresql+psycopg://portal@replica.internal:5432/portal",
}


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


class AccessDeniedError(Exception):
    """What AWS says to those who may not."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"An error occurred (AccessDeniedException) when calling {operation}: no")


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


class FakeAws:
    """The answers to the calls that the scripts make."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state

    def __call__(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        if operation == self.state.get("refuses"):
            raise AccessDeniedError(operation)
        model = _model(service)
        name = next(one for one in model.operation_names if one.lower() == operation.replace("-", ""))
        shape = model.operation_model(name)
        assert shape.input_shape
        report = ParamValidator().validate(parameters, shape.input_shape)
        assert not report.has_errors(), report.generate_report()
        self.state["calls"].append([service, operation, parameters])
        answer: dict[str, Any] = getattr(self, operation.replace("-", "_"))(parameters)
        if shape.output_shape:
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
        named = given["taskDefinition"]
        # A family stands for its newest revision.
        newest = [arn for arn in self.state["images"] if arn == named or arn.startswith(f"arn:td/{named}:")]
        images = self.state["images"][newest[-1]] if newest else {"app": "old", "collector": "other"}
        containers: list[dict[str, Any]] = [
            {"name": name, "image": image, "environment": []} for name, image in images.items()
        ]
        containers[0]["environment"] = [{"name": name, "value": value} for name, value in DATABASES.items()]
        definition = {
            "family": named,
            "taskDefinitionArn": "arn:td",
            "revision": 1,
            "status": "ACTIVE",
            "containerDefinitions": containers,
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
        containers: list[dict[str, Any]] = [
            {"name": "app", "exitCode": self.state["migration_exit"]},
            {"name": "collector"},
        ]
        return {"tasks": [{"lastStatus": "STOPPED", "stoppedReason": "it ended", "containers": containers}]}

    def get_restore_testing_plan(self, given: dict[str, Any]) -> dict[str, Any]:
        name = given["RestoreTestingPlanName"]
        plan = {
            "CreationTime": "2026-01-01T00:00:00Z",
            "RecoveryPointSelection": {"Algorithm": "LATEST_WITHIN_WINDOW"},
            "RestoreTestingPlanArn": f"arn:plan/{name}",
            "RestoreTestingPlanName": name,
            "ScheduleExpression": "cron(0 5 1 * ? *)",
        }
        return {"RestoreTestingPlan": plan}

    def list_restore_jobs(self, given: dict[str, Any]) -> dict[str, Any]:
        """One job a page, so that whoever reads one page only is found out."""
        jobs = self.state["restore_jobs"]
        page = int(given.get("NextToken", "0"))
        more = {"NextToken": str(page + 1)} if page + 1 < len(jobs) else {}
        return {"RestoreJobs": jobs[page : page + 1], **more}

    def list_recovery_points_by_backup_vault(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"RecoveryPoints": self.state["recovery_points"].get(given["BackupVaultName"], [])}

    def put_restore_validation_result(self, given: dict[str, Any]) -> dict[str, Any]:
        self.state["told"] = given
        return {}

    def describe_db_instances(self, given: dict[str, Any]) -> dict[str, Any]:
        endpoint = {"Address": "restored.internal", "Port": 5433}
        instance = {"DBInstanceIdentifier": given["DBInstanceIdentifier"], "Endpoint": endpoint}
        sound = {"DBInstanceStatus": "available", "PubliclyAccessible": False, "StorageEncrypted": True}
        return {"DBInstances": [{**instance, **sound, **self.state.get("restored", {})}]}

    def get_cost_and_usage(self, given: dict[str, Any]) -> dict[str, Any]:
        """Half of the services on each of two pages, in the way of Cost Explorer."""
        costs = sorted(self.state["costs"][given["TimePeriod"]["Start"]].items())
        half = len(costs) // 2
        page, more = (costs[half:], {}) if "NextPageToken" in given else (costs[:half], {"NextPageToken": "2"})
        groups = [
            {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": str(amount), "Unit": "USD"}}}
            for name, amount in page
        ]
        return {"ResultsByTime": [{"TimePeriod": given["TimePeriod"], "Groups": groups}], **more}

    def get_cost_forecast(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"Total": {"Amount": self.state["forecast"], "Unit": "USD"}}

    def list_recommendations(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"items": self.state["recommendations"]}


#: What a value of AWS's own types is in the JSON that its command line prints.
_IN_JSON: dict[str, Any] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "boolean": bool,
    "timestamp": str,
    **dict.fromkeys(("integer", "long"), int),
    **dict.fromkeys(("float", "double"), (int, float)),
}


def _known(answer: Any, shape: Any) -> None:
    """Fail when an answer is not one that AWS's own model allows: names, types, and values of an enumeration."""
    assert isinstance(answer, _IN_JSON[shape.type_name]), f"{shape.name} is {shape.type_name}, and not {answer!r}"
    if shape.type_name == "structure":
        for name, value in answer.items():
            assert name in shape.members, f"{shape.name} has no {name}"
            _known(value, shape.members[name])
        assert set(shape.required_members) <= set(answer), f"{shape.name} lacks {shape.required_members}"
    elif shape.type_name == "list":
        for value in answer:
            _known(value, shape.member)
    elif shape.type_name == "string" and shape.enum:
        assert answer in shape.enum, f"{answer!r} is no {shape.name}"
    elif shape.type_name == "timestamp":
        datetime.fromisoformat(answer)


def main() -> None:
    """Answer one command line: SERVICE OPERATION … --cli-input-json JSON."""
    file = Path(os.environ["FAKE_AWS_STATE"])
    state = json.loads(file.read_bytes())
    service, operation, *flags = sys.argv[1:]
    parameters = json.loads(flags[flags.index("--cli-input-json") + 1])
    try:
        answer = FakeAws(state)(service, operation, parameters)
    except AccessDeniedError as error:
        sys.exit(str(error))
    file.write_text(json.dumps(state), "utf-8")
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
