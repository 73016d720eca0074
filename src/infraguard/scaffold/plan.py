"""What a project will consist of, before any of it is written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from infraguard.model.errors import TemplateError
from infraguard.scaffold.template import Template
from infraguard.writing import scratch_folder

_COMPILED = shutil.ignore_patterns("__pycache__")


class PlannedFile(Struct, frozen=True):
    """One file of a project."""

    #: Relative to the project's folder, with forward slashes.
    path: str
    content: bytes
    executable: bool = False


class ProjectPlan(Struct, frozen=True):
    """A project's folder name and all its files, by path."""

    folder: str
    files: tuple[PlannedFile, ...]


def plan_project(template: Template, settled: Mapping[str, Any]) -> ProjectPlan:
    """Render a template with settled variables. Raises `TemplateError` when the template does not render.

    Cookiecutter itself renders, into a folder that is gone afterwards, so the plan is what plain cookiecutter would
    write, byte for byte. Hooks are never run.
    """
    from cookiecutter.exceptions import CookiecutterException
    from cookiecutter.generate import generate_files
    from jinja2.exceptions import TemplateError as JinjaError

    with scratch_folder("infraguard-new-") as scratch:
        # Installing a wheel compiles every Python file in it, those of templates too.
        source = _copied(template.folder, scratch / "template")
        rendered = scratch / "rendered"
        try:
            generate_files(source, {"cookiecutter": dict(settled)}, output_dir=rendered, accept_hooks=False)
        except (CookiecutterException, JinjaError) as error:
            raise TemplateError(f"the template {template.name} does not render: {error}") from error
        (project,) = rendered.iterdir()
        return ProjectPlan(project.name, tuple(_read(project, file) for file in _files(project)))


def _copied(folder: Path, to: Path) -> Path:
    """A copy of a template's folder. Raises `TemplateError` with the first of the errors that `copytree` collects."""
    try:
        return shutil.copytree(folder, to, ignore=_COMPILED)
    except shutil.Error as error:
        _, to_file, why = error.args[0][0]
        hint = "nothing was written; is there room for temporary files?"
        raise TemplateError(f"cannot write {to_file}: {why.partition(': ')[0]}", hint=hint) from error


def _files(project: Path) -> list[Path]:
    return sorted(file for file in project.rglob("*") if file.is_file())


def _read(project: Path, file: Path) -> PlannedFile:
    return PlannedFile(file.relative_to(project).as_posix(), file.read_bytes(), os.access(file, os.X_OK))
