"""`infraguard scan`: flags to a request, and a report to where it was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infraguard.cli.reading import reading_options, refuse_inert_reading, request_of
from infraguard.cli.terminal import progress, write_file, write_pieces
from infraguard.model.findings import Severity
from infraguard.reports.formats import FORMATS

if TYPE_CHECKING:
    from infraguard.workflows.request import ScanRequest


@click.command("scan")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@reading_options
@click.option(
    "--select", multiple=True, metavar="GLOB,...", help="Judge these gates only, like 'database/*'; repeatable."
)
@click.option("--exclude", multiple=True, metavar="GLOB,...", help="Leave these gates out; repeatable.")
@click.option(
    "--with",
    "tools",
    multiple=True,
    metavar="TOOL,...",
    help="Ask other scanners as well: bandit, checkov, hadolint, pip-audit, squawk, zizmor; repeatable.",
)
@click.option(
    "--sarif", "sarif_files", multiple=True, metavar="FILE", help="Take in what any tool found, as SARIF; repeatable."
)
@click.option("--framework", metavar="NAME", help="Judge by a framework, like soc2, and report by its requirements.")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="console", show_default=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the report to a file; - is standard output.",
)
@click.option("--save-evidence", type=click.Path(path_type=Path), metavar="FILE", help="Keep what was read.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="The least severity that ends with exit code 1.  [default: low, or infraguard.toml]",
)
@click.option(
    "--on-unknown",
    type=click.Choice(["fail", "warn"]),
    help="Whether what is not known ends with exit code 3.  [default: fail, or infraguard.toml]",
)
@click.option("--verbose", is_flag=True, help="List everything, also the gates that passed.")
def command(**flags: Any) -> int:
    """Judge TARGETs by the gates: folders with a repository, or evidence that was saved.

    \b
    infraguard scan                                  the current folder
    infraguard scan --plan plan.json                 and what Terraform plans
    infraguard scan --aws --region eu-west-1         and what is live
    infraguard scan --aws --save-evidence e.json     keep what was read ...
    infraguard scan e.json                           ... and judge it again, offline

    Exit codes: 0 clean, 1 a gate failed, 2 usage, 3 something is not known, 70 our own fault.
    """  # noqa: D301 - the backspace is how click is told to keep lines
    if flags["output"] == Path("-"):
        flags["output"] = None
    _refuse_inert(flags)
    from infraguard.workflows.scan import scan

    request = _request(flags)
    with progress(f"scanning {', '.join(request.targets)}"):
        result = scan(request, lambda text: click.echo(text, err=True))
    if flags["save_evidence"]:
        from infraguard.workflows.evidence_file import save_evidence
        from infraguard.workflows.ways import ways_of

        ways = ways_of(result.report.findings, request)
        save_evidence(result.evidence, flags["save_evidence"], read_at=request.now, ways=ways)
    from infraguard.cli.render import rendered, summary_line

    pieces = rendered(result, request, flags["format_"], verbose=flags["verbose"], to_file=bool(flags["output"]))
    if flags["output"]:
        write_file(flags["output"], pieces)
        click.echo(f"{summary_line(result.report)}; the report is in {flags['output']}", err=True)
    else:
        write_pieces(pieces, None if flags["format_"] == "console" else "utf-8")
    return result.exit_code


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    """The names of an option that takes several, given once with commas or again and again."""
    return tuple(name.strip() for names in values for name in names.split(","))


def _request(flags: dict[str, Any]) -> ScanRequest:
    return request_of(
        flags,
        select=_listed(flags["select"]),
        exclude=_listed(flags["exclude"]),
        framework=flags["framework"] or "",
        tools=_listed(flags["tools"]),
        sarif_files=flags["sarif_files"],
        fail_on=Severity(flags["fail_on"]) if flags["fail_on"] else None,
        on_unknown=flags["on_unknown"],
        everything=bool(flags["save_evidence"]),
    )


def _refuse_inert(flags: dict[str, Any]) -> None:
    """Raise `click.UsageError` for a flag that would do nothing, before anything is read."""
    refuse_inert_reading(flags)
    if flags["verbose"] and flags["format_"] != "console":
        raise click.UsageError(f"--verbose does nothing with --format {flags['format_']}, which has everything")
    for name in ("output", "save_evidence"):
        _refuse_unwritable(f"--{name.replace('_', '-')}", flags[name])
    if flags["output"] and flags["output"] == flags["save_evidence"]:
        raise click.UsageError("--output and --save-evidence name the same file")


def _refuse_unwritable(name: str, path: Path | None) -> None:
    if path is None:
        return
    if path.is_dir():
        raise click.UsageError(f"{name} {path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise click.UsageError(f"{name} {path}: there is no folder {path.parent}")
