"""`infraguard new`: answers from flags, a file or a person, to a project in a folder."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infraguard.reports.words import many

if TYPE_CHECKING:
    from infraguard.scaffold.questions import Question
    from infraguard.scaffold.request_file import Line
    from infraguard.workflows.new import NewResult


@click.command("new")
@click.argument("template", default="consulting-service")
@click.option(
    "--output-dir", type=click.Path(path_type=Path), default=".", metavar="DIR", help="Where the project's folder goes."
)
@click.option("--answers", type=click.Path(path_type=Path), metavar="FILE", help="Answers of an earlier run.")
@click.option(
    "--request", "request_file", type=click.Path(path_type=Path), metavar="FILE", help="An infrastructure request."
)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One answer; repeatable.")
@click.option("--no-input", is_flag=True, help="Ask nothing: defaults for what is not given.")
@click.option("--no-scan", is_flag=True, help="Write the project without judging it first.")
@click.option("--pretend", is_flag=True, help="Say what would be written, and write nothing.")
def command(**flags: Any) -> int:
    """Generate a project from TEMPLATE (consulting-service, if none is named), in which the gates pass."""
    from infraguard.workflows.new import NewRequest, new

    asks = not flags["no_input"] and sys.stdin.isatty()
    result = new(
        NewRequest(
            template=flags["template"],
            output_dir=flags["output_dir"],
            answers_file=flags["answers"],
            request_file=flags["request_file"],
            overrides=overrides_of(flags["settings"]),
            no_input=not asks,
            pretend=flags["pretend"],
            scanned=not flags["no_scan"],
            now=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            ask=_ask if asks else None,
        )
    )
    _tell_lines(result.lines)
    _tell(result)
    return 0


def overrides_of(settings: tuple[str, ...]) -> dict[str, str]:
    """The answers that flags give. Raises `click.UsageError` for one that is none."""
    overrides: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise click.UsageError(f"--set {setting!r} is not KEY=VALUE")
        if key in overrides:
            raise click.UsageError(f"--set {key} is given twice")
        overrides[key] = value
    return overrides


def _ask(question: Question, default: str, problem: str) -> str:
    """Ask a person on the terminal; standard output stays free for what was written."""
    if problem:
        click.echo(problem, err=True)
    choices = click.Choice(question.choices) if question.choices else None
    answer: str = click.prompt(question.prompt, default=default, type=choices, err=True)
    return answer


def _tell_lines(lines: Sequence[Line]) -> None:
    """How each line of a request was understood; what was not taken last, where it is seen."""
    for line in lines:
        if not line.refused:
            meant = [f"{name} = {value}" for name, value in line.answers.items()]
            meant += [f"{name} {'with' if wanted else 'without'} {part}" for (name, part), wanted in line.parts.items()]
            meant += [f"holds {gate}" for gate in line.holds]
            click.echo(f"{line.number:>4}  {line.text}\n      {', '.join(meant)}", err=True)
    refused = [line for line in lines if line.refused]
    if refused:
        click.echo(f"\nNot taken: {many(len(refused), 'line')}", err=True)
    for line in refused:
        click.echo(f"{line.number:>4}  {line.text}\n      {line.refused}", err=True)
    halves = [line for line in lines if line.left]
    if halves:
        click.echo(f"\nUnderstood in part, and the rest not taken: {many(len(halves), 'line')}", err=True)
    for line in halves:
        click.echo(f"{line.number:>4}  {line.text}\n      {', '.join(map(repr, line.left))}", err=True)


def _tell(result: NewResult) -> None:
    """What was written, by folder; every path of what would be."""
    count = many(len(result.files), "file")
    if not result.written:
        click.echo(f"{count} would be written to {result.folder}:")
        click.echo("\n".join(f"  {path}" for path in result.files))
        return
    click.echo(f"{count} written to {result.folder}:")
    for top, number in Counter(path.partition("/")[0] for path in result.files).items():
        click.echo(f"  {top}/  {many(number, 'file')}" if (result.folder / top).is_dir() else f"  {top}")
    click.echo(f"\nNext: infraguard scan {shlex.quote(str(result.folder))}")
