"""Every fault on every service: each resource of the healthy run is still there, or a gap says it may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import pytest

from infraguard.collectors.aws.catalogue import READERS
from infraguard.model.evidence import Evidence, Resource
from infraguard.model.values import ABSENT, Denied, Unknown
from tests.collectors.aws.conftest import Collect
from tests.emulator.faults import KINDS
from tests.emulator.server import Emulator

REGIONS = ("eu-west-1", "us-east-1")
#: The kinds that are read from each service.
SERVICES = {
    service: frozenset(kind for reader in readers for kind in reader.operations)
    for service, readers in groupby(READERS, key=lambda reader: reader.service)
    if service != "sts"  # whose faults leave nothing to judge, and are tested by themselves
}
KINDS_READ = frozenset().union(*SERVICES.values())


@pytest.fixture
def healthy(aws: Emulator, collect: Collect) -> Evidence:
    aws.seed_good("eu-west-1")
    aws.seed_bad("us-east-1")
    evidence = collect(regions=REGIONS)
    assert evidence.gaps == ()
    return evidence


def same_or_unreadable(before: Resource, after: Resource) -> bool:
    """Whether every attribute is what it was, or a marker says that it could not be read."""
    names = before.attributes.keys() | after.attributes.keys()
    values = [(before.attributes.get(name, ABSENT), after.attributes.get(name, ABSENT)) for name in names]
    return all(new == old or isinstance(new, (Denied, Unknown)) for old, new in values)


def assert_honest(before: Evidence, after: Evidence, kinds: Iterable[str], suffered: str) -> None:
    """Nothing is invented, and what is missing or has changed is marked as unread."""
    old = {(item.kind, item.id): item for item in before.resources if item.kind in kinds}
    new = {(item.kind, item.id): item for item in after.resources}
    assert new.keys() <= old.keys(), f"invented under {suffered}"
    for key, item in old.items():
        hidden = any(gap.may_hide(item.kind, item.unit) for gap in after.gaps)
        assert key in new or hidden, f"{key} vanished under {suffered}"
        assert key not in new or same_or_unreadable(item, new[key]), f"{key} changed under {suffered}"
    assert all(gap.remedy and gap.detail for gap in after.gaps)


@pytest.mark.parametrize("fault", KINDS)
def test_nothing_is_lost_in_silence_and_nothing_is_invented(
    aws: Emulator, collect: Collect, healthy: Evidence, fault: str
) -> None:
    delay, patience = (0.4, {"read_timeout": 0.2}) if fault == "timeout" else (0.1, {})
    for service, kinds in SERVICES.items():
        aws.faults([{"kind": fault, "service": service, "delay": delay}])
        evidence = collect(kinds, regions=REGIONS, **patience)
        assert_honest(healthy, evidence, kinds, f"{fault} of {service}")
        assert bool(evidence.gaps) == (fault != "slow"), "the fault did strike"
    for chance in (0.2, 0.5):
        some = {"kind": fault, "p": chance, "delay": delay}
        aws.faults([{**some, "operation": "Describe*"}, {**some, "operation": "List*"}])
        evidence = collect(KINDS_READ, regions=REGIONS, **patience)
        assert_honest(healthy, evidence, KINDS_READ, f"{fault} of {chance:.0%} of all calls")
