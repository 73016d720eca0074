"""A folder of files as collectors see it: listed once, read within bounds, without leaving its root."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from infraguard.model.errors import UsageError
from infraguard.model.evidence import GapReason

#: Larger files are not read; the scanner says so. Generated Terraform plans are read by another way.
MAX_FILE_BYTES = 10 * 1024 * 1024
#: A tree of more files than this is cut, and the scanner says so.
MAX_FILES = 200_000
#: Folders that hold no source of the project: version control, installed packages, caches.
SKIPPED_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn"),
        *(".venv", "venv", "node_modules", ".terraform", ".terragrunt-cache", ".eggs"),
        *("__pycache__", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
    }
)
#: What `python -m venv` writes at the top of an environment, whatever the folder is called: installed packages, too.
_ENVIRONMENT = "pyvenv.cfg"


class Problem(Struct, frozen=True):
    """A path that could not be listed or read, why, and what the user can do."""

    path: str
    reason: GapReason
    detail: str
    remedy: str


class Unreadable(Exception):
    """Raised by `Tree.read`; collectors turn its problem into a gap."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Tree(Protocol):
    """Files by relative path with forward slashes, sorted. `problems` are what listing could not look into."""

    @property
    def paths(self) -> tuple[str, ...]: ...

    @property
    def problems(self) -> tuple[Problem, ...]: ...

    @property
    def links(self) -> Mapping[str, str]:
        """Links to files and folders of the tree, and where each leads; what is in a folder is listed where it lies."""
        ...

    def __contains__(self, path: str) -> bool: ...

    def read_bytes(self, path: str) -> bytes:
        """The content of a file. Raises `Unreadable`."""
        ...

    def read(self, path: str) -> str:
        """The text of a file, UTF-8 with an optional byte order mark. Raises `Unreadable`."""
        ...

    def below(self, folder: str) -> Tree:
        """The files of one folder, also of one that is skipped; paths stay relative to the root of this tree.

        For what a tool keeps in such a folder and the project names, as Terraform does its modules.
        """
        ...


