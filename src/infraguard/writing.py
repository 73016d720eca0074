"""Writing a file so that nobody ever sees half of it, and folders that are gone afterwards whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, content: bytes | Iterable[bytes], *, private: bool = False) -> None:
    """Write a file in one step: whole, or, on a full disk or an interruption, not at all. Raises `OSError`.

    Content that is large can be given in pieces, each of which is let go of once it is written. A link is followed, and
    what is no regular file (`/dev/stderr`, a pipe) is written to as it is. What is `private` can be read by its owner
    only.
    """
    pieces = (content,) if isinstance(content, bytes) else content
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            file.writelines(pieces)
        return
    beside = path.with_name(f".infraguard-{os.urandom(6).hex()}")
    mode = 0o600 if private else 0o666
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.writelines(pieces)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def scratch_folder(prefix: str, within: Path | None = None) -> Iterator[Path]:
    """A new folder that is gone afterwards, also when the user interrupts at any moment.

    Python's own `TemporaryDirectory` makes its folder before it can clean it up, and stops cleaning when interrupted.
    """
    folder = (within or Path(tempfile.gettempdir())) / f"{prefix}{os.urandom(6).hex()}"
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        with _uninterrupted():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C does nothing for the moment that this takes; handlers belong to the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
