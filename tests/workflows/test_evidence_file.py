"""Saved evidence is one document, however many resources are written at a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infraguard.model.evidence import Collected, Evidence, Resource, Source
from infraguard.model.values import Location
from infraguard.workflows import evidence_file
from infraguard.workflows.evidence_file import load_evidence, save_evidence

NOW = "2026-01-31T00:00:00+00:00"
KIND = "aws_db_instance"


@pytest.mark.parametrize("together", [1, 2, 1000])
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_what_is_saved_is_what_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int, count: int
) -> None:
    monkeypatch.setattr(evidence_file, "_TOGETHER", together)
    resources = tuple(
        Resource(kind=KIND, id=f"{KIND}.d{number}", source=Source.TF, unit=".", attributes={}, location=Location())
        for number in range(count)
    )
    collected = (Collected(source=Source.TF, unit=".", kinds=(KIND,), read_at=NOW),)
    evidence = Evidence(resources=resources, collected=collected)
    path = tmp_path / "evidence.json"
    save_evidence(evidence, path, read_at=NOW)
    assert load_evidence(path) == evidence
    text = path.read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
