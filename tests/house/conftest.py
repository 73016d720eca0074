"""An emulated AWS for the README's report on a live account."""

from __future__ import annotations

from tests.emulator.fixtures import aws, emulator

__all__ = ["aws", "emulator"]
