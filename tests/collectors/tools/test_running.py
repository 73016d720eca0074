"""Tools that are asked: what they see, and that no way of failing looks like a clean run."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from infraguard.collectors.tools import environment, run
from infraguard.collectors.tools.environment import VARIABLE, environment_of, is_installed
from infraguard.collectors.tools.lock import LOCK, sections, version_of
from infraguard.collectors.tools.run import ToolOutput, run_tool
from infraguard.collectors.tools.table import TOOLS
from infraguard.model.errors import CollectionError
from infraguard.model.evidence import GapReason
from infraguard.readers.tree import MemoryTree, Problem, Unreadable

FILES = {"a.py": "import os\n", "b/c.py": "x = 1\n", "README.md": "no\n", "Dockerfile": "FROM scratch\n"}
#: Installs a program, the text of a script, as a tool.
Pretend = Callable[[str, str], None]


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pretend:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "tools"))

    def install(name: str, script: str) -> None:
        folder = environment_of(TOOLS[name])
        program = folder / "bin" / TOOLS[name].program
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        (folder / ".complete").touch()

    return install


def ran(name: str, files: dict[str, str] | None = None) -> ToolOutput:
    return run_tool(TOOLS[name], MemoryTree(FILES if files is None else files), lambda _: None)


def test_a_tool_sees_a_copy_of_what_it_reads_alone(pretend: Pretend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("GITHUB_TOKEN", "mine")
    pretend("bandit", 'find . -type f | sort; env | grep -c mine; echo "$HOME" | grep -c infraguard-tool; echo "$@"')
    lines = ran("bandit").content.decode().splitlines()
    assert lines == ["./a.py", "./b/c.py", "0", "1", "--quiet --format sarif a.py b/c.py"]


def test_a_file_that_looks_like_an_option_is_a_file(pretend: Pretend) -> None:
    pretend("bandit", 'echo "$@"')
    assert ran("bandit", {"-x.py": ""}).content == b"--quiet --format sarif ./-x.py\n"


def test_a_report_in_a_file_is_read(pretend: Pretend) -> None:
    pretend("checkov", "echo noise; echo '{}' > results_sarif.sarif; exit 1")
    output = ran("checkov")
    assert (output.content, output.format, output.gaps) == (b"{}\n", "sarif", ())


def test_where_there_is_nothing_to_read_nothing_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "tools"))
    output = ran("squawk")
    assert (output.content, output.gaps) == (b"", ())
    assert not (tmp_path / "tools").exists()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo '{}'; echo broken >&2; exit 2", "exit code 2 and gave no report that counts: broken"),
        ("exit 0", "exit code 0 and gave no report that counts: it said nothing"),
        ("kill -SEGV $$", "exit code -11"),
    ],
)
def test_a_tool_that_did_not_do_its_work_is_a_gap(pretend: Pretend, script: str, said: str) -> None:
    pretend("bandit", script)
    output = ran("bandit")
    (gap,) = output.gaps
    assert output.content == b""
    assert (gap.reason, gap.scope) == (GapReason.INVALID, "bandit")
    assert said in gap.detail


def test_a_tool_that_hangs_is_a_gap(pretend: Pretend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PATIENCE", 0.2)
    pretend("bandit", "exec sleep 30")
    (gap,) = ran("bandit").gaps
    assert gap.reason is GapReason.TIMED_OUT


def test_a_tool_that_cannot_be_installed_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    monkeypatch.setenv(VARIABLE, str(blocked / "tools"))
    (gap,) = ran("bandit").gaps
    assert gap.reason is GapReason.UNREACHABLE
    assert "infraguard tools install bandit" in gap.remedy


def test_half_an_environment_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(environment, "requirements_of", lambda _: "no-such-package==0 --hash=sha256:00\n")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(CollectionError, match="bandit cannot be installed"):
        environment.install(TOOLS["bandit"], lambda _: None)
    assert not is_installed(TOOLS["bandit"])


def test_a_file_that_cannot_be_read_is_a_gap_beside_the_report(pretend: Pretend) -> None:
    class Torn(MemoryTree):
        def read_bytes(self, path: str) -> bytes:
            if path == "a.py":
                raise Unreadable(Problem(path, GapReason.DENIED, "not allowed", "allow it"))
            return super().read_bytes(path)

    pretend("bandit", 'echo "$@"')
    output = run_tool(TOOLS["bandit"], Torn(FILES), lambda _: None)
    assert output.content == b"--quiet --format sarif b/c.py\n"
    assert [(gap.scope, gap.reason) for gap in output.gaps] == [("bandit of a.py", GapReason.DENIED)]


def test_what_a_tool_did_not_reach_is_told_by_its_name(pretend: Pretend) -> None:
    """pip-audit and its like end with the whole way to the failure, whose last line says least."""
    said = "requests.exceptions.ProxyError: HTTPSConnectionPool(host='index.example.org', port=443): Max retries"
    pretend("pip-audit", f'echo "{said}" >&2; echo "Traceback" >&2; exit 1')
    (gap,) = ran("pip-audit", {"requirements.txt": "a==1\n"}).gaps
    assert (gap.reason, gap.detail) == (GapReason.UNREACHABLE, "it did not reach index.example.org, which it asks")
    assert gap.remedy.startswith("scan where index.example.org is reached, or run pip-audit there")


def test_requirements_without_exact_versions_are_to_be_locked(pretend: Pretend) -> None:
    pretend("pip-audit", 'echo "ERROR: requirement a is not pinned to an exact version: a>=3" >&2; exit 1')
    (gap,) = ran("pip-audit", {"requirements.txt": "a>=3\n"}).gaps
    assert gap.reason is GapReason.INVALID
    assert gap.remedy.startswith("lock the dependencies with exact versions")


def test_every_tool_is_locked_with_hashes() -> None:
    locked = sections(LOCK.read_text("utf-8"))
    assert locked.keys() == TOOLS.keys()
    for name, text in locked.items():
        assert f"=={version_of(name)}" in text
        assert text.count("==") <= text.count("--hash=sha256:")


def test_no_address_is_locked() -> None:
    assert "://" not in LOCK.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("bandit", {"a.py": "import os\nos.system(input())\n"}),
        ("hadolint", {"Dockerfile": "FROM python:latest\nRUN cd /tmp\n"}),
        ("squawk", {"migrations/a.sql": "ALTER TABLE a ADD COLUMN b int NOT NULL;\n"}),
        ("zizmor", {".github/workflows/a.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{uses: a/b@v1}]\n"}),
        ("checkov", {"main.tf": 'resource "aws_s3_bucket" "a" {}\n'}),
    ],
)
def test_the_real_tools_find_what_is_there(
    name: str, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    output = ran(name, files)
    assert output.gaps == ()
    document = json.loads(output.content)
    assert document if isinstance(document, list) else document["runs"][0]["results"]