def decode(path: str, content: bytes) -> str:
    """UTF-8 text without its byte order mark, or `Unreadable` with the offset that is not text."""
    if b"\0" in content[:8192]:
        raise Unreadable(_invalid(path, "binary content, not text", "remove it, or rename it to what it is"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(_invalid(path, f"line {line} is not UTF-8 text", "save the file as UTF-8")) from error


def bytes_or_empty(tree: Tree, path: str) -> bytes:
    """The bytes of a file; no byte of one that cannot be read, where its gap is told by another."""
    try:
        return tree.read_bytes(path)
    except Unreadable:
        return b""


def text_or_empty(tree: Tree, path: str) -> str:
    """The text of a file; no word of one that cannot be read, where its gap is told by another."""
    try:
        return tree.read(path)
    except Unreadable:
        return ""


class MemoryTree:
    """Files held in memory: for cases beside policies, and for trying an edit before it is written."""

    def __init__(
        self,
        files: Mapping[str, str | bytes],
        problems: Sequence[Problem] = (),
        links: Mapping[str, str] | None = None,
    ) -> None:
        self._files = {
            path: content.encode() if isinstance(content, str) else content for path, content in sorted(files.items())
        }
        self.paths: tuple[str, ...] = tuple(self._files)
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.links: Mapping[str, str] = links or {}

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def read_bytes(self, path: str) -> bytes:
        if path not in self._files:
            raise Unreadable(_missing(path))
        content = self._files[path]
        if len(content) > MAX_FILE_BYTES:
            raise Unreadable(_too_large(path))
        return content

    def read(self, path: str) -> str:
        return decode(path, self.read_bytes(path))

    def below(self, folder: str) -> MemoryTree:
        return MemoryTree({path: self._files[path] for path in self._files if path.startswith(f"{folder}/")})


class DiskTree:
    """A folder on disk. Links are followed to files inside the root only, so no loop and nothing outside is read.

    `start` is the folder in it that is listed, all of it when empty.
    """

    def __init__(self, root: Path, *, start: str = "") -> None:
        if not root.exists():
            raise UsageError(f"{root}: no such folder", hint="give the path of a repository to scan")
        if not root.is_dir():
            raise UsageError(f"{root}: not a folder", hint="give the folder that holds the repository")
        self.root = root
        self._inside = os.path.realpath(root).rstrip(os.sep) + os.sep
        self._start = start
        self._problems: list[Problem] = []
        self.links: dict[str, str] = {}
        self.paths: tuple[str, ...] = tuple(sorted(self._walk()))
        self.problems: tuple[Problem, ...] = tuple(sorted(self._problems, key=lambda problem: problem.path))
        self._known = frozenset(self.paths)

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def read_bytes(self, path: str) -> bytes:
        if path not in self._known:
            raise Unreadable(_missing(path))
        try:
            with open(self._inside + path, "rb") as file:  # noqa: PTH123 - a Path takes as long as all the rest
                size = os.fstat(file.fileno()).st_size
                if size > MAX_FILE_BYTES:
                    raise Unreadable(_too_large(path))
                content = file.read(size + 1)
                if len(content) > size:  # it grew meanwhile, or its file system states no size
                    content += file.read(MAX_FILE_BYTES)
        except OSError as error:
            raise Unreadable(_refused(path, error, "cannot be read")) from error
        if len(content) > MAX_FILE_BYTES:
            raise Unreadable(_too_large(path))
        return content

    def read(self, path: str) -> str:
        return decode(path, self.read_bytes(path))

    def below(self, folder: str) -> DiskTree:
        return DiskTree(self.root, start=folder)

    def _walk(self) -> Iterator[str]:
        folders = [self._start] if self._is_inside(self.root / self._start) else []
        count = 0
        while folders:
            folder = folders.pop()
            entries = self._entries(folder)
            if folder and any(entry.name == _ENVIRONMENT for entry in entries):
                continue
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if not _is_text(path):
                    self._problems.append(_unnameable(path))
                elif entry.is_dir(follow_symlinks=False):
                    if entry.name not in SKIPPED_FOLDERS:
                        folders.append(path)
                elif self._is_our_file(entry, path):
                    count += 1
                    if count > MAX_FILES:
                        self._problems.append(_too_many())
                        return
                    yield path

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / folder) as entries:
                return list(entries)
        except OSError as error:
            self._problems.append(_refused(folder or ".", error, "cannot be listed"))
            return []

    def _is_inside(self, path: Path) -> bool:
        """Whether a path, with all links followed, stays in the root."""
        return f"{os.path.realpath(path)}{os.sep}".startswith(self._inside)

    def _is_our_file(self, entry: os.DirEntry[str], path: str) -> bool:
        """Whether it is a regular file, or a link to one inside the root. Links to folders inside are noted."""
        if not entry.is_symlink():
            return entry.is_file(follow_symlinks=False)
        if not self._is_inside(Path(entry.path)):
            self._problems.append(_astray(path))
            return False
        try:
            mode = Path(entry.path).stat().st_mode
        except OSError:
            self._problems.append(_leading_nowhere(path))
            return False
        if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
            self.links[path] = os.path.relpath(os.path.realpath(entry.path), self._inside).replace(os.sep, "/")
        return stat.S_ISREG(mode)


def _is_text(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _missing(path: str) -> Problem:
    return Problem(path, GapReason.UNRESOLVED, "no such file", "check the path")


def _refused(path: str, error: OSError, what: str) -> Problem:
    if isinstance(error, PermissionError):
        return Problem(path, GapReason.DENIED, "permission denied", "let the user who scans read it")
    return _invalid(path, f"{what}: {error.strerror}", "check that it is whole and mounted")


def _invalid(path: str, detail: str, remedy: str) -> Problem:
    return Problem(path, GapReason.INVALID, detail, remedy)


def _unnameable(path: str) -> Problem:
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Problem(shown, GapReason.UNSUPPORTED, "its name is not UTF-8", "rename it")


def _astray(path: str) -> Problem:
    detail = "a link that leaves the scanned folder"
    return Problem(path, GapReason.UNRESOLVED, detail, "replace the link by what it should lead to")


def _leading_nowhere(path: str) -> Problem:
    return Problem(path, GapReason.EMPTY, "a link to nothing, or to itself", "remove the link, or mend its target")


def _too_large(path: str) -> Problem:
    limit = MAX_FILE_BYTES // (1024 * 1024)
    detail = f"larger than {limit} MB, not read"
    return Problem(path, GapReason.UNSUPPORTED, detail, "split it, or keep it out of the scanned folder")


def _too_many() -> Problem:
    return Problem(".", GapReason.UNSUPPORTED, f"more than {MAX_FILES} files", "scan its folders one by one")
