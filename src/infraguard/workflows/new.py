"""`infraguard new`: answers to a written project."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from infraguard.scaffold.answers import Ask, answers_of, settle
from infraguard.scaffold.answers_file import read_answers
from infraguard.scaffold.plan import plan_project
from infraguard.scaffold.template import find_template
from infraguard.scaffold.write import refuse_existing, write_project


class NewRequest(Struct, frozen=True):
    """What to generate, where, and where the answers come from: overrides, then the file, then `ask`, then defaults."""

    template: str = "consulting-service"
    #: The project becomes a folder in here.
    output_dir: Path = Path()
    answers_file: Path | None = None
    overrides: dict[str, str] = msgspec.field(default_factory=dict)
    #: Take defaults for what is not given, and ask nobody.
    no_input: bool = False
    #: Say what would be written, and write nothing.
    pretend: bool = False
    #: Asks a person one question; None asks nobody.
    ask: Ask | None = None


class NewResult(Struct, frozen=True):
    """A project that was written, or that would be."""

    folder: Path
    #: Paths relative to the folder, sorted.
    files: tuple[str, ...]
    answers: dict[str, str]
    written: bool


def new(request: NewRequest) -> NewResult:
    """Generate a project. Raises `TemplateError` or `ConfigError`, and has written nothing then."""
    template = find_template(request.template)
    given = read_answers(request.answers_file, template.name) if request.answers_file else {}
    settled = settle(template, {**given, **request.overrides}, None if request.no_input else request.ask)
    plan = plan_project(template, settled)
    if request.pretend:
        refuse_existing(plan, request.output_dir)
    else:
        write_project(plan, request.output_dir)
    return NewResult(
        folder=request.output_dir / plan.folder,
        files=tuple(file.path for file in plan.files),
        answers=answers_of(template, settled),
        written=not request.pretend,
    )
