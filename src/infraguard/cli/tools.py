"""`infraguard tools`: the other scanners that `scan --with` asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from infraguard.cli.terminal import write_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infraguard.workflows.tools import ToolState

_FORMAT = click.option("--format", "format_", type=click.Choice(["console", "json"]), default="console")


@click.group("tools")
def command() -> None:
    """List other scanners that `scan --with` asks, or install them ahead."""


@command.command("list")
@_FORMAT
def list_command(format_: str) -> int:
    """List the tools, their versions, and which are installed."""
    from infraguard.workflows.tools import tool_states

    _show(tool_states(), format_)
    return 0


@command.command("install")
@click.argument("names", nargs=-1, metavar="[TOOL]...")
@_FORMAT
def install_command(names: tuple[str, ...], format_: str) -> int:
    """Install TOOLs, or all of them, each into an environment of its own, so that scans need no network."""
    from infraguard.workflows.tools import install_tools

    _show(install_tools(names, lambda text: click.echo(text, err=True)), format_)
    return 0


def _show(states: Sequence[ToolState], format_: str) -> None:
    if format_ == "json":
        from infraguard.reports.text import to_json

        write_out(to_json(states), "utf-8")
        return
    width = max(len(state.name) for state in states)
    lines = [
        f"{state.name:<{width}}  {state.version:<10}  {state.folder if state.installed else 'not installed'}\n"
        for state in states
    ]
    write_out("".join(lines))
