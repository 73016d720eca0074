"""Writing a file so that nobody ever sees half of it."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file in one step: whole, or, on a full disk or an interruption, not at all. Raises `OSError`.

    A link is followed, and what is no regular file (`/dev/stderr`, a pipe) is written to as it is. What is `private`
    can be read by its owner only.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    beside = path.with_name(f".infraguard-{os.urandom(6).hex()}")
    mode = 0o600 if private else 0o666
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
