"""`make` and `.ci/run`, on machines that have everything and on machines that do not."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.documents import ROOT, fences, own_documents
from tests.tools import run, run_ok, tool

TARGETS = {
    "demo",
    "test",
    "test-full",
    "lint",
    "types",
    "architecture",
    "policies",
    "docs",
    "bench",
    "lock",
    "tools-lock",
    "clean",
    "help",
}


def recipe(target: str) -> str:
    """What make would run for a target in an environment that is up to date."""
    return run_ok(
        tool("make"), "--dry-run", "--old-file=.venv/.installed", "--old-file=.venv/.synced", target, cwd=ROOT
    ).stdout


def test_help_names_every_target() -> None:
    named = {
        line.split()[0] for line in run_ok(tool("make"), "--no-print-directory", "help", cwd=ROOT).stdout.splitlines()
    }
    assert named == TARGETS


@pytest.mark.parametrize("path", own_documents())
def test_documents_name_targets_that_exist(path: str) -> None:
    text = "\n".join(fence.text for fence in fences(path) if fence.language == "sh")
    assert set(re.findall(r"^make ([\w-]+)", text, re.MULTILINE)) <= TARGETS


def test_the_readme_opens_with_its_two_commands() -> None:
    first = fences("README.md")[0].text
    assert re.findall(r"^make [\w-]+", first, re.MULTILINE) == ["make demo", "make test"]


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy", "lint-imports", "policies test"])
def test_make_test_runs_every_check(command: str) -> None:
    assert command in recipe("test")


def test_long_sweeps_run_when_asked_for_only(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n\n\n@pytest.mark.slow\ndef test_sweep() -> None: ...\n\n\ndef test_it() -> None: ...\n", "utf-8"
    )
    pytest_ = (sys.executable, "-m", "pytest", "--config-file", str(ROOT / "pyproject.toml"), str(tmp_path), "--quiet")
    assert "1 passed, 1 deselected" in run_ok(*pytest_, cwd=ROOT).stdout
    (asked,) = re.findall(r'-m "([^"]+)"', recipe("test-full"))
    assert "2 passed" in run_ok(*pytest_, "-m", asked, cwd=ROOT).stdout
    assert " -m " not in recipe("test")


def test_continuous_integration_is_make_test_with_every_tool_required() -> None:
    script = ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert script.stat().st_mode & stat.S_IXUSR
    assert text.splitlines()[-1] == "make test"
    assert "set -euo pipefail" in text
    assert "export INFRAGUARD_REQUIRE_TOOLS=1" in text


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with the Makefile and nothing else, and `bin/` with the few programs that it may use."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "bin").mkdir()
    for name in ("sh", "rm", "touch", "make"):
        (tmp_path / "bin" / name).symlink_to(tool(name))
    return tmp_path


def _make_environment(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(tool("make"), ".venv/bin/pip", cwd=folder, env={"PATH": str(folder / "bin")})


def test_a_python_that_is_too_old_ends_in_one_line(elsewhere: Path) -> None:
    old = elsewhere / "bin" / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    old.chmod(0o755)
    done = _make_environment(elsewhere)
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("error: no Python 3.11 or newer with venv found")


def test_a_shim_that_leads_nowhere_is_passed_over(elsewhere: Path) -> None:
    shim = elsewhere / "bin" / "python3.13"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n", "utf-8")
    shim.chmod(0o755)
    (elsewhere / "bin" / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    done = _make_environment(elsewhere)
    assert done.returncode == 0, done.stderr
    assert (elsewhere / ".venv" / "bin" / "pip").exists()


def _demo(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return run("sh", "scripts/demo.sh", str(folder), cwd=ROOT, env={"INFRAGUARD": program, "NO_COLOR": "1"})


def test_the_demo_goes_through_and_is_repeatable(tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("infraguard"))
    for _ in range(2):
        done = _demo(program, tmp_path / "demo")
        assert (done.returncode, done.stderr) == (0, "")
        assert "Exit code 1, as it should be" in done.stdout
    assert (tmp_path / "demo" / "consulting-portal" / "README.md").is_file()


@pytest.mark.parametrize("code", [0, 2, 3, 70])
def test_the_demo_fails_when_mistakes_are_not_found(tmp_path: Path, code: int) -> None:
    program = tmp_path / "infraguard"
    program.write_text(f'#!/bin/sh\ncase "$*" in *insecure*) exit {code};; esac\n', "utf-8")
    program.chmod(0o755)
    done = _demo(str(program), tmp_path / "demo")
    assert done.returncode == 1
    assert f"ended with exit code {code}, and 1 was expected" in done.stderr


def test_the_demo_fails_when_the_generated_project_is_not_clean(tmp_path: Path) -> None:
    program = tmp_path / "infraguard"
    program.write_text('#!/bin/sh\n[ "$1" = new ] || exit 3\n', "utf-8")
    program.chmod(0o755)
    done = _demo(str(program), tmp_path / "demo")
    assert done.returncode == 1
    assert "ended with exit code 3, and 0 was expected" in done.stderr
    assert list((tmp_path / "demo").iterdir()) == []
