"""`infraguard add`: one part of the template into a repository that was not generated."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from infraguard.model.errors import UsageError
from infraguard.model.nearest import nearest
from infraguard.readers.tree import DiskTree
from infraguard.scaffold.answers import answers_of, settle
from infraguard.scaffold.apply import apply_changes, refuse_outside
from infraguard.scaffold.existing import Existing, facts_of
from infraguard.scaffold.merging import Change, Outcome
from infraguard.scaffold.plan import PlannedFile, plan_project
from infraguard.scaffold.record import RECORD
from infraguard.scaffold.template import find_template

#: The port that the template's own service listens on.
_PORT: Final = 8000
#: Components whose files name the port.
_WITH_PORT: Final = frozenset({"container", "compose", "workflows"})


class AddRequest(Struct, frozen=True):
    """Which part goes where, and whether it is written or only shown."""

    component: str
    folder: Path = Path()
    template: str = "consulting-service"
    overrides: dict[str, str] = field(default_factory=dict)
    write: bool = False


class AddResult(Struct, frozen=True):
    """What is added, what is there already and stays as it is, and what the repository was found to be."""

    folder: Path
    added: tuple[str, ...]
    there: tuple[str, ...]
    answers: dict[str, str]
    existing: Existing
    written: bool


def add(request: AddRequest) -> AddResult:
    """Plan or write a component. Nothing that is there is touched. Raises `UsageError` for what cannot be added."""
    template = find_template(request.template)
    if request.component not in template.components:
        hint = nearest(request.component, template.components) or f"there is {', '.join(template.components)}"
        raise UsageError(f"no component {request.component!r}", hint=hint)
    if not request.folder.is_dir():
        raise UsageError(f"{request.folder}: no such folder")
    if (request.folder / RECORD).exists():
        raise UsageError(f"{request.folder} was generated: it has all parts", hint="infraguard update brings new ones")
    existing = facts_of(DiskTree(request.folder), request.folder.resolve().name, _git_settings(request.folder))
    settled = settle(template, {**existing.answers, **request.overrides})
    globs = template.components[request.component]
    planned = [file for file in plan_project(template, settled).files if _is_part(file.path, globs)]
    new = [_adapted(file, request.component, existing.port) for file in planned if not _there(request.folder, file)]
    refuse_outside(request.folder, (file.path for file in new))
    if request.write:
        apply_changes(request.folder, [Change(file.path, Outcome.ADDED, file.content, file.executable) for file in new])
    return AddResult(
        folder=request.folder,
        added=tuple(file.path for file in new),
        there=tuple(file.path for file in planned if file.path not in {one.path for one in new}),
        answers=answers_of(template, settled),
        existing=existing,
        written=request.write,
    )


def _git_settings(folder: Path) -> str:
    file = folder / ".git" / "config"
    return file.read_text("utf-8", "replace") if file.is_file() else ""


def _is_part(path: str, globs: tuple[str, ...]) -> bool:
    return any(path.startswith(glob) if glob.endswith("/") else path == glob for glob in globs)


def _there(folder: Path, file: PlannedFile) -> bool:
    path = folder / file.path
    return path.exists() or path.is_symlink()


def _adapted(file: PlannedFile, component: str, port: int | None) -> PlannedFile:
    """The file with the port of the service that is there."""
    if component not in _WITH_PORT or port in (None, _PORT) or b"\0" in file.content:
        return file
    content = re.sub(rb"(?<!\d)%d(?!\d)" % _PORT, b"%d" % port, file.content)
    return PlannedFile(file.path, content, file.executable)
