"""`infraguard update`: a newer template into a generated project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infraguard.cli.terminal import write_out
from infraguard.reports.words import many

if TYPE_CHECKING:
    from infraguard.scaffold.merging import Change
    from infraguard.workflows.update import CheckResult, UpdateResult


@click.command("update")
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit code 1 when something differs.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Another answer than before; repeatable.")
@click.option(
    "--base", type=click.Path(path_type=Path), metavar="DIR", help="The project's files as they were generated."
)
@click.option("--dirty", is_flag=True, help="Update although there are changes that are not committed.")
@click.option("--format", "format_", type=click.Choice(["console", "json"]), default="console")
def command(
    path: Path, only_check: bool, settings: tuple[str, ...], base: Path | None, dirty: bool, format_: str
) -> int:
    """Merge the newest template into the project at PATH, file by file.

    Files that were deleted stay deleted. Exit code 1 when conflicts are left; they are marked in the files.
    """
    from infraguard.cli.new import overrides_of
    from infraguard.workflows.update import UpdateRequest, check, update

    if only_check:
        for name, given in (("--set", settings), ("--base", base), ("--dirty", dirty)):
            if given:
                raise click.UsageError(f"{name} does nothing with --check")
        compared = check(path)
        _show(_check_data(compared), _check_text(compared), format_)
        return 0 if compared.is_current and not compared.differences else 1
    result = update(UpdateRequest(folder=path, overrides=overrides_of(settings), base=base, dirty=dirty))
    _show(_update_data(result), _update_text(result), format_)
    return 1 if result.conflicts else 0


def _show(data: dict[str, Any], text: str, format_: str) -> None:
    if format_ == "json":
        from infraguard.reports.text import to_json

        write_out(to_json(data), "utf-8")
    else:
        write_out(text)


def _update_data(result: UpdateResult) -> dict[str, Any]:
    return {
        "template": result.template,
        "from": result.before,
        "to": result.after,
        "conflicts": result.conflicts,
        "files": [_file(change) for change in result.changes],
    }


def _file(change: Change) -> dict[str, Any]:
    beside = {"beside": change.beside} if change.beside else {}
    return {"path": change.path, "outcome": change.outcome.value, "conflicts": change.conflicts, **beside}


def _update_text(result: UpdateResult) -> str:
    lines = [f"{result.template} {result.before} -> {result.after}"]
    for change in result.changes:
        more = f"  {many(change.conflicts, 'conflict')}" if change.conflicts else ""
        beside = f"  the newer one is in {change.beside}" if change.beside else ""
        lines.append(f"  {change.outcome.value:<13}  {change.path}{more}{beside}")
    if not result.changes:
        lines.append("  nothing changes")
    if result.conflicts:
        lines.append(f"\n{many(result.conflicts, 'conflict')} left: {_how_to_settle(result)}.")
    return "\n".join(lines) + "\n"


def _how_to_settle(result: UpdateResult) -> str:
    left = [change for change in result.changes if change.conflicts]
    marked = ["settle what is between <<<<<<< and >>>>>>>"] if any(not change.beside for change in left) else []
    beside = ["keep one of the two files, and remove the other"] if any(change.beside for change in left) else []
    return "; ".join([*marked, *beside])


def _check_data(result: CheckResult) -> dict[str, Any]:
    return {
        "template": result.template,
        "version": result.before,
        "newest": result.after,
        "differences": [{"path": one.path, "state": one.state} for one in result.differences],
    }


def _check_text(result: CheckResult) -> str:
    newer = "" if result.is_current else f", and {result.after} is there: infraguard update"
    lines = [f"{result.template} {result.before}{newer}"]
    lines += [f"  {one.state:<9}  {one.path}" for one in result.differences]
    if not result.differences:
        lines.append("  every file is as the template makes it")
    return "\n".join(lines) + "\n"
