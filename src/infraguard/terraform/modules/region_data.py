"""Data sources of AWS that tell no more than the region that their provider has: it, and the partition it is in."""

from __future__ import annotations

from typing import Final

from infraguard.readers.patterns import pattern

_REGION: Final = "aws_region"
_PARTITION: Final = "aws_partition"
OF_REGION: Final = frozenset({_REGION, _PARTITION})
#: Arguments by which such a data source is asked of another region.
OTHER_REGION: Final = ("name", "endpoint", "region")
#: The partition of regions by how they begin, and the end of its host names; those that few may see are left out.
_PARTITIONS: Final = (
    (pattern(r"cn-[a-z]+-\d\Z"), "aws-cn", "amazonaws.com.cn"),
    (pattern(r"us-gov-[a-z]+-\d\Z"), "aws-us-gov", "amazonaws.com"),
    (pattern(r"(?:af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d\Z"), "aws", "amazonaws.com"),
)


def told_by_region(kind: str, name: str, region: str) -> str | None:
    """The attribute of a data source of this type in this region; None for all that is not told by it."""
    if kind == _REGION:
        return region if region and name in ("id", "name", "region") else None
    if kind != _PARTITION:
        return None
    found = next((each for each in _PARTITIONS if each[0].match(region)), None)
    if found is None:
        return None
    _, partition, suffix = found
    return {"id": partition, "partition": partition, "dns_suffix": suffix}.get(name)
