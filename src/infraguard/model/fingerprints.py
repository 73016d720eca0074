"""A name for a finding that survives edits around it: gate, source, unit and address, and never a line."""

from __future__ import annotations

import hashlib


def fingerprint(policy: str, source: str, unit: str, resource_id: str, rule: int) -> str:
    """32 hexadecimal digits; the same finding has the same ones in every scan."""
    parts = "\0".join((policy, source, unit, resource_id, str(rule)))
    return hashlib.sha256(parts.encode()).hexdigest()[:32]
