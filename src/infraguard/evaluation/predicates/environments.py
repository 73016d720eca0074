"""Whether a network serves one environment: what lies in it speaks for itself."""

from __future__ import annotations

from typing import Final

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import refers
from infraguard.evaluation.world import Item, World
from infraguard.model.environments import VARIABLES, environment_named
from infraguard.model.evidence import Environment
from infraguard.model.findings import Trace
from infraguard.model.values import Unknown, Value
from infraguard.readers.patterns import pattern

#: What lies in a VPC and names it.
INSIDE: Final = ("aws_subnet", "aws_security_group", "aws_lb_target_group")
#: What is another in each environment: a variable for its name, and the workspace.
_CHOSEN: Final = pattern(
    rf"(?i)(?:^|\.)var\.(?:[a-z0-9]+[_-])*(?:{VARIABLES})(?:[_-](?:name|short|suffix|prefix|id))?\Z"
    r"|^terraform\.workspace\Z"
)
#: Where a network says which environment it serves.
_SAYING: Final = ("tags.Environment", "tags.environment", "tags.env", "tags.Name")


def is_of_each(value: Value) -> bool:
    """Whether a value waits for which environment Terraform is run for, so that each environment has another."""
    return isinstance(value, Unknown) and any(map(_CHOSEN.search, value.depends_on))


def of_a_lesser_environment(item: Item, _: World) -> Trace:
    """Whether it is certainly of staging or development; what tells no environment is judged as production."""
    own = item.resource.environment
    return Trace(
        operator="of_a_lesser_environment",
        truth=own in (Environment.STAGING, Environment.DEVELOPMENT),
        path="environment",
        observed=str(own),
        location=item.resource.location,
    )


#: What names the environment of a VPC.
_NAMING: Final = (*_SAYING, "tags_all.Environment")


def one_environment(item: Item, world: World) -> Trace:
    """Whether all that lies in the VPC is of one environment; unknown when nothing says which it serves."""
    vpc = item.resource
    told = {vpc.environment}
    if vpc.environment is Environment.UNKNOWN:
        # a default of the root names the environment that it makes the network for as well as any other
        said = (lookup(vpc.attributes, path) for path in _NAMING)
        told |= {environment_named(text) for text in said if isinstance(text, str)}
    for inside in world.unit.referring(INSIDE, "vpc_id", vpc):
        if refers(inside, "vpc_id", vpc) is True:
            told.add(inside.environment)
    told.discard(Environment.UNKNOWN)
    if not told and any(is_of_each(lookup(vpc.attributes, path)) for path in _SAYING):
        return Trace(
            operator="one_environment",
            truth=True,
            path="environments",
            expected="one environment",
            observed="each run's own",
            location=vpc.location,
        )
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
