"""Writing an update: every change or none."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from infraguard.model.errors import TemplateError
from infraguard.scaffold.merging import Change, Outcome
from infraguard.writing import write_whole


def apply_changes(folder: Path, changes: Iterable[Change]) -> None:
    """Write the changes into a project. On any failure every file is as it was, and `TemplateError` is raised."""
    changes = tuple(changes)
    refuse_outside(folder, (change.beside or change.path for change in changes))
    before: dict[Path, tuple[bytes, int] | None] = {}
    try:
        for change in changes:
            path = folder / (change.beside or change.path)
            if change.outcome is Outcome.REMOVED or change.content is not None:
                before[path] = (path.read_bytes(), path.stat().st_mode) if path.is_file() else None
                _apply(path, change)
    except BaseException as error:
        for path, content in before.items():
            _put_back(path, content)
        if isinstance(error, OSError):
            raise TemplateError(
                f"{error.filename or folder} cannot be written: {error.strerror}", hint="nothing was changed"
            ) from error
        raise


def refuse_outside(folder: Path, paths: Iterable[str]) -> None:
    """Raise `TemplateError` where a path leads out of the project, by a link of its own or of a folder above it."""
    home = Path(os.path.realpath(folder))
    for path in paths:
        if _leaves(folder / path, home):
            above = [folder.joinpath(*Path(path).parts[:count]) for count in range(1, len(Path(path).parts) + 1)]
            link = next(part for part in above if part.is_symlink() and _leaves(part, home))
            raise TemplateError(
                f"{link} is a link that leads outside {folder}, and {path} would be written there",
                hint="nothing was changed; put a folder or a file in the place of the link",
            )


def _leaves(path: Path, home: Path) -> bool:
    # Unlike `Path.resolve`, this takes links that go in circles.
    return not Path(os.path.realpath(path)).is_relative_to(home)


def _apply(path: Path, change: Change) -> None:
    if change.outcome is Outcome.REMOVED:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode if path.is_file() else None
    write_whole(path, change.content or b"")
    if mode is not None:
        path.chmod(mode)
    if change.executable:
        path.chmod(path.stat().st_mode | (path.stat().st_mode & 0o444) >> 2)


def _put_back(path: Path, content: tuple[bytes, int] | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(content[0])
        path.chmod(content[1])
