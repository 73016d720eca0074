"""An emulated AWS, and a collector that does not wait long for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from infraguard.collectors.aws import AwsRequest, collect_aws
from infraguard.collectors.aws.catalogue import KINDS
from infraguard.model.evidence import Evidence
from tests.emulator.fixtures import aws, emulator

__all__ = ["aws", "emulator"]

#: Collects these kinds with a request that asks once; keyword arguments override its settings.
Collect = Callable[..., Evidence]


@pytest.fixture
def collect() -> Collect:
    def once(kinds: Iterable[str] = KINDS, **settings: Any) -> Evidence:
        # A busy machine is no fault: whoever tests the patience of a request says what it is.
        usual = {"retries": 0, "connect_timeout": 1.0, "read_timeout": 60.0, "max_workers": 8}
        return collect_aws(AwsRequest(kinds=frozenset(kinds), **{**usual, **settings}))

    return once
