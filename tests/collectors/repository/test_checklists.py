"""Reading checklists, and what is wrong in one."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.checklists import FAMILY, FILE
from infraguard.readers.tree import MemoryTree


def test_a_point_with_its_record() -> None:
    text = 'post:\n  - {id: told, point: Told, manual: true, by: " Ada ", on: 2026-11-20, evidence: "#4"}\n'
    checklist, point = FAMILY.read(MemoryTree({FILE: text})).resources
    assert checklist.attributes == {"is_there": True, "points": ["post/told"]}
    assert point.id == "post/told"
    assert point.location.line == 2
    assert point.attributes == {
        "list": "post",
        "point": "Told",
        "confirmed_by": "Ada",
        "confirmed_on": "2026-11-20",
        "evidence": "#4",
    }


def test_no_checklist_is_told() -> None:
    found = FAMILY.read(MemoryTree({"README.md": ""}))
    assert [each.attributes for each in found.resources] == [{"is_there": False, "points": []}]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("- a\n", 1, "lists of points by name are expected here"),
        ("pre: {}\n", 1, "a list of points is expected here"),
        ("pre:\n  - tests\n", 2, "a point has an `id`"),
        ("pre:\n  - {id: a, point: A}\n", 2, "names the `gate` that shows it, or is `manual: true`"),
        ("pre:\n  - {id: a, point: A, gate: x/y, manual: true}\n", 2, "or is `manual: true`"),
        ("pre:\n  - {id: a, point: A, gate: tests}\n", 2, "'tests' is no id of a gate"),
        ("pre:\n  - {id: a, point: A, manual: true, who: B}\n", 2, "unknown key 'who'"),
        ("pre:\n  - {id: a, point: A, manual: true, on: 2026-01-01}\n", 2, "says in `by` who"),
        ("pre:\n  - {id: a, point: A, manual: true, by: B}\n", 2, "the day of it"),
        ("pre:\n  - {id: a, point: A, manual: true, by: B, on: 2026-02-30}\n", 2, "the day of it"),
        ("pre:\n  - {id: a, point: A, manual: true}\n  - {id: a, point: B, manual: true}\n", 2, "two points pre/a"),
        ("pre: [\n", 2, ""),
    ],
)
def test_a_mistake_is_a_gap_at_its_place(text: str, line: int, why: str) -> None:
    found = FAMILY.read(MemoryTree({FILE: text}))
    assert found.resources == ()
    (gap,) = found.gaps
    assert why in gap.detail
    assert gap.location is not None
    assert (gap.location.file, gap.location.line) == (FILE, line)
