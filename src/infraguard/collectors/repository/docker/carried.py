"""What of the folder that a build sees ends up in an image: copied there, or taken over from a stage that copied it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any

from infraguard.model.evidence import Resource

_WHOLE = frozenset({".", "*", "./", "./*"})


def carries_folder(line: Sequence[Resource], stages: Sequence[Resource]) -> bool:
    """Whether the image that a line of stages makes holds the whole folder, hidden files included."""
    return bool(_places(line, stages, frozenset()))


def _places(line: Sequence[Resource], stages: Sequence[Resource], seen: frozenset[str]) -> list[str]:
    """Where in the image the folder lies."""
    found: list[str] = []
    here = "/"
    for stage in line:
        for instruction in stage.attributes["instructions"]:
            if instruction["instruction"] == "WORKDIR":
                here = _below(here, str(instruction["value"]).strip("\"'"))
            elif instruction["instruction"] in ("COPY", "ADD"):
                found += _copied(instruction, here, stages, seen)
    return found


def _copied(instruction: Mapping[str, Any], here: str, stages: Sequence[Resource], seen: frozenset[str]) -> list[str]:
    """Where a copy puts the folder, if it does."""
    words = str(instruction["value"]).strip("[]").replace('"', " ").replace(",", " ").split()
    if len(words) < 2:
        return []
    *sources, target = words
    there = _below(here, target)
    taken = next((flag["value"] for flag in instruction.get("flags", []) if flag["name"] == "from"), "")
    if not taken:
        return [there] if any(word in _WHOLE for word in sources) else []
    if taken.lower() in seen:
        return []
    inside = _places(_line(taken, stages), stages, seen | {taken.lower()})
    roots = [_below("/", source) for source in sources]
    return [
        _below(there, posixpath.relpath(place, root))
        for place in inside
        for root in roots
        if place == root or place.startswith(f"{root.rstrip('/')}/")
    ]


def _below(folder: str, path: str) -> str:
    """A path as a folder sees it; a variable that begins one holds where it leads from the root."""
    return posixpath.normpath(posixpath.join("/" if path.startswith("$") else folder, path))


def _line(name: str, stages: Sequence[Resource]) -> list[Resource]:
    """The stages that one of them is made of, the first of them first."""
    by_name = {str(stage.attributes.get("name", index)).lower(): stage for index, stage in enumerate(stages)}
    by_name |= {str(index): stage for index, stage in enumerate(stages)}
    line: list[Resource] = []
    parent: Any = name
    while parent and (stage := by_name.get(str(parent).lower())) is not None and stage not in line:
        line.insert(0, stage)
        parent = stage.attributes.get("base_stage")
    return line
