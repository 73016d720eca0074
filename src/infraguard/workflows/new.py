"""`infraguard new`: answers to a written project."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from infraguard.model.errors import TemplateError
from infraguard.model.findings import Verdict
from infraguard.scaffold.answers import Ask, answers_of, settle
from infraguard.scaffold.answers_file import read_answers
from infraguard.scaffold.plan import plan_project
from infraguard.scaffold.record import recorded
from infraguard.scaffold.request_file import Line, Request, read_request
from infraguard.scaffold.template import Template, find_template
from infraguard.scaffold.write import refuse_existing, write_project

#: Verdicts under which nothing is written.
_NOT_HELD = frozenset({Verdict.FAIL, Verdict.UNKNOWN})


class NewRequest(Struct, frozen=True):
    """What to generate, where, and where the answers come from: overrides, then the file, then `ask`, then defaults."""

    template: str = "consulting-service"
    #: The project becomes a folder in here.
    output_dir: Path = Path()
    answers_file: Path | None = None
    #: An infrastructure request, whose lines become answers.
    request_file: Path | None = None
    overrides: dict[str, str] = msgspec.field(default_factory=dict)
    #: Take defaults for what is not given, and ask nobody.
    no_input: bool = False
    #: Say what would be written, and write nothing.
    pretend: bool = False
    #: Scan what was made before it is moved to its place.
    scanned: bool = True
    #: When that is, UTC, ISO 8601.
    now: str = "2000-01-01T00:00:00Z"
    #: Asks a person one question; None asks nobody.
    ask: Ask | None = None


class NewResult(Struct, frozen=True):
    """A project that was written, or that would be."""

    folder: Path
    #: Paths relative to the folder, sorted.
    files: tuple[str, ...]
    answers: dict[str, str]
    written: bool
    #: How the lines of a request were understood.
    lines: tuple[Line, ...] = ()


def new(request: NewRequest) -> NewResult:
    """Generate a project. Raises `TemplateError` or `ConfigError`, and has written nothing then."""
    template = find_template(request.template)
    asked = read_request(request.request_file, template) if request.request_file else Request(())
    given = read_answers(request.answers_file, template.name) if request.answers_file else {}
    given = {**asked.answers, **given, **request.overrides}
    settled = settle(template, given, None if request.no_input else request.ask)
    plan = recorded(plan_project(template, settled))
    if request.pretend:
        refuse_existing(plan, request.output_dir)
    elif request.scanned and template.gates:
        write_project(plan, request.output_dir, lambda folder: _refuse_what_fails(folder, template, request.now))
    else:
        write_project(plan, request.output_dir)
    return NewResult(
        folder=request.output_dir / plan.folder,
        files=tuple(file.path for file in plan.files),
        answers=answers_of(template, settled),
        written=not request.pretend,
        lines=asked.lines,
    )


def _refuse_what_fails(folder: Path, template: Template, now: str) -> None:
    """Raise `TemplateError` where a project fails a gate that its template holds, or cannot be judged by it."""
    from infraguard.workflows.scan import ScanRequest, scan

    report = scan(ScanRequest(now=now, targets=(str(folder),), select=template.gates)).report
    wrong = [gate.policy for gate in report.gates if gate.verdict in _NOT_HELD]
    if wrong or report.gaps:
        judged = (one for one in report.findings if one.policy in wrong[:1] and one.verdict in _NOT_HELD)
        first = next((one.message for one in judged), "")
        what = ", ".join(wrong) or report.gaps[0].detail
        raise TemplateError(
            f"the project would not hold {what}" + (f": {first}" if first else ""),
            hint="nothing was written; --no-scan writes it all the same",
        )
