"""What a format may know beside the report itself. Everything that varies with the reader is passed in here."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from infraguard.model.policy import Policy

#: Reports that go to no terminal are this wide.
DEFAULT_WIDTH = 80


class RenderOptions(Struct, frozen=True, kw_only=True):
    """How a report is to be written.

    `width`, `color` and `unicode` say what the reader's terminal can show, and `verbose` asks for what is usually only
    counted. `policies`, by id, give formats that describe gates their words. `folder` is where the reader finds the
    scanned root, and goes before the names of files: from the working directory for people, from the root of the
    repository for code scanning.
    """

    width: int = DEFAULT_WIDTH
    color: bool = False
    unicode: bool = True
    verbose: bool = False
    policies: Mapping[str, Policy] = field(default_factory=dict)
    folder: str = ""
