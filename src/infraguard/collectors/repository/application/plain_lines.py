"""Lines that go past structlog: loggers of the standard library whose message is written as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from infraguard.collectors.repository.nature.places import is_application
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

_LOGGERS: Final = pattern(r"\blogging\.getLogger\(")
_SAYS: Final = pattern(r"\blog(?:ger)?\.(?:debug|info|warning|error|exception|critical)\(")


def told(tree: Tree, resources: Sequence[Resource]) -> list[Resource]:
    """The resources, where set-ups of structlog that do not reach what other modules log write both, `mixed`."""
    apart = {each.location.file for each in resources if each.kind == "log_setup" and _is_apart(tree, each)}
    if not apart or not any(_is_plain(tree, path) for path in tree.paths if is_application(path)):
        return list(resources)
    return [
        replace(each, attributes={**each.attributes, "format": "mixed"})
        if each.kind == "log_setup" and each.location.file in apart and each.attributes["format"] == "json"
        else each
        for each in resources
    ]


def _is_apart(tree: Tree, setup: Resource) -> bool:
    """Whether structlog renders its own lines here, and the handler writes the message of any other as it stands."""
    text = text_or_empty(tree, setup.location.file)
    return "structlog.configure" in text and "basicConfig" in text and "ProcessorFormatter" not in text


def _is_plain(tree: Tree, path: str) -> bool:
    """Whether a module logs by the standard library, and not by structlog."""
    text = text_or_empty(tree, path)
    return "structlog" not in text and bool(_LOGGERS.search(text) and _SAYS.search(text))
