"""The end of the console report: how many of what, from which source, and what to do next."""

from __future__ import annotations

from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.model.findings import GateResult, Report, Verdict
from infraguard.reports.options import RenderOptions
from infraguard.reports.page import Page, Piece

_COLUMNS = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.MANUAL, Verdict.NOT_APPLICABLE)
_WORDS = {
    Verdict.FAIL: ("failed", "bold red"),
    Verdict.UNKNOWN: ("not known", "bold yellow"),
    Verdict.PASS: ("passed", "bold green"),
    Verdict.MANUAL: ("for people to decide", ""),
    Verdict.NOT_APPLICABLE: ("not applicable", "dim"),
}
_SOURCES = {
    Source.TF: "Terraform source",
    Source.PLAN: "Terraform plan",
    Source.AWS: "AWS account",
    Source.REPO: "repository",
    Source.RESULTS: "result files",
    Source.GITHUB: "GitHub settings",
    Source.DB: "database",
    Source.ENDPOINT: "endpoint",
    Source.ATTEST: "attestations",
}


def summary(page: Page, report: Report, options: RenderOptions) -> None:
    """One line over all gates, one for each source, and the next steps."""
    if report.gates:
        if page.text:
            page.blank()
        page.rule()
    page.prose(*_totals(report))
    page.blank()
    _by_source(page, report)
    steps = next_steps(report, options)
    if steps:
        page.heading(("Next", "bold"))
        for command, purpose in steps:
            page.prose(purpose, indent=2, label=f"{page.signs.arrow} ")
            if command:
                page.line((command, "bold"), indent=6)


def _totals(report: Report) -> list[Piece]:
    if not report.gates:
        return [("No gate was judged: nothing here is what the selected gates speak of.", "bold yellow")]
    pieces: list[Piece] = [(f"{len(report.gates)} gates: " if len(report.gates) > 1 else "1 gate: ", "bold")]
    for verdict in _COLUMNS:
        count = report.count(verdict)
        words, style = _WORDS[verdict]
        if count:
            pieces += [", " if len(pieces) > 1 else "", (f"{count} {words}", style)]
    return pieces


def _by_source(page: Page, report: Report) -> None:
    """How the gates came out, source by source; a source that was read and decided nothing has a line, too."""
    asked = {target.source for target in report.targets}
    used = {Source(source) for gate in report.gates for source in gate.sources}
    rows = [source for source in Source if source in asked | used]
    if not rows:
        return
    shown = [verdict for verdict in _COLUMNS if any(_counted(report, source, verdict) for source in rows)]
    heads = [verdict.value.replace("_", " ") for verdict in shown]
    width = max(len(_SOURCES[source]) for source in rows)
    page.line((" " * width + "".join(f"  {head:>7}" for head in heads), "dim"), indent=2)
    for source in rows:
        cells = [_cell(_counted(report, source, verdict), verdict, max(len(verdict.value), 7)) for verdict in shown]
        names = ", ".join(dict.fromkeys(target.name for target in report.targets if target.source is source))
        page.line(f"{_SOURCES[source]:<{width}}", *cells, (f"  {names}", "dim"), indent=2)


def _counted(report: Report, source: Source, verdict: Verdict) -> int:
    return sum(gate.sources.get(source) is verdict for gate in report.gates)


def _cell(count: int, verdict: Verdict, width: int) -> Piece:
    return (f"  {count or '.':>{width}}", _WORDS[verdict][1].replace("bold ", "") if count else "dim")


def next_steps(report: Report, options: RenderOptions) -> list[tuple[str, str]]:
    """Commands with what they are for; never more than three."""
    failed = sorted((g for g in report.gates if g.verdict is Verdict.FAIL), key=_badness)
    steps: list[tuple[str, str]] = []
    if failed:
        steps.append((f"infraguard policies show {failed[0].policy}", "why a gate matters, and how to meet it"))
    if any(map(_is_denied, report.gaps)):
        steps.append(("", "allow what was denied, then scan again: what cannot be read is never passed"))
    if not any(target.source is Source.AWS for target in report.targets):
        steps.append(("infraguard scan --aws", "compare what is declared with what the live account has"))
    passed = report.count(Verdict.PASS)
    if passed and not options.verbose:
        steps.append(("infraguard scan --verbose", f"list the {passed} that passed as well"))
    return steps[:3]


def _badness(gate: GateResult) -> tuple[int, str]:
    return (gate.severity.rank, gate.policy)


def _is_denied(gap: Gap) -> bool:
    return gap.reason is GapReason.DENIED
