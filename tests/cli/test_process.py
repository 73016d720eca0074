"""What only a real process shows: which modules a path loads, pipes that close, encodings, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"boto3", "botocore", "rich", "jinja2", "cookiecutter", "sqlite3"}
_LOADED = """\
import sys
from infraguard.__main__ import main
sys.argv[0] = "infraguard"
code = main()
sys.stdout.flush()
names = {name.partition(".")[0] for name in sys.modules} | {name for name in sys.modules if "infraguard." in name}
sys.stderr.write("\\n" + " ".join(sorted(names)))
sys.exit(code)
"""


def run(*arguments: str, code: str = "", **variables: str) -> subprocess.CompletedProcess[bytes]:
    start = ["-c", code] if code else ["-m", "infraguard"]
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, *start, *arguments], check=False, capture_output=True, env={**environment, **variables}
    )


def loaded(*arguments: str) -> set[str]:
    done = run(*arguments, code=_LOADED)
    assert done.returncode in (0, 1, 3), done.stderr.decode()
    return set(done.stderr.decode().splitlines()[-1].split())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text('resource "aws_db_instance" "main" {\n  backup_retention_period = 7\n}\n')
    return tmp_path


def test_version_loads_next_to_nothing() -> None:
    assert not loaded("--version") & (HEAVY | {"click", "msgspec", "yaml", "infraguard.cli", "infraguard.model"})


def test_help_loads_click_only() -> None:
    names = loaded("--help")
    assert "click" in names
    assert not names & (HEAVY | {"msgspec", "yaml", "infraguard.cli.scan", "infraguard.workflows"})


_INTERRUPTED_EARLY = """\
import sys
from infraguard.__main__ import main

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == MODULE:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
sys.argv[0] = "infraguard"
sys.exit(main())
"""


@pytest.mark.parametrize("module", ["infraguard.cli.main", "click", "infraguard.cli.new", "infraguard.workflows.new"])
def test_an_interruption_while_it_starts_is_told(module: str, tmp_path: Path) -> None:
    code = _INTERRUPTED_EARLY.replace("MODULE", repr(module))
    done = run("new", "--no-input", "--output-dir", str(tmp_path), code=code)
    assert (done.returncode, done.stdout, done.stderr.split()) == (130, b"", [b"interrupted"])
    assert not list(tmp_path.iterdir())


def test_a_scan_to_json_loads_what_it_needs(repository: Path) -> None:
    names = loaded("scan", str(repository), "--format", "json")
    assert "msgspec" in names
    assert not names & (HEAVY | {"infraguard.scaffold", "infraguard.reports.sarif", "infraguard.collectors.aws"})


def test_a_scan_for_people_loads_nothing_heavy(repository: Path) -> None:
    assert not loaded("scan", str(repository)) & HEAVY


def test_a_scan_ends_with_its_exit_code_and_a_report(repository: Path) -> None:
    done = run("scan", str(repository), "--format", "json", "--select", "database/backup-retention")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [gate["verdict"] for gate in report["gates"]] == ["fail"]
    assert report["findings"][0]["location"] == {"file": "main.tf", "line": 2, "end_line": 2}


def test_a_reader_who_leaves_is_no_error(repository: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "infraguard", "scan", str(repository), "--verbose"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
        assert process.wait() in (1, 3)
    assert complaint == b""


def test_signs_fit_the_encoding_of_the_pipe(repository: Path) -> None:
    done = run("scan", str(repository), PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    assert b"\x1b" not in done.stdout
    assert b"x database/backup-retention" in done.stdout


def test_json_is_utf_8_whatever_the_encoding_of_the_pipe(repository: Path) -> None:
    (repository / "é.tf").write_text('resource "aws_db_instance" "é" {\n')
    done = run("scan", str(repository), "--format", "json", PYTHONIOENCODING="latin-1")
    assert "é.tf" in done.stdout.decode("utf-8")


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run("scan", str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"error: {tmp_path / 'nowhere'}: no such folder\nhint: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device here that is always full")
@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), ("scan", "--help"), ("new", "--no-input", "--pretend")]
)
def test_a_full_device_is_no_fault_of_ours(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "infraguard", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"error: standard output cannot be written: no space left on the device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device here that is always full")
def test_a_full_device_is_one_line(repository: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "infraguard", "scan", str(repository)],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert (done.returncode, done.stderr) == (2, b"error: standard output cannot be written: No space left on device\n")


def test_the_shell_can_complete_commands() -> None:
    done = run(_INFRAGUARD_COMPLETE="bash_complete", COMP_WORDS="infraguard s", COMP_CWORD="1")
    assert done.stdout.decode().split() == ["plain,scan"]
