"""Format `console`: the report for people, the worst first, every line with what to do about it close by."""

from __future__ import annotations

from infraguard.model.findings import Finding, GateResult, Report, Severity, Verdict
from infraguard.reports.console_summary import summary
from infraguard.reports.grouping import WITNESS, Blocker, JudgedGate, blockers, disagreement, judged_gates
from infraguard.reports.observed import in_words
from infraguard.reports.options import RenderOptions
from infraguard.reports.page import Page, Piece
from infraguard.reports.places import place_words
from infraguard.reports.text import paragraphs

#: More findings of one gate, or of one cause, are counted and not listed, unless everything was asked for.
MAX_LISTED = 8
_SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
_VERDICT_STYLES = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.UNKNOWN: "yellow"}


def render_console(report: Report, options: RenderOptions) -> str:
    """The report as lines of text; ANSI sequences only if the options ask for colour."""
    page = Page(options)
    gates = judged_gates(report)
    for judged in gates:
        if judged.gate.verdict is Verdict.FAIL or judged.witnesses:
            _gate(page, judged, options)
    causes = blockers(report)
    if causes:
        _blockers(page, causes, options)
    if options.verbose:
        _others(page, [judged for judged in gates if judged.gate.verdict is not Verdict.FAIL])
    summary(page, report, options)
    return page.text


def _gate(page: Page, judged: JudgedGate, options: RenderOptions) -> None:
    gate = judged.gate
    failed = gate.verdict is Verdict.FAIL
    sign: Piece = (f"{page.signs.fail} ", "bold red") if failed else (f"{page.signs.unknown} ", "bold yellow")
    severity: Piece = (f"  {gate.severity.value}", _SEVERITY_STYLES[gate.severity])
    page.heading(
        sign, (gate.policy, "bold"), severity, ("" if failed else f"  {gate.verdict.value}, with drift", "dim")
    )
    page.prose(gate.title, indent=2)
    listed = judged.fails if options.verbose else judged.fails[:MAX_LISTED]
    for finding in listed:
        _fail(page, finding, options)
    _more(page, len(judged.fails) - len(listed), indent=4)
    if judged.witnesses:
        _drift(page, judged, options)
    if judged.suppressed:
        page.blank()
        page.line((f"{_many(judged.suppressed, 'more fail')} accepted by waivers", "dim"), indent=4)
    for remediation in judged.remediations:
        _to_do(page, remediation, indent=2)


def _fail(page: Page, finding: Finding, options: RenderOptions) -> None:
    page.blank()
    environment = finding.resource.environment.value
    place = place_words(finding.location, options.folder)
    what = "" if place.endswith(finding.resource.id) else f"  {finding.resource.id}"
    page.line((place or finding.resource.kind, "cyan"), what, (f"  {environment}", "dim"), indent=4)
    page.prose(finding.message, indent=6)
    for number, (path, value) in enumerate(sorted(finding.observed.items())):
        label: Piece = ("seen      " if number == 0 else "          ", "dim")
        page.prose(f"{path} = {in_words(value)}", indent=6, label=label)
    if finding.required:
        page.prose(finding.required, indent=6, label=("required  ", "dim"))


def _drift(page: Page, judged: JudgedGate, options: RenderOptions) -> None:
    page.blank()
    page.line(("drift: ", "bold magenta"), (disagreement(judged.gate), "magenta"), indent=4)
    rows = []
    for finding in judged.witnesses:
        seen = ", ".join(f"{path} = {in_words(value)}" for path, value in sorted(finding.observed.items()))
        place = place_words(finding.location, options.folder) or finding.resource.id
        rows.append((WITNESS[finding.source], finding.verdict, seen or finding.message, place))
    width = max(len(witness) for witness, *_ in rows)
    for witness, verdict, seen, place in rows:
        label: Piece = (f"{witness:<{width}}  ", "dim")
        page.prose((f"{verdict.value}  ", _VERDICT_STYLES.get(verdict, "")), seen, indent=6, label=label)
        page.line((place, "cyan"), indent=6 + width + 2 + len(verdict.value) + 2)


def _blockers(page: Page, causes: tuple[Blocker, ...], options: RenderOptions) -> None:
    page.heading(("Not known, and so not passed", "bold yellow"))
    for blocker in causes:
        page.blank()
        page.prose((blocker.what, "bold"), indent=2, label=(f"{page.signs.unknown} ", "bold yellow"))
        listed = blocker.scopes if options.verbose else blocker.scopes[:MAX_LISTED]
        for scope, detail in listed:
            page.prose(scope, f": {detail}" if detail and detail not in scope else "", indent=4)
        _more(page, len(blocker.scopes) - len(listed), indent=4)
        _blocked(page, blocker, options)
        for remedy in blocker.remedies:
            _to_do(page, remedy, indent=4, apart=False)


def _blocked(page: Page, blocker: Blocker, options: RenderOptions) -> None:
    listed = blocker.findings if options.verbose else blocker.findings[:MAX_LISTED]
    width = max((len(finding.policy) for finding in listed), default=0)
    for finding in listed:
        place = place_words(finding.location, options.folder)
        what = finding.resource.id or finding.resource.kind
        what = "" if place.endswith(what) else f"  {what}"
        page.line(("leaves open  ", "dim"), f"{finding.policy:<{width}}  ", (place, "cyan"), what, indent=4)
    _more(page, len(blocker.findings) - len(listed), indent=4)


def _others(page: Page, judged: list[JudgedGate]) -> None:
    """One line for each gate that neither failed nor waits for something."""
    order = (Verdict.PASS, Verdict.MANUAL, Verdict.NOT_APPLICABLE)
    rows = [one.gate for verdict in order for one in judged if one.gate.verdict is verdict]
    if not rows:
        return
    page.heading(("Other gates", "bold"))
    width = max(len(gate.policy) for gate in rows)
    for gate in rows:
        page.line(_sign(page, gate), f" {gate.policy:<{width}}  ", (gate.title, "dim"), indent=2)


def _sign(page: Page, gate: GateResult) -> Piece:
    words = gate.verdict.value.replace("_", " ")
    return (f"{page.signs.good} {words:<15}" if gate.verdict is Verdict.PASS else f"{page.signs.dot} {words:<15}",
            _VERDICT_STYLES.get(gate.verdict, "dim"))  # fmt: skip


def _to_do(page: Page, text: str, *, indent: int, apart: bool = True) -> None:
    if apart:
        page.blank()
    for number, paragraph in enumerate(paragraphs(text)):
        label: Piece = (f"{page.signs.arrow} " if number == 0 else " " * (len(page.signs.arrow) + 1), "green")
        page.prose(paragraph, indent=indent, label=label)


def _more(page: Page, count: int, *, indent: int) -> None:
    if count > 0:
        page.line((f"and {count} more: --verbose lists them", "dim"), indent=indent)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
