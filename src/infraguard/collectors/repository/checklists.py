"""`.infraguard/checklist.yaml`: what is held at every deployment, each point by a gate or by a person's record.

deployment:
  - {id: tests, point: "All tests pass", gate: pipeline/all-tests-pass}
  - {id: communication, point: "Communication sent", manual: true, by: Ada Lovelace, on: 2026-11-20, evidence: "#412"}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NoReturn

from msgspec import Struct

from infraguard.collectors.repository.found import UNIT, Family, Found, at, each_file
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource, Source
from infraguard.readers.tree import Tree
from infraguard.readers.yaml import Document, read_document

KINDS: Final = ("checklist", "checklist_point")
FILE: Final = ".infraguard/checklist.yaml"
_KEYS: Final = frozenset({"id", "point", "gate", "manual", "by", "on", "evidence"})
_GATE: Final = re.compile(r"[a-z][a-z0-9-]*/[a-z0-9][a-z0-9-]*\Z")


def _wants(path: str) -> bool:
    return path == FILE


def _read(tree: Tree) -> Found:
    """The points, and the checklist itself: that there is none is told, too."""
    found = each_file(tree, _wants, KINDS, _points)
    if not found.gaps:
        ids = [point.id for point in found.resources]
        found = Found((_checklist(ids, is_there=FILE in tree), *found.resources))
    return found


FAMILY = Family(KINDS, _wants, _read)


def _checklist(ids: list[str], *, is_there: bool) -> Resource:
    attributes = {"is_there": is_there, "points": ids}
    return Resource(kind="checklist", id=FILE, source=Source.REPO, unit=UNIT, attributes=attributes, location=at(FILE))


def _points(tree: Tree, path: str) -> Iterator[Resource]:
    document = read_document(tree.read(path), path)
    if not isinstance(document.data, dict):
        _Place(document, path, "").fail("lists of points by name are expected here")
    seen: set[str] = set()
    for name, points in document.data.items():
        place = _Place(document, path, name)
        if not isinstance(points, list):
            place.fail("a list of points is expected here")
        for index, point in enumerate(points):
            resource = _point(_Place(document, path, f"{name}.{index}"), name, point)
            if resource.id in seen:
                place.fail(f"there are two points {resource.id}")
            seen.add(resource.id)
            yield resource


class _Place(Struct, frozen=True):
    """A place in the file, for what is wrong there."""

    document: Document
    file: str
    path: str

    def fail(self, why: str, hint: str = "") -> NoReturn:
        location = self.document.at(self.path)
        line, column = (location.line, location.column) if location else (1, 0)
        raise SyntaxProblem(why, file=self.file, line=line, column=column, hint=hint)


def _point(place: _Place, name: str, point: Any) -> Resource:
    if not isinstance(point, dict) or not all(isinstance(point.get(key), str) for key in ("id", "point")):
        place.fail("a point has an `id` and says in `point` what is to be done")
    unknown = sorted(set(point) - _KEYS)
    if unknown:
        place.fail(f"unknown key {unknown[0]!r}", f"known: {', '.join(sorted(_KEYS))}")
    gate, is_manual = point.get("gate"), point.get("manual") is True
    if is_manual is (gate is not None):
        place.fail("a point names the `gate` that shows it, or is `manual: true`")
    if gate is not None and not (isinstance(gate, str) and _GATE.match(gate)):
        place.fail(f"{gate!r} is no id of a gate", "an id is `area/name`")
    attributes = {"list": name, "point": point["point"], "gate": gate, **_record(place, point)}
    return Resource(
        kind="checklist_point",
        id=f"{name}/{point['id']}",
        source=Source.REPO,
        unit=UNIT,
        attributes={key: value for key, value in attributes.items() if value is not None},
        location=place.document.at(place.path) or at(place.file),
    )


def _record(place: _Place, point: dict[str, Any]) -> dict[str, Any]:
    """Who has confirmed a point, and on which day; nothing where nobody has."""
    by, on = point.get("by"), point.get("on")
    if by is None and on is None:
        return {}
    if not isinstance(by, str) or not by.strip():
        place.fail("a record says in `by` who confirms the point")
    day = _day(on)
    if day is None:
        place.fail("a record says in `on` the day of it", "write it as YYYY-MM-DD")
    return {"confirmed_by": by.strip(), "confirmed_on": day, "evidence": point.get("evidence")}


def _day(text: Any) -> str | None:
    try:
        return date.fromisoformat(str(text)).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)) else None
    except ValueError:
        return None
