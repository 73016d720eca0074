"""Every fault on every service: each resource of the healthy run is still there, or a gap says it may be missing."""

from __future__ import annotations

import pytest

from infraguard.model.evidence import Evidence, Resource
from infraguard.model.values import ABSENT, Denied, Unknown
from tests.collectors.aws.conftest import Collect
from tests.emulator.faults import KINDS
from tests.emulator.server import Emulator

REGIONS = ("eu-west-1", "us-east-1")
SERVICES = ("rds", "ec2", "elbv2", "cloudwatch", "sns")


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


@pytest.mark.parametrize("chance", [1.0, 0.4])
@pytest.mark.parametrize("fault", KINDS)
def test_nothing_is_lost_in_silence_and_nothing_is_invented(
    aws: Emulator, collect: Collect, healthy: Evidence, fault: str, chance: float
) -> None:
    before = {(resource.kind, resource.id): resource for resource in healthy.resources}
    gaps = 0
    for service in SERVICES:
        aws.faults([{"kind": fault, "service": service, "p": chance, "delay": 0.4 if fault == "timeout" else 0.1}])
        evidence = collect(regions=REGIONS, read_timeout=0.2 if fault == "timeout" else 2.0)
        gaps += len(evidence.gaps)
        after = {(resource.kind, resource.id): resource for resource in evidence.resources}
        assert after.keys() <= before.keys(), "nothing is invented"
        for key, resource in before.items():
            hidden = any(gap.may_hide(resource.kind, resource.unit) for gap in evidence.gaps)
            assert key in after or hidden, f"{key} vanished when {service} suffered {fault}"
            assert key not in after or same_or_unreadable(resource, after[key])
        assert all(gap.remedy and gap.detail for gap in evidence.gaps)
    assert bool(gaps) == (fault != "slow"), "the faults did strike"
