"""Names by which IAM speaks of what boto3 calls."""

from __future__ import annotations

#: IAM prefixes that differ from the name of the boto3 client.
_PREFIXES = {"elbv2": "elasticloadbalancing"}


def permission(service: str, operation: str) -> str:
    """The IAM action that allows an operation.

    Source: the service authorization reference of AWS, https://docs.aws.amazon.com/service-authorization/.
    """
    return f"{_PREFIXES.get(service, service)}:{operation}"
