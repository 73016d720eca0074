"""Every kind that can be read from AWS, and the permissions that reading it needs."""

from __future__ import annotations

from collections.abc import Iterable

from infraguard.collectors.aws import cloudwatch, ec2, elbv2, rds, sns
from infraguard.collectors.aws.reader import Reader

READERS: tuple[Reader, ...] = (*rds.READERS, *ec2.READERS, *elbv2.READERS, *cloudwatch.READERS, *sns.READERS)
#: The kinds that some reader reads.
KINDS = frozenset(kind for reader in READERS for kind in reader.operations)


def permissions(kinds: Iterable[str]) -> tuple[str, ...]:
    """The IAM actions that collecting these kinds needs, sorted. Kinds that AWS has no reader for need none.

    Finding out whose account it is (`sts:GetCallerIdentity`) needs no permission.
    """
    asked = frozenset(kinds)
    return tuple(sorted({action for reader in READERS for action in reader.permissions(asked)}))
