"""Fixtures for tests that need an AWS; a conftest imports them by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.emulator.server import Emulator
from tests.tools import missing


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """One emulator for the whole test session."""
    if find_spec("moto") is None:
        missing("moto", "install it with `uv sync --group tools`")
    started = Emulator()
    yield started
    started.stop()


@pytest.fixture
def aws(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator, empty, with the environment of this process leading to it and nowhere else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    emulator.reset()
    return emulator
