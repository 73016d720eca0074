"""Every kind that can be read from AWS, and the permissions that reading it needs."""

from __future__ import annotations

from collections.abc import Iterable

from infraguard.collectors.aws import account, backup, billing, cloudwatch, ec2, ecs, elbv2, rds, sns
from infraguard.collectors.aws.reader import Reader

READERS: tuple[Reader, ...] = (
    *(*rds.READERS, *ec2.READERS, *elbv2.READERS, *cloudwatch.READERS, *sns.READERS),
    *(*ecs.READERS, *backup.READERS, *billing.READERS, *account.READERS),
)
#: Other kinds under which Terraform declares the same things or parts of them, and the kind that holds them here:
#: AWS knows no route without its table, and makes no difference between a default group and any other.
HOLDERS = {
    "aws_alb": "aws_lb",
    "aws_alb_listener": "aws_lb_listener",
    "aws_default_route_table": "aws_route_table",
    "aws_default_security_group": "aws_security_group",
    "aws_default_subnet": "aws_subnet",
    "aws_default_vpc": "aws_vpc",
    "aws_internet_gateway_attachment": "aws_internet_gateway",
    "aws_route": "aws_route_table",
    "aws_security_group_rule": "aws_security_group",
    "aws_vpc_security_group_egress_rule": "aws_security_group",
    "aws_vpc_security_group_ingress_rule": "aws_security_group",
}
#: The kinds that some reader reads, by themselves or within another.
KINDS = frozenset(kind for reader in READERS for kind in reader.operations) | HOLDERS.keys()


def with_holders(kinds: Iterable[str]) -> frozenset[str]:
    """The kinds, with those that hold them here."""
    asked = frozenset(kinds)
    return asked | {HOLDERS[kind] for kind in asked & HOLDERS.keys()}


def with_held(kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds, with those that they hold here, sorted."""
    read = frozenset(kinds)
    return tuple(sorted(read | {held for held, holder in HOLDERS.items() if holder in read}))


def attributes_of(kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names that are read of each of the kinds."""
    asked = frozenset(kinds)
    return {kind: names for reader in READERS for kind, names in reader.attributes.items() if kind in asked}


def permissions(kinds: Iterable[str]) -> tuple[str, ...]:
    """The IAM actions that collecting these kinds needs, sorted. Kinds that AWS has no reader for need none.

    Finding out whose account it is (`sts:GetCallerIdentity`) needs no permission.
    """
    wanted = with_holders(kinds)
    return tuple(sorted({action for reader in READERS for action in reader.permissions(wanted)}))
