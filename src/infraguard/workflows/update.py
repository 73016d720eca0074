"""`infraguard update`: a newer template into a project that an older one made, by three-way merge."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from infraguard.model.errors import TemplateError, UsageError
from infraguard.scaffold.answers import settle
from infraguard.scaffold.apply import apply_changes, refuse_outside
from infraguard.scaffold.merging import Change, Outcome, merged, refuse_conflicts
from infraguard.scaffold.plan import PlannedFile, plan_project
from infraguard.scaffold.record import BASE, RECORD, Record, base_of, read_folder, read_record, recorded, without_state
from infraguard.scaffold.template import Template, find_template


class UpdateRequest(Struct, frozen=True):
    """Which project to update. `base` is a folder with its files as they were made, where its archive is lost."""

    folder: Path = Path()
    overrides: dict[str, str] = field(default_factory=dict)
    base: Path | None = None
    #: Update although version control has changes that are not committed.
    dirty: bool = False


class UpdateResult(Struct, frozen=True):
    """What an update did or would do, and what it left to a person."""

    folder: Path
    template: str
    before: str
    after: str
    changes: tuple[Change, ...]

    @property
    def conflicts(self) -> int:
        """How many places a person must settle."""
        return sum(change.conflicts for change in self.changes)


class Difference(Struct, frozen=True):
    """How one file of a project differs from what its template makes now: `changed`, `deleted` or `added`."""

    path: str
    state: str


class CheckResult(Struct, frozen=True):
    """How a project differs from a full new rendering of its template with its answers."""

    folder: Path
    template: str
    before: str
    after: str
    differences: tuple[Difference, ...]

    @property
    def is_current(self) -> bool:
        """Whether there is no newer template."""
        return self.before == self.after


def update(request: UpdateRequest) -> UpdateResult:
    """Merge the shipped template into the project. Raises `TemplateError`, and has changed nothing then."""
    record = read_record(request.folder)
    if not request.dirty:
        _refuse_uncommitted(request.folder)
    template, settled = _rendered_by(record, request.overrides)
    planned = recorded(plan_project(template, settled))
    now = {file.path: file for file in planned.files}
    made = base_of(request.folder, record, request.base)
    known = {*made, *now}
    refuse_outside(request.folder, sorted(known))
    theirs = {path: file for path, file in without_state(read_folder(request.folder)).items() if path in known}
    made, newer = without_state(made), without_state(now)
    refuse_conflicts(request.folder, made, newer, theirs)
    changes = merged(made, newer, theirs)
    state = tuple(Change(path, Outcome.UPDATED, now[path].content) for path in (RECORD, BASE) if path in now)
    apply_changes(request.folder, (*changes, *state))
    version = str(settled.get("__template_version", record.version))
    return UpdateResult(request.folder, record.template, record.version, version, changes)


def check(folder: Path) -> CheckResult:
    """Compare the project with what its template makes now. Raises `TemplateError` where there is no record."""
    record = read_record(folder)
    template, settled = _rendered_by(record, {})
    now = {file.path: file for file in plan_project(template, settled).files}
    version = str(settled.get("__template_version", record.version))
    return CheckResult(folder, record.template, record.version, version, _differences(record, now, read_folder(folder)))


def _differences(
    record: Record, now: Mapping[str, PlannedFile], theirs: Mapping[str, PlannedFile]
) -> tuple[Difference, ...]:
    found = []
    for path in sorted({*without_state(now), *(path for path in record.files if path in theirs)} - {RECORD, BASE}):
        if path not in theirs:
            found.append(Difference(path, "deleted" if path in record.files else "missing"))
        elif path not in now:
            found.append(Difference(path, "no longer in the template"))
        elif theirs[path].content != now[path].content:
            found.append(Difference(path, "changed"))
    return tuple(found)


def _rendered_by(record: Record, overrides: Mapping[str, str]) -> tuple[Template, dict[str, Any]]:
    """The shipped template, and its variables from the recorded answers that it still asks for."""
    template = find_template(record.template)
    answers = {name: value for name, value in record.answers.items() if name in template.questions}
    return template, settle(template, {**answers, **overrides})


def _refuse_uncommitted(folder: Path) -> None:
    """Raise `UsageError` where an update would mix with changes that version control does not have yet."""
    git = shutil.which("git")
    if git is None or not any((parent / ".git").exists() for parent in (folder.resolve(), *folder.resolve().parents)):
        return
    done = subprocess.run(  # noqa: S603 - git, in the folder that the user named
        [git, "status", "--porcelain", "--", "."], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TemplateError(f"git cannot tell whether {folder} has changes: {done.stderr.strip()}")
    if done.stdout.strip():
        raise UsageError(
            f"{folder} has changes that are not committed",
            hint="commit or stash them, so that what the update does can be seen, or add --dirty",
        )
