"""`new`: all of a project or nothing of it, and never over something that is there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from infraguard.model.errors import ConfigError, TemplateError
from infraguard.scaffold.plan import PlannedFile, ProjectPlan
from infraguard.scaffold.write import write_project
from infraguard.workflows.new import NewRequest, new


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_project_is_written(tmp_path: Path) -> None:
    result = new(NewRequest(output_dir=tmp_path / "made" / "here", overrides={"project_name": "Zeta"}, no_input=True))
    assert result.folder == tmp_path / "made/here/zeta"
    assert result.written
    assert result.answers["package_name"] == "zeta"
    written = sorted(path.relative_to(result.folder).as_posix() for path in result.folder.rglob("*") if path.is_file())
    assert written == list(result.files)
    assert everything(tmp_path / "made/here")[0] == "zeta"


def test_pretending_writes_nothing(tmp_path: Path) -> None:
    result = new(NewRequest(output_dir=tmp_path / "made", no_input=True, pretend=True))
    assert not result.written
    assert "Dockerfile" in result.files
    assert everything(tmp_path) == []


def test_without_anybody_to_ask_defaults_are_taken(tmp_path: Path) -> None:
    assert new(NewRequest(output_dir=tmp_path)).answers["project_slug"] == "consulting-portal"


def test_nobody_is_asked_without_input(tmp_path: Path) -> None:
    def ask(*_: object) -> str:
        raise AssertionError

    assert new(NewRequest(output_dir=tmp_path, ask=ask, no_input=True)).written


@pytest.mark.parametrize("pretend", [True, False])
@pytest.mark.parametrize("kind", ["folder", "empty folder", "file", "dangling link"])
def test_what_is_there_stays_as_it_is(kind: str, pretend: bool, tmp_path: Path) -> None:
    destination = tmp_path / "consulting-portal"
    if kind == "file":
        destination.write_text("mine", "utf-8")
    elif kind == "dangling link":
        destination.symlink_to(tmp_path / "nowhere")
    else:
        destination.mkdir()
        if kind == "folder":
            (destination / "README.md").write_text("mine", "utf-8")
    before = everything(tmp_path)
    with pytest.raises(TemplateError, match="exists already, and nothing was written") as caught:
        new(NewRequest(output_dir=tmp_path, no_input=True, pretend=pretend))
    assert "project_slug" in caught.value.hint
    assert everything(tmp_path) == before


PLAN = ProjectPlan("portal", tuple(PlannedFile(path, b"x") for path in ("a/b.txt", "a/c.txt", "z.txt")))


@pytest.mark.parametrize("output_dir", ["", "made/for/it"])
def test_a_failure_of_the_last_write_leaves_nothing(
    output_dir: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes = Path.write_bytes

    def fail_at_last(path: Path, data: bytes) -> int:
        if path.name == "z.txt":
            raise OSError(28, "No space left on device")
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", fail_at_last)
    with pytest.raises(TemplateError, match="portal cannot be written: No space left on device"):
        write_project(PLAN, tmp_path / output_dir)
    assert everything(tmp_path) == []


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(path: Path, data: bytes) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_project(PLAN, tmp_path / "made")
    assert everything(tmp_path) == []


def test_a_folder_that_appears_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def late(path: Path, target: Path) -> Path:
        target.mkdir()
        (target / "README.md").write_text("mine", "utf-8")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", late)
    with pytest.raises(TemplateError, match="cannot be written"):
        write_project(PLAN, tmp_path)
    assert everything(tmp_path) == ["portal", "portal/README.md"]


def test_a_file_in_place_of_the_output_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(TemplateError, match="cannot be written"):
        write_project(PLAN, tmp_path / "taken")


def test_modes_follow_the_umask(tmp_path: Path) -> None:
    plan = ProjectPlan("portal", (PlannedFile("run.sh", b"", executable=True), PlannedFile("text", b"")))
    before = os.umask(0o027)
    try:
        folder = write_project(plan, tmp_path)
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE((folder / path).stat().st_mode) for path in (".", "run.sh", "text")}
    assert modes == {".": 0o750, "run.sh": 0o750, "text": 0o640}


class TestAnswersFile:
    """A flat mapping or a project's own record; overrides come first."""

    def test_overrides_go_before_the_file(self, tmp_path: Path) -> None:
        file = tmp_path / "answers.yaml"
        file.write_text("project_name: From file\naws_region: us-east-1\n", "utf-8")
        result = new(
            NewRequest(answers_file=file, overrides={"project_name": "Override"}, output_dir=tmp_path, pretend=True)
        )
        assert result.answers["project_name"] == "Override"
        assert result.answers["aws_region"] == "us-east-1"

    def test_json_is_read_too(self, tmp_path: Path) -> None:
        file = tmp_path / "answers.json"
        file.write_text('{"project_name": "Zeta"}', "utf-8")
        assert new(NewRequest(answers_file=file, output_dir=tmp_path, pretend=True)).folder == tmp_path / "zeta"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("- a", r"answers\.yaml:1:1: a mapping of questions to answers is expected"),
            ("", r"answers\.yaml: a mapping of questions to answers is expected"),
            ("project_name: x\naws_region: 3.10", r"answers\.yaml:2:13: aws_region is not text: put it in quotes"),
            ("template: other\nanswers: {}", r"answers\.yaml:1:11: these are answers for the template 'other'"),
        ],
    )
    def test_wrong_files_are_refused_with_their_place(self, text: str, message: str, tmp_path: Path) -> None:
        file = tmp_path / "answers.yaml"
        file.write_text(text, "utf-8")
        with pytest.raises(ConfigError, match=message):
            new(NewRequest(answers_file=file, output_dir=tmp_path))

    def test_broken_yaml_has_its_place(self, tmp_path: Path) -> None:
        file = tmp_path / "answers.yaml"
        file.write_text("project_name: [", "utf-8")
        with pytest.raises(ConfigError, match=r"answers\.yaml:2:1: did not find"):
            new(NewRequest(answers_file=file, output_dir=tmp_path))

    @pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
    def test_unreadable_files_are_refused(self, content: bytes | None, tmp_path: Path) -> None:
        file = tmp_path / "answers.yaml"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ConfigError, match="cannot be read"):
            new(NewRequest(answers_file=file, output_dir=tmp_path))


def test_what_the_user_has_configured_for_cookiecutter_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / ".cookiecutterrc").write_text("default_context: {project_name: Surprise}\n", "utf-8")
    code = (
        "from pathlib import Path; from infraguard.workflows.new import *; print(new(NewRequest(pretend=True)).folder)"
    )
    env = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "consulting-portal\n"
    assert everything(tmp_path) == [".cookiecutterrc"]


def test_importing_the_workflow_loads_no_template_engine() -> None:
    code = "import sys, infraguard.workflows.new; print({'jinja2', 'cookiecutter'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
