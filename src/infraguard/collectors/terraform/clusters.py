"""Load balancers that Kubernetes makes: where a cluster serves, there are some that no Terraform declares.

A controller in the cluster makes them for what asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.model.values import Location
from infraguard.terraform import Evaluated, Sources

_CLUSTER: Final = "aws_eks_cluster"
_BALANCERS: Final = ("aws_lb", "aws_alb", "aws_elb")
_MADE: Final = ("aws_elb", "aws_lb", "aws_lb_listener", "aws_lb_target_group")


def made_in_clusters(sources: Sources, evaluated: Evaluated, unit: str) -> Iterator[Gap]:
    """A gap for what a cluster of the unit may have made, unless the unit declares a load balancer itself."""
    declared: dict[str, Location] = {}
    for folder in sorted(evaluated.folders):
        for name, each in sources.declarations(folder).resources.items():
            declared.setdefault(name.partition(".")[0], each.location())
    hidden = next((each for each in evaluated.unread if _CLUSTER in each.kinds), None)
    place = declared.get(_CLUSTER) or (hidden.location if hidden else None)
    if place is None or any(kind in declared for kind in _BALANCERS):
        return
    yield Gap(
        source=Source.TF,
        scope=f"what Kubernetes makes in {hidden.scope if hidden and _CLUSTER not in declared else _CLUSTER}",
        reason=GapReason.UNSUPPORTED,
        detail="controllers of a cluster make load balancers that no Terraform declares",
        remedy="scan the account with --aws, which sees them",
        unit=unit,
        kinds=_MADE,
        location=place,
    )
