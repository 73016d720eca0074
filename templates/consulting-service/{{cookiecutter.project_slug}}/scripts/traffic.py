"""Who serves: two colours behind one listener rule of the load balancer, whose weights say it.

The weights are the only state of a release, so whoever reads the rule knows where one stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cli import ScriptError
from environment import Environment

COLOURS = ("blue", "green")


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


@dataclass(frozen=True)
class Traffic:
    """Both colours, and how the traffic is shared out between them."""

    environment: Environment
    sides: dict[str, Side]

    def shares(self) -> dict[str, int]:
        """The percentage that each colour gets."""
        weights = _weights(self._rule())
        total = sum(weights.values()) or 1
        return {
            colour: round(100 * weights[side.target_group] / total)
            for colour, side in self.sides.items()
        }

    def live(self) -> Side:
        """The only colour that serves. Fails while a release is half done."""
        shares = self.shares()
        serving = [colour for colour, share in shares.items() if share]
        if len(serving) != 1:
            state = ", ".join(f"{colour} {share} %" for colour, share in shares.items())
            raise ScriptError(f"a release was broken off here ({state}): roll back first")
        return self.sides[serving[0]]

    def other(self, side: Side) -> Side:
        """The other colour."""
        return next(one for one in self.sides.values() if one.colour != side.colour)

    def previous(self) -> Side:
        """The colour that served before: in the middle of a release, the one deployed earlier."""
        shares = self.shares()
        if all(shares.values()):
            return min(self.sides.values(), key=_deployed_at)
        return next(side for colour, side in self.sides.items() if not shares[colour])

    def healthy_targets(self, side: Side) -> int:
        """How many tasks of a colour the load balancer finds healthy."""
        request = {"TargetGroupArn": side.target_group}
        answer = self.environment.call("elbv2", "describe-target-health", request)
        states = [one["TargetHealth"]["State"] for one in answer["TargetHealthDescriptions"]]
        return states.count("healthy")

    def shift(self, side: Side, percent: int) -> None:
        """Give a colour this share of the traffic, and the other one the rest."""
        groups = [
            {
                "TargetGroupArn": one.target_group,
                "Weight": percent if one.colour == side.colour else 100 - percent,
            }
            for one in self.sides.values()
        ]
        action: dict[str, Any] = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
        request = {"RuleArn": self._rule()["RuleArn"], "Actions": [action]}
        self.environment.call("elbv2", "modify-rule", request)
        self.environment.say(f"{side.name} gets {percent} %")

    def _rule(self) -> dict[str, Any]:
        """The listener rule that shares the traffic out between the colours."""
        groups = {side.target_group for side in self.sides.values()}
        call = self.environment.call
        described = call("elbv2", "describe-target-groups", {"TargetGroupArns": sorted(groups)})
        balancers = {
            arn for group in described["TargetGroups"] for arn in group["LoadBalancerArns"]
        }
        for balancer in sorted(balancers):
            listeners = call("elbv2", "describe-listeners", {"LoadBalancerArn": balancer})
            for listener in listeners["Listeners"]:
                request = {"ListenerArn": listener["ListenerArn"]}
                rules: list[dict[str, Any]] = call("elbv2", "describe-rules", request)["Rules"]
                for rule in rules:
                    if not rule["IsDefault"] and set(_weights(rule)) == groups:
                        return rule
        raise ScriptError("no listener rule shares traffic between app-blue and app-green")


def traffic_of(environment: Environment) -> Traffic:
    """The two colours of an environment. Fails when one is missing."""
    names = [f"app-{colour}" for colour in COLOURS]
    request = {"cluster": environment.cluster, "services": names}
    answer = environment.call("ecs", "describe-services", request)
    found = {service["serviceName"]: service for service in answer["services"]}
    sides = {}
    for colour, name in zip(COLOURS, names, strict=True):
        if name not in found:
            raise ScriptError(f"the cluster {environment.cluster} has no service {name}")
        group = found[name]["loadBalancers"][0]["targetGroupArn"]
        sides[colour] = Side(colour, found[name], group)
    return Traffic(environment, sides)


def _deployed_at(side: Side) -> str:
    return str(side.service["deployments"][0]["createdAt"])


def _weights(rule: dict[str, Any]) -> dict[str, int]:
    """The target groups of a rule with their weights."""
    forwards = [action for action in rule["Actions"] if action["Type"] == "forward"]
    groups = [
        one
        for action in forwards
        for one in action.get("ForwardConfig", {}).get("TargetGroups", [])
    ]
    return {group["TargetGroupArn"]: group.get("Weight", 1) for group in groups}
