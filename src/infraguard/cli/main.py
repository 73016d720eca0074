"""`infraguard`: the table of commands, and the one place where errors become words and exit codes.

| code | means |
|------|-------|
| 0    | clean |
| 1    | a gate failed at or above `--fail-on`; for `policies test`, a case did not hold |
| 2    | the command line, a configuration or a policy is wrong, or a target cannot be reached |
| 3    | incomplete: something is unknown or was not read, where `--on-unknown fail` |
| 70   | our own fault |
| 130  | interrupted |
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Final

import click

from infraguard import __version__
from infraguard.model.errors import InfraGuardError

USAGE: Final = 2
OWN_FAULT: Final = 70
INTERRUPTED: Final = 130

#: Each command is a module of this package with a `command`, imported when it is asked for.
COMMANDS: Final[Mapping[str, str]] = {
    "add": "Add one part of the template to a repository that is there.",
    "explain": "Say why a finding is what it is, down to the line that sets the value.",
    "new": "Generate a project in which the documented gates pass.",
    "policies": "List the gates, show one, or run their cases.",
    "scan": "Judge repositories and live accounts by the gates.",
    "tools": "List other scanners that scan --with asks, or install them ahead.",
    "update": "Merge a newer template into a generated project.",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and one-line helps, and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"infraguard.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            raise click.UsageError(f"no command {args[0]!r}" + (f": did you mean {near[0]!r}?" if near else ""), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="infraguard %(version)s")
def cli() -> None:
    """Documented gates, generated into projects and judged on every witness."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the result is the exit code."""
    try:
        outcome = cli.main(list(arguments), prog_name="infraguard", standalone_mode=False)
    except click.ClickException as error:
        return _usage(error)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except InfraGuardError as error:
        _complain(error.message, error.hint)
        return USAGE
    except OSError as error:
        return _no_space() if error.errno == errno.ENOSPC else _own_fault(error)
    except Exception as error:  # noqa: BLE001 - the one place that catches all: our own faults get their exit code
        return _own_fault(error)
    return outcome if isinstance(outcome, int) else 0


def _usage(error: click.ClickException) -> int:
    context = error.ctx if isinstance(error, click.UsageError) else None
    if type(error).__name__ == "NoArgsIsHelpError":  # its message is the help; click before 8.2 has no such class
        click.echo(error.format_message(), err=True)
        return USAGE
    _complain(error.format_message().rstrip("."), f"see {context.command_path} --help" if context else "")
    return USAGE


def _no_space() -> int:
    from infraguard.cli.terminal import close_out

    close_out()
    _complain("standard output cannot be written: no space left on the device", "")
    return USAGE


def _own_fault(error: Exception) -> int:
    if os.environ.get("INFRAGUARD_DEBUG") == "1":
        traceback.print_exception(error, file=sys.stderr)
    _complain(
        f"InfraGuard itself went wrong: {type(error).__name__}: {error}",
        "please report this with the command and what INFRAGUARD_DEBUG=1 prints; nothing can be said of the target",
    )
    return OWN_FAULT


def _complain(message: str, hint: str) -> None:
    from infraguard.cli.terminal import complain

    complain(message, hint)
