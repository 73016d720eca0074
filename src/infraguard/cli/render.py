"""A finished report as the reader of this run should see it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from infraguard.cli.terminal import takes_unicode, wants_color, width_of
from infraguard.model.findings import Report, Verdict
from infraguard.reports.formats import FORMATS
from infraguard.reports.options import DEFAULT_WIDTH, RenderOptions
from infraguard.workflows.request import ScanRequest, ScanResult


def rendered(result: ScanResult, request: ScanRequest, format_: str, *, verbose: bool, to_file: bool) -> Iterator[str]:
    """The report in a format, piece by piece, for standard output or for a file.

    A file has no width, colour or encoding to heed.
    """
    report = result.report
    if format_ == "sarif":
        policies = {policy.id: policy for policy in result.policies}
        return FORMATS[format_](report, RenderOptions(policies=policies, folder=_from_repository(request.targets)))
    if format_ == "json":
        return FORMATS[format_](report, RenderOptions())
    options = RenderOptions(
        width=DEFAULT_WIDTH if to_file else width_of(sys.stdout),
        color=not to_file and wants_color(sys.stdout),
        unicode=to_file or takes_unicode(sys.stdout),
        verbose=verbose,
        folder=folder_from_here(request.targets),
    )
    return FORMATS[format_](report, options)


def summary_line(report: Report) -> str:
    """How many gates came out how, in a few words."""
    counts = [f"{report.count(verdict)} {verdict.value}" for verdict in Verdict if report.count(verdict)]
    gaps = [f"{len(report.gaps)} not read"] if report.gaps else []
    return ", ".join(counts + gaps) or "no gate was judged"


def folder_from_here(targets: tuple[str, ...]) -> str:
    """How the only folder that was scanned is called from the working directory; with several, files say it."""
    if len(targets) != 1 or not Path(targets[0]).is_dir():
        return ""
    folder = Path(targets[0]).as_posix()
    return "" if folder == "." else folder


def _from_repository(targets: tuple[str, ...]) -> str:
    """Where the names of files begin, below the root of the repository; nothing outside of one."""
    base = Path(targets[0]) if len(targets) == 1 and Path(targets[0]).is_dir() else Path()
    folder = Path(os.path.realpath(base))
    for root in (folder, *folder.parents):
        if (root / ".git").exists():
            relative = folder.relative_to(root).as_posix()
            return "" if relative == "." else relative
    return ""
