"""Trees of files that are not trusted."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from infraguard.model.errors import UsageError
from infraguard.model.evidence import GapReason
from infraguard.readers import tree as tree_module
from infraguard.readers.tree import DiskTree, MemoryTree, Problem, Tree, Unreadable


@pytest.fixture(params=["memory", "disk"])
def small_tree(request: pytest.FixtureRequest, tmp_path: Path) -> Tree:
    files: dict[str, str | bytes] = {
        "b/two.txt": "\ufefftwo\n",
        "a.txt": "one\n",
        "bad.txt": b"ok\n\xff\n",
        "raw.bin": b"\0\1",
    }
    if request.param == "memory":
        return MemoryTree(files)
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return DiskTree(tmp_path)


def test_both_trees_list_and_read_alike(small_tree: Tree) -> None:
    assert small_tree.paths == ("a.txt", "b/two.txt", "bad.txt", "raw.bin")
    assert "b/two.txt" in small_tree
    assert "b" not in small_tree
    assert small_tree.read("b/two.txt") == "two\n"
    assert small_tree.problems == ()


@pytest.mark.parametrize(
    ("path", "reason", "detail"),
    [
        ("bad.txt", GapReason.INVALID, "line 2 is not UTF-8 text"),
        ("raw.bin", GapReason.INVALID, "binary content, not text"),
        ("missing", GapReason.UNRESOLVED, "no such file"),
        ("../etc/passwd", GapReason.UNRESOLVED, "no such file"),
    ],
)
def test_what_cannot_be_read_says_why(small_tree: Tree, path: str, reason: GapReason, detail: str) -> None:
    with pytest.raises(Unreadable) as caught:
        small_tree.read(path)
    assert (caught.value.problem.reason, caught.value.problem.detail) == (reason, detail)
    assert caught.value.problem.remedy


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.tf").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(Unreadable) as caught:
        DiskTree(tmp_path).read("huge.tf")
    assert caught.value.problem.reason is GapReason.UNSUPPORTED
    assert "10 MB" in caught.value.problem.detail


def test_a_large_file_in_memory_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "MAX_FILE_BYTES", 3)
    with pytest.raises(Unreadable, match="larger than"):
        MemoryTree({"a": "four"}).read("a")


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("long enough")
    tree = DiskTree(tmp_path)
    monkeypatch.setattr(tree_module, "MAX_FILE_BYTES", 3)
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result((0,) * 10))
    with pytest.raises(Unreadable, match="larger than"):
        tree.read("a")


def test_links_are_followed_to_files_inside_only(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "secret.tf").write_text("outside")
    (tmp_path / "root-beside").mkdir()
    (tmp_path / "root-beside" / "x.tf").write_text("outside")
    (root / "sub" / "real.tf").write_text("inside")
    (root / "inside.tf").symlink_to("sub/real.tf")
    (root / "folder").symlink_to("sub")
    (root / "outside.tf").symlink_to("../secret.tf")
    (root / "beside.tf").symlink_to("../root-beside/x.tf")
    (root / "up").symlink_to("..")
    (root / "here").symlink_to(".")
    (root / "nowhere.tf").symlink_to("missing.tf")
    (root / "loop.tf").symlink_to("loop.tf")
    (root / "ping").symlink_to("pong")
    (root / "pong").symlink_to("ping")

    tree = DiskTree(root)

    assert tree.paths == ("inside.tf", "sub/real.tf")
    assert tree.read("inside.tf") == "inside"
    assert tree.links == {"folder": "sub", "here": ".", "inside.tf": "sub/real.tf"}
    assert {problem.path: problem.reason for problem in tree.problems} == {
        "beside.tf": GapReason.UNRESOLVED,
        "outside.tf": GapReason.UNRESOLVED,
        "up": GapReason.UNRESOLVED,
        "loop.tf": GapReason.EMPTY,
        "nowhere.tf": GapReason.EMPTY,
        "ping": GapReason.EMPTY,
        "pong": GapReason.EMPTY,
    }


def test_a_root_that_is_a_link_is_the_folder_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.tf").write_text("x")
    (tmp_path / "real" / "b.tf").symlink_to("a.tf")
    (tmp_path / "link").symlink_to("real")
    tree = DiskTree(tmp_path / "link")
    assert (tree.paths, tree.problems) == (("a.tf", "b.tf"), ())


def test_what_is_no_regular_file_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.tf"))
        assert DiskTree(tmp_path).paths == ()


def test_a_virtual_environment_is_skipped_whatever_it_is_called(tmp_path: Path) -> None:
    for path in ("tools/env/pyvenv.cfg", "tools/env/lib/package.py", "tools/own.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    assert DiskTree(tmp_path).paths == ("tools/own.py",)
    assert "pyvenv.cfg" in DiskTree(tmp_path / "tools" / "env").paths


def test_folders_without_source_are_skipped(tmp_path: Path) -> None:
    for folder in (".git", ".terraform", "node_modules", "src/.venv", "src/kept"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.tf").write_text("x")
    assert DiskTree(tmp_path).paths == ("src/kept/a.tf",)


def test_a_name_that_is_not_text_is_a_problem_that_can_be_written_down(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/caf\xe9.tf", "wb"):  # noqa: PTH123  a name that Path cannot spell
        pass
    tree = DiskTree(tmp_path)
    assert tree.paths == ()
    assert [problem.path.encode().decode() for problem in tree.problems] == ["caf\ufffd.tf"]


def test_a_folder_that_may_not_be_listed_is_denied_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.tf").write_text("x")
    listed = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    tree = DiskTree(tmp_path)
    assert tree.paths == ("open.tf",)
    assert tree.problems == (
        Problem("closed", GapReason.DENIED, "permission denied", "let the user who scans read it"),
    )


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), GapReason.DENIED),
        (OSError(5, "Input/output error"), GapReason.INVALID),
        (FileNotFoundError(2, "No such file or directory"), GapReason.INVALID),
    ],
)
def test_a_file_that_the_system_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: GapReason
) -> None:
    (tmp_path / "a.tf").write_text("x")
    tree = DiskTree(tmp_path)

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("infraguard.readers.tree.open", refuse, raising=False)
    with pytest.raises(Unreadable) as caught:
        tree.read("a.tf")
    assert caught.value.problem.reason is reason


def test_a_tree_beyond_the_bound_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "MAX_FILES", 2)
    for name in "abc":
        (tmp_path / name).write_text("x")
    tree = DiskTree(tmp_path)
    assert len(tree.paths) == 2
    assert [problem.reason for problem in tree.problems] == [GapReason.UNSUPPORTED]


def test_a_root_that_is_no_folder_is_an_error_of_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="no such folder"):
        DiskTree(tmp_path / "missing")
    with pytest.raises(UsageError, match="not a folder"):
        DiskTree(tmp_path / "file")
