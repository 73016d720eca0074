"""What a generated project keeps of its making: `.infraguard/answers.yaml`, and its files as they were made.

The template itself writes the first part of the record: template, version and answers. What is added here is a hash of
every file, and beside it all files as they were rendered, packed. A later version is merged from these: the template of
that day need not be had again.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem, TemplateError
from infraguard.readers.yaml import read_document
from infraguard.scaffold.plan import PlannedFile, ProjectPlan

#: The record, and the files as they were made, from the project's folder.
RECORD: Final = ".infraguard/answers.yaml"
BASE: Final = ".infraguard/base.tar.xz"
#: More than this of packed files is not unpacked: it is not what was packed here.
_MAX_BYTES: Final = 64 * 1024 * 1024


class Record(Struct, frozen=True):
    """From what a project was made. `files` are hashes (SHA-256) by path; empty where plain cookiecutter made it."""

    template: str
    version: str
    answers: dict[str, str]
    files: dict[str, str]


def recorded(plan: ProjectPlan) -> ProjectPlan:
    """The plan with hashes in its record and its own files packed beside it; without a record it stays as it is."""
    by_path = {file.path: file for file in plan.files}
    record = by_path.get(RECORD)
    if record is None:
        return plan
    hashed = "".join(f"  {_quoted(path)}: {digest(file.content)}\n" for path, file in by_path.items() if path != RECORD)
    text = record.content + b"# SHA-256 of every file as it was made.\nfiles:\n" + hashed.encode()
    by_path[RECORD] = PlannedFile(RECORD, text, record.executable)
    by_path[BASE] = PlannedFile(BASE, packed(plan.files))
    return ProjectPlan(plan.folder, tuple(by_path[path] for path in sorted(by_path)))


def digest(content: bytes) -> str:
    """How the record names a file's content."""
    return hashlib.sha256(content).hexdigest()


def read_record(folder: Path) -> Record:
    """The record of a project. Raises `TemplateError` where there is none, or it is not one."""
    file = folder / RECORD
    try:
        data = read_document(file.read_text("utf-8"), str(file)).data
    except OSError as error:
        raise TemplateError(
            f"{file} cannot be read: {error.strerror}", hint="only what `infraguard new` generated can be updated"
        ) from error
    except (SyntaxProblem, UnicodeDecodeError) as error:
        raise TemplateError(f"{file} is no record: {error}") from error
    if not _is_record(data):
        raise TemplateError(f"{file} is no record: it names no template, version and answers")
    files = data.get("files") or {}
    return Record(data["template"], str(data["version"]), data["answers"], files if isinstance(files, dict) else {})


def _is_record(data: Any) -> bool:
    if not isinstance(data, dict) or not isinstance(data.get("template"), str) or "version" not in data:
        return False
    answers = data.get("answers")
    return isinstance(answers, dict) and all(isinstance(value, str) for value in answers.values())


def packed(files: tuple[PlannedFile, ...]) -> bytes:
    """Files as one archive: the same files give the same bytes, whoever packs them and whenever."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for file in files:
            entry = tarfile.TarInfo(file.path)
            entry.size, entry.mode = len(file.content), 0o755 if file.executable else 0o644
            archive.addfile(entry, io.BytesIO(file.content))
    # The best preset takes four times as long, of the time that a person waits, and saves a tenth.
    return lzma.compress(stream.getvalue(), preset=2)


def unpacked(content: bytes, shown: str) -> dict[str, PlannedFile]:
    """The files of an archive by path. Raises `TemplateError` for one that is damaged or was not packed here."""
    try:
        plain = lzma.LZMADecompressor(memlimit=512 * 1024 * 1024).decompress(content, max_length=_MAX_BYTES)
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            return {entry.name: _entry(archive, entry) for entry in archive.getmembers() if entry.isfile()}
    except (lzma.LZMAError, tarfile.TarError, EOFError, MemoryError) as error:
        raise TemplateError(
            f"{shown} is damaged: {error}", hint="restore it from version control, or name the files with --base DIR"
        ) from error


def _entry(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> PlannedFile:
    stream = archive.extractfile(entry)
    return PlannedFile(entry.name, stream.read() if stream else b"", bool(entry.mode & 0o100))


def base_of(folder: Path, record: Record, given: Path | None) -> dict[str, PlannedFile]:
    """A project's files as they were made: from its archive, or from a folder that holds them.

    Raises `TemplateError` where neither is there, or the archive does not hold what the record says.
    """
    if given is not None:
        return read_folder(given)
    file = folder / BASE
    try:
        files = unpacked(file.read_bytes(), str(file))
    except OSError as error:
        raise TemplateError(
            f"{file} cannot be read: {error.strerror}",
            hint=f"generate it anew with version {record.version} of the template, and name that folder with --base",
        ) from error
    changed = [path for path, said in record.files.items() if path not in files or digest(files[path].content) != said]
    if changed:
        raise TemplateError(f"{file} is not what was made: {changed[0]} differs", hint="restore it, or use --base DIR")
    return files


def read_folder(folder: Path) -> dict[str, PlannedFile]:
    """Every file of a folder by its path, but for what version control keeps."""
    if not folder.is_dir():
        raise TemplateError(f"{folder}: no such folder")
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".git/"):
            found[name] = PlannedFile(name, path.read_bytes(), bool(path.stat().st_mode & 0o100))
    return found


def without_state(files: Mapping[str, PlannedFile]) -> dict[str, PlannedFile]:
    """The files without the record and the archive, which are made anew and never merged."""
    return {path: file for path, file in files.items() if path not in (RECORD, BASE)}


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
