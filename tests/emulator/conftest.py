"""The emulator under test is the one that other tests use."""

from __future__ import annotations

from tests.emulator.fixtures import aws, emulator

__all__ = ["aws", "emulator"]
