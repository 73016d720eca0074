"""Whether a network serves one environment: what lies in it speaks for itself."""

from __future__ import annotations

from typing import Final

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import refers
from infraguard.evaluation.world import Item, World
from infraguard.model.environments import environment_named
from infraguard.model.evidence import Environment
from infraguard.model.findings import Trace

#: What lies in a VPC and names it.
INSIDE: Final = ("aws_subnet", "aws_security_group", "aws_lb_target_group")


def one_environment(item: Item, world: World) -> Trace:
    """Whether all that lies in the VPC is of one environment; unknown when nothing says which it serves."""
    vpc = item.resource
    told = {vpc.environment}
    name = lookup(vpc.attributes, "tags.Name")
    if vpc.environment is Environment.UNKNOWN and isinstance(name, str):
        told.add(environment_named(name))
    for inside in world.unit.referring(INSIDE, "vpc_id", vpc):
        if refers(inside, "vpc_id", vpc) is True:
            told.add(inside.environment)
    told.discard(Environment.UNKNOWN)
    unknown = not told
    return Trace(
        operator="one_environment",
        truth=None if unknown else len(told) == 1,
        path="environments",
        expected="one environment",
        observed=" and ".join(sorted(told)) or None,
        location=vpc.location,
        reason="nothing says which environment it serves" if unknown else "",
        remedy="tag it with Environment, or keep a root or a file of variables for each environment" if unknown else "",
        depends_on=(f"{vpc.id}.tags",) if unknown else (),
    )
