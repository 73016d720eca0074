"""`new` that is really interrupted, or really runs out of space: the whole project is there, or nothing is."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infraguard.workflows.new import NewRequest, new
from tests.tools import missing

COMMAND = (sys.executable, "-m", "infraguard", "new", "--no-input", "--no-scan", "--output-dir")


def left(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


#: Runs `new`, which is interrupted by a signal of its own: before the file of a number is written, or on either side of
#: the move of all of them to their place.
INTERRUPTED = """
import os, pathlib, signal, sys

moment, *arguments = sys.argv[1:]
written, write_bytes, rename = 0, pathlib.Path.write_bytes, pathlib.Path.rename

def write(path, data):
    global written
    written += 1
    if moment == f"file {written}":
        os.kill(os.getpid(), signal.SIGINT)
    return write_bytes(path, data)

def move(path, target):
    if moment == "before the move":
        os.kill(os.getpid(), signal.SIGINT)
    moved = rename(path, target)
    if moment == "after the move":
        os.kill(os.getpid(), signal.SIGINT)
    return moved

pathlib.Path.write_bytes, pathlib.Path.rename = write, move
from infraguard.cli.main import run
sys.exit(run(arguments))
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Everything that there is in the end."""
    folder = tmp_path_factory.mktemp("whole")
    new(NewRequest(output_dir=folder, no_input=True, scanned=False))
    return left(folder)


def test_an_interruption_at_any_moment_leaves_all_or_nothing(whole: list[str], tmp_path: Path) -> None:
    clock = random.Random(7)
    started = time.monotonic()
    assert subprocess.run([*COMMAND, str(tmp_path / "once")], capture_output=True, check=False).returncode == 0
    takes = time.monotonic() - started
    seen = set()
    for number in range(10):
        output_dir, scratch = _places(tmp_path / str(number))
        environment = {**os.environ, "TMPDIR": str(scratch)}
        process = subprocess.Popen([*COMMAND, str(output_dir)], env=environment, stderr=subprocess.PIPE, text=True)
        time.sleep(takes * clock.random())
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert "Traceback" not in said or "KeyboardInterrupt" in said
        _all_or_nothing(tmp_path / str(number), output_dir, whole)
        seen.add(process.returncode)
    assert seen <= {0, 130, -signal.SIGINT, 1}
    assert seen != {0}, "nothing was interrupted"


@pytest.mark.parametrize("there", [True, False], ids=["into a folder", "into one to be made"])
@pytest.mark.parametrize("moment", ["file 1", "file 2", "file 150", "file 288", "before the move", "after the move"])
def test_an_interruption_while_it_is_written_leaves_all_or_nothing(
    moment: str, there: bool, whole: list[str], tmp_path: Path
) -> None:
    output_dir, scratch = _places(tmp_path / "x")
    if there:
        output_dir.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, moment, *COMMAND[3:], str(output_dir)],
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr.strip()) == (130, "interrupted")
    if there:
        assert left(output_dir) in ([], whole)
        assert left(scratch) == []
    else:
        _all_or_nothing(tmp_path / "x", output_dir, whole)


def _places(folder: Path) -> tuple[Path, Path]:
    """Where a project goes, which is not there yet, and where what is temporary does."""
    (folder / "scratch").mkdir(parents=True)
    (folder / "out").mkdir()
    return folder / "out/deep/er", folder / "scratch"


def _all_or_nothing(folder: Path, output_dir: Path, whole: list[str]) -> None:
    assert left(folder / "scratch") == []
    assert left(output_dir) in ([], whole)
    if not left(output_dir):
        assert left(folder / "out") == [], "folders were made for nothing"


def test_a_file_that_cannot_grow_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files fails in the middle as a full disk does."""
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "from infraguard.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    output_dir = tmp_path / "made"
    done = subprocess.run(
        [sys.executable, "-c", code, *COMMAND[3:], str(output_dir)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 2
    assert "File too large" in done.stderr
    assert left(tmp_path) == []


def test_a_disk_that_fills_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    unshare, mount = shutil.which("unshare"), shutil.which("mount")
    if not unshare or not mount:
        missing("unshare", "install util-linux")
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f'"{mount}" -t tmpfs -o size=200k none "$1" || exit 99; shift; "$@"; code=$?; ls -A "{disk}"; exit $code'
    done = subprocess.run(
        [unshare, "--mount", "--map-root-user", "sh", "-c", script, "sh", str(disk), *COMMAND, str(disk / "made")],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 99 or "unshare:" in done.stderr:
        missing("a mount of one's own", "this kernel or container lets nobody mount")
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert done.stdout == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = subprocess.run([*COMMAND, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot be written: Permission denied" in done.stderr


@pytest.mark.parametrize("place", ["/proc/infraguard", "/dev/null/x"])
def test_a_place_that_takes_no_files_is_named(place: str) -> None:
    done = subprocess.run([*COMMAND, place], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
