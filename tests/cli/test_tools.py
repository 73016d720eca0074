from __future__ import annotations

import json
from pathlib import Path

import pytest

from infraguard.collectors.tools.environment import VARIABLE
from tests.cli.conftest import Invoke


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "tools"))
    return tmp_path / "tools"


def test_tools_are_listed_with_what_is_installed(invoke: Invoke, folder: Path) -> None:
    listed = {entry["name"]: entry for entry in json.loads(invoke("tools", "list", "--format", "json").out)}
    assert sorted(listed) == ["bandit", "checkov", "hadolint", "pip-audit", "squawk", "zizmor"]
    assert not listed["bandit"]["installed"]
    assert listed["bandit"]["folder"].startswith(str(folder))
    assert "not installed" in invoke("tools", "list").out


def test_an_unknown_tool_is_answered_with_the_nearest(invoke: Invoke) -> None:
    outcome = invoke("tools", "install", "bandits")
    assert outcome.code == 2
    assert "bandit" in outcome.err


def test_what_cannot_be_installed_says_so_in_one_line(invoke: Invoke, folder: Path) -> None:
    folder.write_text("", "utf-8")
    outcome = invoke("tools", "install", "zizmor")
    assert outcome.code == 2
    assert "zizmor cannot be installed" in outcome.err
