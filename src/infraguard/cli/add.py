"""`infraguard add`: one part of the template into a repository that is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from infraguard.cli.terminal import write_out
from infraguard.reports.words import many

if TYPE_CHECKING:
    from infraguard.workflows.add import AddResult


@click.command("add")
@click.argument("component")
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One answer; repeatable.")
@click.option("--write", is_flag=True, help="Write what is planned; without it, it is only shown.")
@click.option("--format", "format_", type=click.Choice(["console", "json"]), default="console")
def command(component: str, path: Path, settings: tuple[str, ...], write: bool, format_: str) -> int:
    """Add COMPONENT to the repository at PATH: container, compose, workflows, terraform, alembic, observability, docs.

    What the repository says of itself (names, port, Python versions) is read from it. Files that are there stay as
    they are.
    """
    from infraguard.cli.new import overrides_of
    from infraguard.workflows.add import AddRequest, add

    result = add(AddRequest(component=component, folder=path, overrides=overrides_of(settings), write=write))
    if format_ == "json":
        from infraguard.reports.text import to_json

        write_out(to_json(_data(result)), "utf-8")
    else:
        write_out(_text(result))
    return 0


def _data(result: AddResult) -> dict[str, object]:
    return {
        "written": result.written,
        "added": result.added,
        "there": result.there,
        "answers": result.answers,
        "port": result.existing.port,
        "python_versions": result.existing.python_versions,
    }


def _text(result: AddResult) -> str:
    lines = [f"{result.folder}: {'; '.join(result.existing.notes)}", ""]
    verb = "added" if result.written else "would be added"
    lines.append(f"{many(len(result.added), 'file')} {verb}:")
    lines += [f"  {path}" for path in result.added]
    if result.there:
        lines += ["", f"{many(len(result.there), 'file')} there already, and left alone:"]
        lines += [f"  {path}" for path in result.there]
    if result.added and not result.written:
        lines += ["", "Nothing was written: add --write for that."]
    return "\n".join(lines) + "\n"
