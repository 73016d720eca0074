"""Writing a planned project: all of it or nothing, and never over something that is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infraguard.model.errors import TemplateError
from infraguard.scaffold.plan import PlannedFile, ProjectPlan
from infraguard.writing import scratch_folder


def refuse_existing(plan: ProjectPlan, output_dir: Path) -> None:
    """Raise `TemplateError` when something stands where the project would go."""
    destination = output_dir / plan.folder
    # A symbolic link that leads nowhere is something, too.
    if destination.exists() or destination.is_symlink():
        raise TemplateError(
            f"{destination} exists already, and nothing was written",
            hint="choose another project_slug or --output-dir, or move the folder away",
        )


def write_project(plan: ProjectPlan, output_dir: Path, check: Callable[[Path], None] = lambda _: None) -> Path:
    """Write the project and return its folder; missing parent folders are made.

    Everything is written beside the destination, given to `check`, and moved there in one step. On any failure, one
    that `check` raises too, nothing stays behind. Raises `TemplateError` when the destination exists or cannot be
    written.
    """
    refuse_existing(plan, output_dir)
    destination = output_dir / plan.folder
    try:
        with _made_for_the_occasion(output_dir), scratch_folder(".new-", output_dir) as beside:
            staged = beside / plan.folder
            for file in plan.files:
                _write_file(staged, file)
            check(staged)
            staged.rename(destination)
    except OSError as error:
        raise TemplateError(
            f"{destination} cannot be written: {error.strerror or error}", hint="nothing was left behind"
        ) from error
    return destination


def _write_file(project: Path, file: PlannedFile) -> None:
    path = project / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content)
    if file.executable:
        mode = path.stat().st_mode
        # Whoever may read it may run it.
        path.chmod(mode | (mode & 0o444) >> 2)


@contextmanager
def _made_for_the_occasion(folder: Path) -> Iterator[None]:
    """Make a folder and its parents, and remove what was made if the block fails."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        if missing:
            shutil.rmtree(missing[-1], ignore_errors=True)
        raise
