"""Asking for no more than is needed, and saying exactly what that is."""

from __future__ import annotations

from collections import Counter

import pytest

from infraguard.collectors.aws import permissions
from infraguard.collectors.aws.calls import page_token
from infraguard.collectors.aws.catalogue import HOLDERS, KINDS, READERS, with_holders
from infraguard.collectors.aws.names import permission
from tests.collectors.aws.conftest import Collect
from tests.emulator.server import Emulator


def called(aws: Emulator) -> set[str]:
    """The permissions that the calls since the last reset have used, but for those of STS."""
    return {permission(entry.service, entry.operation) for entry in aws.log() if entry.service != "sts"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_calls_exactly_what_it_declares(aws: Emulator, collect: Collect, kind: str) -> None:
    aws.seed_good()
    seeding = len(aws.log())
    evidence = collect({kind})
    used = {permission(e.service, e.operation) for e in aws.log()[seeding:] if e.service != "sts"}
    assert used == set(permissions({kind}))
    assert {resource.kind for resource in evidence.resources} <= with_holders({kind})


def test_all_kinds_together_call_nothing_else(aws: Emulator, collect: Collect) -> None:
    collect()
    assert called(aws) <= set(permissions(KINDS))
    listed = Counter((entry.service, entry.operation) for entry in aws.log() if entry.service != "sts")
    readers = Counter((each.service, name) for each in READERS for name in set().union(*each.operations.values()))
    assert listed <= readers, "one operation lists for all kinds of its reader"


def test_no_kinds_call_nothing(aws: Emulator, collect: Collect) -> None:
    assert collect(()).resources == ()
    assert called(aws) == set()
    assert permissions(()) == ()


def test_only_reading_permissions_are_asked_for() -> None:
    assert all(name.split(":")[1].startswith(("Describe", "List", "Get")) for name in permissions(KINDS))
    assert permissions({"aws_lb_listener", "aws_moon_base"}) == (
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
    )


def test_every_kind_has_one_reader() -> None:
    kinds = [kind for reader in READERS for kind in reader.operations]
    assert len(kinds) == len(set(kinds))
    assert set(HOLDERS.values()) <= set(kinds)
    assert not set(HOLDERS) & set(kinds)


def test_no_operation_has_pages_that_botocore_cannot_turn(aws: Emulator) -> None:
    """An operation that answers with a token and has no paginator would be cut off at its first page in silence."""
    for reader in READERS:
        client = aws.client(reader.service)
        for operation in {name for names in reader.operations.values() for name in names}:
            method = next(m for m, name in client.meta.method_to_api_mapping.items() if name == operation)
            output = client.meta.service_model.operation_model(operation).output_shape.members
            tokens = [member for member in output if "token" in member.lower() or "marker" in member.lower()]
            turned = page_token(client.meta.service_model.operation_model(operation))
            assert client.can_paginate(method) or turned or not tokens, operation
