"""Collecting from files held in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from infraguard.collectors.repository import collect_repository
from infraguard.model.evidence import Evidence, Resource
from infraguard.readers.tree import MemoryTree

Files: TypeAlias = Mapping[str, str | bytes]


@pytest.fixture
def collect() -> Callable[[Files], Evidence]:
    return lambda files: collect_repository(MemoryTree(files))


@pytest.fixture
def only(collect: Callable[[Files], Evidence]) -> Callable[[str, Files], Resource]:
    """The one resource of a kind that some files give; they leave no gap."""

    def find(kind: str, files: Files) -> Resource:
        evidence = collect(files)
        assert evidence.gaps == ()
        (resource,) = [resource for resource in evidence.resources if resource.kind == kind]
        return resource

    return find
