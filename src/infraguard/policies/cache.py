"""Compiled policies by content, so that a folder of YAML is parsed once and loads in milliseconds afterwards."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from infraguard import __version__
from infraguard.model.policy import Policy
from infraguard.writing import write_whole

#: Changes whenever compiled policies change their shape, or their reader accepts others than before.
_FORMAT = "4"

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(tuple[Policy, ...])


def encode(policies: tuple[Policy, ...]) -> bytes:
    """Compiled policies, as the wheel carries them beside their YAML."""
    return _ENCODER.encode(policies)


def decode(content: bytes) -> tuple[Policy, ...]:
    """The policies of a compiled file. Raises `msgspec.DecodeError` or `ValidationError`."""
    return _DECODER.decode(content)


def digest(files: Mapping[str, bytes]) -> str:
    """What a folder of policies says, as one name: the same content gives the same name, anywhere."""
    total = hashlib.sha256(f"{_FORMAT} {__version__}".encode())
    for path, content in sorted(files.items()):
        total.update(f"\0{path}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:32]


def recall(name: str) -> tuple[Policy, ...] | None:
    """The compiled policies of that digest, if they are there and sound."""
    try:
        return decode((_folder() / f"{name}.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return None


def remember(name: str, policies: tuple[Policy, ...]) -> None:
    """Keep compiled policies. A folder that cannot be written costs time, and is no error."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}.json", encode(policies))
    except OSError:
        return


def _folder() -> Path:
    chosen = os.environ.get("INFRAGUARD_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "infraguard" / "policies"
