"""`infraguard explain`: a finding's name to the page that says why it is so."""

from __future__ import annotations

import sys
from typing import Any

import click

from infraguard.cli.reading import reading_options, refuse_inert_reading, request_of
from infraguard.cli.terminal import progress, takes_unicode, wants_color, width_of, write_out


@click.command("explain")
@click.argument("finding")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@reading_options
@click.option("--format", "format_", type=click.Choice(["console", "json"]), default="console", show_default=True)
def command(**flags: Any) -> int:
    """Explain FINDING: how it was judged, what was seen where, and which line sets the value.

    FINDING is a fingerprint or its first characters, a gate, or gate@resource. It is looked for in TARGETs, which are
    those of `infraguard scan`.

    \b
    infraguard explain database/backup-retention                       what decides a gate
    infraguard explain database/backup-retention@aws_db_instance.main  one resource
    infraguard explain 1f3a9c20 evidence.json                          a fingerprint, in saved evidence
    """  # noqa: D301 - the backspace is how click is told to keep lines
    refuse_inert_reading(flags)
    from infraguard.workflows.explain import ExplainRequest, explain

    request = request_of(flags)
    with progress(f"scanning {', '.join(request.targets)}"):
        explanations = explain(ExplainRequest(finding=flags["finding"], scan=request))
    if flags["format_"] == "json":
        from infraguard.reports.explanation_json import render_explanations_json

        write_out(render_explanations_json(explanations), "utf-8")
        return 0
    from infraguard.cli.render import folder_from_here
    from infraguard.reports.explanation import render_explanations
    from infraguard.reports.options import RenderOptions

    out = sys.stdout
    options = RenderOptions(
        width=width_of(out),
        color=wants_color(out),
        unicode=takes_unicode(out),
        folder=folder_from_here(request.targets),
    )
    write_out(render_explanations(explanations, options))
    return 0
