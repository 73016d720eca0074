"""An emulated AWS for whole scans."""

from __future__ import annotations

from tests.emulator.fixtures import aws, emulator

__all__ = ["aws", "emulator"]
