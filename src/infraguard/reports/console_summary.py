"""The end of the console report: how many of what, from which source, and what to do next."""

from __future__ import annotations

from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.model.findings import WAIVERS, GateResult, Report, Verdict
from infraguard.model.listing import first_of
from infraguard.reports.options import RenderOptions
from infraguard.reports.page import Page, Piece
from infraguard.reports.words import SOURCE_NAMES, many

_COLUMNS = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.MANUAL, Verdict.NOT_APPLICABLE)
#: More targets of one source are counted.
_MAX_NAMES = 3
_WORDS = {
    Verdict.FAIL: ("failed", "bold red"),
    Verdict.UNKNOWN: ("unknown", "bold yellow"),
    Verdict.PASS: ("passed", "bold green"),
    Verdict.MANUAL: ("manual", "bold"),
    Verdict.NOT_APPLICABLE: ("not applicable", "dim"),
}


def summary(page: Page, report: Report, options: RenderOptions, *, causes: int) -> None:
    """One line over all gates, one for each source, and the next steps; `causes` is how many things must be mended."""
    if report.gates:
        if page.text:
            page.blank()
        page.rule()
    page.prose(*_totals(report))
    if causes:
        page.prose((f"Incomplete: {many(causes, 'cause')} above must be mended before everything is known.", "yellow"))
    for gate in report.gates:
        if gate.loosened:
            page.prose((f"Loosened in the settings: {gate.policy} asks for {gate.loosened}.", "yellow"))
    page.blank()
    _by_source(page, report)
    steps = next_steps(report, options)
    if steps:
        page.heading(("Next", "bold"))
        for step in steps:
            page.prose(step, indent=2, label=(f"{page.signs.arrow} ", "green"))


def _totals(report: Report) -> list[Piece]:
    if not report.gates:
        return [("No gate was judged: nothing here is what the selected gates speak of.", "bold yellow")]
    pieces: list[Piece] = [(f"{many(len(report.gates), 'gate')}: ", "bold")]
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
    width = max(len(SOURCE_NAMES[source]) for source in rows)
    page.line((" " * width + "".join(f"  {head:>7}" for head in heads), "dim"), indent=2)
    for source in rows:
        cells = [_cell(_counted(report, source, verdict), verdict, max(len(verdict.value), 7)) for verdict in shown]
        names = _names(report, source)
        page.line(f"{SOURCE_NAMES[source]:<{width}}", *cells, (f"  {names}", "dim"), indent=2)


def _names(report: Report, source: Source) -> str:
    targets = [target for target in report.targets if target.source is source]
    names = dict.fromkeys(f"{each.name}: {each.described}".removesuffix(": ") for each in targets)
    return first_of(list(names), _MAX_NAMES)


def _counted(report: Report, source: Source, verdict: Verdict) -> int:
    return sum(gate.sources.get(source) is verdict for gate in report.gates)


def _cell(count: int, verdict: Verdict, width: int) -> Piece:
    return (f"  {count or '.':>{width}}", _WORDS[verdict][1].replace("bold ", "") if count else "dim")


def next_steps(report: Report, options: RenderOptions) -> list[str]:
    """What to try, the most useful first; never more than three."""
    described = (gate for gate in report.gates if not gate.policy.startswith(WAIVERS))
    failed = sorted((gate for gate in described if gate.verdict is Verdict.FAIL), key=_badness)
    steps = []
    if failed:
        steps.append(f"infraguard policies show {failed[0].policy} says why a gate matters and how it is judged")
    if any(map(_is_denied, report.gaps)):
        steps.append("allow what was denied, and scan again: what cannot be read is never passed")
    if report.gates and not any(target.source is Source.AWS for target in report.targets):
        steps.append("add --aws to compare what is declared with what a live account has")
    if report.count(Verdict.PASS) and not options.verbose:
        steps.append("add --verbose to see the gates that passed")
    return steps[:3]


def _badness(gate: GateResult) -> tuple[int, str]:
    return (gate.severity.rank, gate.policy)


def _is_denied(gap: Gap) -> bool:
    return gap.reason is GapReason.DENIED
