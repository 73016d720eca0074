"""The checklist of deployments: the lists whole, and each point with a gate of ours or a person."""

from __future__ import annotations

import re
from pathlib import Path

from infraguard.bundled import bundled_folder
from infraguard.readers.yaml import read_document


def test_every_point_of_the_checklist_has_a_known_gate_or_a_person(project: Path) -> None:
    lists = read_document((project / ".infraguard/checklist.yaml").read_text("utf-8"), "checklist.yaml").data
    assert {name: len(points) for name, points in lists.items()} == {"deployment": 12, "pre": 8, "during": 9, "post": 8}
    text = (bundled_folder("policies") / "gates.yaml").read_text("utf-8")
    gates = set(re.findall(r"[a-z]+/[a-z0-9-]+", text))
    for point in (point for points in lists.values() for point in points):
        assert point.get("manual") is True or point["gate"] in gates, point
