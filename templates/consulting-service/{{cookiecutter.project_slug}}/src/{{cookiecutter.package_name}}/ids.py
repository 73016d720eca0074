"""Identifiers: UUIDs of version 7, which begin with the time and so keep indexes in order."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """Make an identifier: 48 bits of milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80
    value |= 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)
