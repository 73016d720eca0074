"""The waivers that count in a scan: those in the files and in the comments of the folders that it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from infraguard.model.errors import ConfigError
from infraguard.model.values import Location
from infraguard.readers.tree import DiskTree
from infraguard.suppressions import FILE, Waiver, WaiverMistake, read_waivers, waivers_in_comments
from infraguard.workflows.request import ScanRequest

#: What is waived, or meant to be.
Waivers: TypeAlias = tuple[Waiver | WaiverMistake, ...]


def waivers_of(request: ScanRequest, gates: Collection[str]) -> Waivers:
    """The waivers of every folder that is scanned; without one, those of the current folder's file.

    `gates` are all that exist. Raises `ConfigError` for a mistake in a file.
    """
    folders = [target for target in request.targets if Path(target).is_dir()]
    if not folders:
        return _of_file(Path(), gates)
    several = len(request.targets) > 1
    return tuple(each for folder in folders for each in _of_folder(folder, gates, several=several))


def _of_folder(folder: str, gates: Collection[str], *, several: bool) -> Iterator[Waiver | WaiverMistake]:
    found = (*_of_file(Path(folder), gates), *waivers_in_comments(DiskTree(Path(folder)), gates))
    prefix = folder.rstrip("/") + "/"
    yield from (_under(prefix, each) for each in found) if several else found


def _of_file(folder: Path, gates: Collection[str]) -> tuple[Waiver, ...]:
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("not UTF-8 text", file=str(path)) from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=str(path)) from error
    return read_waivers(text, gates, shown=str(path))


def _under(prefix: str, each: Waiver | WaiverMistake) -> Waiver | WaiverMistake:
    """A waiver of one target of several, placed as its findings are."""
    location: Location = replace(each.location, file=prefix + each.location.file)
    if isinstance(each, Waiver):
        return replace(each, location=location, within=prefix)
    return replace(each, location=location)
