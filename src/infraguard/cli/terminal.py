"""What the process reads and writes as a process: standard streams, files, the size and abilities of the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from codecs import getincrementalencoder
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from infraguard.model.errors import UsageError
from infraguard.reports.options import DEFAULT_WIDTH
from infraguard.reports.text import printable
from infraguard.writing import write_whole

_SIGNS = "✗✓─·→"
#: Longer lines are hard to read, however wide the terminal is.
_WIDEST = 120
_NARROWEST = 40
#: Characters that are encoded at a time, so that a large piece of a report is not in memory twice.
_ENCODED = 1_000_000


def complain(message: str, hint: str = "") -> None:
    """An error in one line, and what to do about it in another, on standard error."""
    click.echo(f"error: {printable(message)}", err=True)
    if hint:
        click.echo(f"hint: {printable(hint)}", err=True)


def wants_color(stream: TextIO) -> bool:
    """Whether to write colour: NO_COLOR forbids it, FORCE_COLOR demands it, else a terminal gets it."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int:
    """The width to write for: COLUMNS, else the terminal's, else 80."""
    if not os.environ.get("COLUMNS", "").isdecimal() and not stream.isatty():
        return DEFAULT_WIDTH
    columns = shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns
    return min(max(columns, _NARROWEST), _WIDEST)


def takes_unicode(stream: TextIO) -> bool:
    """Whether the few signs of a report can be written."""
    try:
        _SIGNS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def write_out(text: str, encoding: str | None = None) -> None:
    """Write to standard output, as `write_pieces` does."""
    write_pieces((text,), encoding)


def write_pieces(pieces: Iterable[str], encoding: str | None = None) -> None:
    """Write to standard output; what its encoding cannot say is escaped. A reader who has left is no error.

    Raises `UsageError` when nothing can be written.
    """
    try:
        encoder = getincrementalencoder(encoding or sys.stdout.encoding or "utf-8")("backslashreplace")
        for piece in pieces:
            for start in range(0, len(piece), _ENCODED):
                sys.stdout.buffer.write(encoder.encode(piece[start : start + _ENCODED]))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        close_out()
    except OSError as error:
        close_out()
        raise UsageError(f"standard output cannot be written: {error.strerror}") from error


def close_out() -> None:
    """Give the interpreter, which flushes once more at its end, something that can be written to."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_file(path: Path, pieces: Iterable[str]) -> None:
    """Write a report to a file, whole or not at all. Raises `UsageError`."""
    try:
        write_whole(path, (piece.encode("utf-8", "backslashreplace") for piece in pieces))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


@contextmanager
def progress(words: str) -> Iterator[None]:
    """Say what is going on while it does; on a terminal only, and on standard error."""
    if not sys.stderr.isatty():
        yield
        return
    line = f"{printable(words)} ..."
    click.echo(line, err=True, nl=False)
    try:
        yield
    finally:
        click.echo("\r" + " " * len(line) + "\r", err=True, nl=False)
