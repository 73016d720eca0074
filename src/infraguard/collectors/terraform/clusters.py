"""Load balancers that Kubernetes makes: where a cluster serves, there are some that no Terraform declares.

A controller in the cluster makes them for what asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.model.values import Location
from infraguard.terraform import Evaluated, Sources

_CLUSTER: Final = "aws_eks_cluster"
_BALANCERS: Final = ("aws_lb", "aws_alb", "aws_elb")
_MADE: Final = ("aws_elb", "aws_lb", "aws_lb_listener", "aws_lb_target_group")


class _Declared(NamedTuple):
    """Of one folder: where it declares a cluster, if it does, and whether it declares a load balancer."""

    cluster: Location | None
    has_balancer: bool


def _declared(sources: Sources, folder: str) -> _Declared:
    resources = sources.declarations(folder).resources
    cluster = next((each for name, each in resources.items() if name.startswith(f"{_CLUSTER}.")), None)
    return _Declared(
        cluster.location() if cluster else None, any(name.partition(".")[0] in _BALANCERS for name in resources)
    )


def made_in_clusters(sources: Sources, evaluated: Evaluated, unit: str) -> Iterator[Gap]:
    """A gap for what a cluster of the unit may have made, unless the unit declares a load balancer itself."""
    folders = [sources.once(("clusters", folder), partial(_declared, sources, folder)) for folder in evaluated.folders]
    if any(each.has_balancer for each in folders):
        return
    declared = min((each.cluster for each in folders if each.cluster), key=str, default=None)
    hidden = next((each for each in evaluated.unread if _CLUSTER in each.kinds), None)
    place = declared or (hidden.location if hidden else None)
    if place is None:
        return
    yield Gap(
        source=Source.TF,
        scope=f"what Kubernetes makes in {hidden.scope if hidden and not declared else _CLUSTER}",
        reason=GapReason.UNSUPPORTED,
        detail="controllers of a cluster make load balancers that no Terraform declares",
        remedy="scan the account with --aws, which sees them",
        unit=unit,
        kinds=_MADE,
        location=place,
    )
