"""What following a command gives: the scripts that it runs, or why they cannot be told."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Recipe(Struct, frozen=True):
    """A script that a command leads to, and where it is written.

    `stops` says that the first command to fail ends it; `pipefail` that a pipe fails with any of its commands;
    `ignored` that its own failure does not count; `hidden` why its text does not tell what it runs; `doubt` why it may
    be another script that is run in its place; `only` the folder whose files alone it is given.
    """

    text: str
    where: str
    folder: str
    stops: bool = False
    pipefail: bool = False
    ignored: bool = False
    hidden: str = ""
    doubt: str = ""
    variables: Mapping[str, Any] = {}
    only: str = ""


class Hidden(Struct, frozen=True):
    """Why it cannot be told what a command runs."""

    why: str


#: What a follower says of a command: its scripts, that they are hidden, or None where the command is none of its own.
Followed = list[Recipe] | Hidden | None


def joined(folder: str, path: str) -> str:
    """A path below a folder of the repository, without detours."""
    return posixpath.normpath(posixpath.join(folder, path))


def upwards(folder: str) -> list[str]:
    """The folder and those around it, the nearest first."""
    parts = [] if folder == "." else folder.split("/")
    return ["/".join(parts[:length]) or "." for length in range(len(parts), -1, -1)]
