"""The table of formats. Each is imported when it is asked for, so `json` never pays for the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from infraguard.model.findings import Report
from infraguard.reports.options import RenderOptions

#: Writes a report as the text of a file, newline at its end, in pieces: a large one is never in memory whole.
Render: TypeAlias = Callable[[Report, RenderOptions], Iterator[str]]


def _console(report: Report, options: RenderOptions) -> Iterator[str]:
    from infraguard.reports.console import render_console

    yield render_console(report, options)


def _json(report: Report, _: RenderOptions) -> Iterator[str]:
    from infraguard.reports.json_v1 import render_json

    return render_json(report)


def _sarif(report: Report, options: RenderOptions) -> Iterator[str]:
    from infraguard.reports.sarif import render_sarif

    yield render_sarif(report, options)


FORMATS: Final[Mapping[str, Render]] = {"console": _console, "json": _json, "sarif": _sarif}
