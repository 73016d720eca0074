"""Stored expected output. `INFRAGUARD_UPDATE_EXPECTED=1 pytest tests/reports` writes it anew: read the diff then."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).parent / "expected"


def assert_as_stored(name: str, text: str) -> None:
    """The text is what `expected/NAME` holds, byte for byte."""
    path = _FOLDER / name
    content = text.encode()
    if os.environ.get("INFRAGUARD_UPDATE_EXPECTED"):
        path.write_bytes(content)
    assert content.decode() == path.read_bytes().decode(), f"{name} differs: see tests/reports/stored.py"
