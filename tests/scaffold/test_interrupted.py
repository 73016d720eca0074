"""`infraguard new` as a real process that is stopped, or finds no room: all of a project or nothing of it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infraguard.model.errors import TemplateError
from infraguard.scaffold.plan import PlannedFile, ProjectPlan, plan_project
from infraguard.scaffold.template import Template
from infraguard.workflows.new import NewRequest, new
from tests.tools import run

PROGRAM = str(Path(sys.executable).with_name("infraguard"))


@pytest.mark.parametrize("after", [0.05, 0.25, 0.45, 0.65, 0.85, 1.05, 1.3])
def test_an_interruption_at_any_moment_leaves_all_or_nothing(after: float, tmp_path: Path) -> None:
    command = [PROGRAM, "new", "--no-input", "--output-dir", str(tmp_path / "out")]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    (tmp_path / "scratch").mkdir()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    left = list((tmp_path / "out").iterdir()) if (tmp_path / "out").exists() else []
    if left:
        assert [path.name for path in left] == ["consulting-portal"]
        assert run(PROGRAM, "update", "--check", str(left[0])).returncode == 0
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_disk_that_fills_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of a file stands for a disk without room: both are an `OSError` in the middle of writing."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = subprocess.run(
        [PROGRAM, "new", "--no-input", "--no-scan", "--output-dir", str(tmp_path / "out")],
        preexec_fn=limited, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(TemplateError, match="cannot be written"):
        new(NewRequest(output_dir=tmp_path / "file" / "inside", no_input=True, scanned=False))


def test_what_would_fail_its_gates_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoiled(template: Template, settled: Mapping[str, Any]) -> ProjectPlan:
        plan = plan_project(template, settled)
        return ProjectPlan(plan.folder, tuple(map(_with_short_backups, plan.files)))

    monkeypatch.setattr("infraguard.workflows.new.plan_project", spoiled)
    with pytest.raises(TemplateError, match="would not hold database/backup-retention"):
        new(NewRequest(output_dir=tmp_path / "out", no_input=True))
    assert not (tmp_path / "out").exists()
    assert new(NewRequest(output_dir=tmp_path / "out", no_input=True, scanned=False)).written


def _with_short_backups(file: PlannedFile) -> PlannedFile:
    if not file.path.endswith("database/main.tf"):
        return file
    return PlannedFile(file.path, file.content.replace(b"= 30", b"= 3"), file.executable)
