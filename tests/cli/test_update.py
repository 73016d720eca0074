from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke


@pytest.fixture
def project(invoke: Invoke, tmp_path: Path) -> Path:
    assert invoke("new", "--no-input", "--no-scan", "--output-dir", str(tmp_path)).code == 0
    return tmp_path / "consulting-portal"


def test_a_project_as_it_was_made_needs_nothing(invoke: Invoke, project: Path) -> None:
    assert invoke("update", "--check", str(project)).code == 0
    outcome = invoke("update", str(project))
    assert (outcome.code, "nothing changes" in outcome.out) == (0, True)


def test_differences_end_with_one(invoke: Invoke, project: Path) -> None:
    (project / "README.md").write_text("mine\n", "utf-8")
    outcome = invoke("update", "--check", str(project), "--format", "json")
    assert outcome.code == 1
    assert json.loads(outcome.out)["differences"] == [{"path": "README.md", "state": "changed"}]


def test_another_answer_is_merged_in(invoke: Invoke, project: Path) -> None:
    outcome = invoke("update", str(project), "--set", "owner_email=other@example.com", "--format", "json")
    assert outcome.code == 0
    assert json.loads(outcome.out)["conflicts"] == 0
    assert "other@example.com" in (project / ".infraguard/answers.yaml").read_text("utf-8")


def test_a_conflict_ends_with_one_and_is_counted(invoke: Invoke, project: Path) -> None:
    tfvars = next(
        path for path in project.rglob("terraform.tfvars") if "platform@example.com" in path.read_text("utf-8")
    )
    tfvars.write_text(tfvars.read_text("utf-8").replace("platform@example.com", "me@example.com"), "utf-8")
    outcome = invoke("update", str(project), "--set", "owner_email=other@example.com")
    assert outcome.code == 1
    assert "2 conflicts left" in outcome.out, "its owner, and who gets alerts"
    assert "<<<<<<< yours" in tfvars.read_text("utf-8")


def test_what_is_no_text_is_told_to_be_chosen(invoke: Invoke, project: Path) -> None:
    readme = project / "README.md"
    readme.write_bytes(b"\0mine")
    outcome = invoke("update", str(project), "--set", "project_name=Other Name", "--format", "json")
    (one,) = [file for file in json.loads(outcome.out)["files"] if file["conflicts"]]
    assert one == {"path": "README.md", "outcome": "conflict", "conflicts": 1, "beside": "README.md.new"}
    assert "Other Name" in (project / "README.md.new").read_text("utf-8")
    outcome = invoke("update", str(project))
    assert (outcome.code, "README.md.new: a conflict that nobody has settled" in outcome.err) == (2, True)
    (project / "README.md.new").unlink()
    outcome = invoke("update", str(project), "--set", "project_name=Another Name")
    assert (outcome.code, readme.read_bytes()) == (1, b"\0mine")
    assert "left: keep one of the two files, and remove the other." in outcome.out


@pytest.mark.parametrize("flag", [["--dirty"], ["--set", "a=b"], ["--base", "x"]])
def test_flags_that_do_nothing_are_refused(flag: list[str], invoke: Invoke, project: Path) -> None:
    assert invoke("update", "--check", str(project), *flag).code == 2


def test_a_folder_that_was_not_generated_is_refused_in_one_line(invoke: Invoke, tmp_path: Path) -> None:
    outcome = invoke("update", str(tmp_path))
    assert outcome.code == 2
    assert "answers.yaml cannot be read" in outcome.err
