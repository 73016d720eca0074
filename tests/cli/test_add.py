from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Invoke


def test_a_plan_is_shown_first_and_written_when_asked(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "keeper"\n', "utf-8")
    outcome = invoke("add", "container", str(tmp_path))
    assert outcome.code == 0
    assert "would be added:\n  .dockerignore\n  Dockerfile" in outcome.out
    assert not (tmp_path / "Dockerfile").exists()
    data = json.loads(invoke("add", "container", str(tmp_path), "--write", "--format", "json").out)
    assert (data["written"], data["there"]) == (True, [])
    assert (tmp_path / "Dockerfile").exists()
    assert "left alone:\n  .dockerignore\n  Dockerfile" in invoke("add", "container", str(tmp_path)).out


def test_an_unknown_component_is_answered_with_the_nearest(invoke: Invoke, tmp_path: Path) -> None:
    outcome = invoke("add", "contaner", str(tmp_path))
    assert outcome.code == 2
    assert "container" in outcome.err
