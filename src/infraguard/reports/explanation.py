"""An explanation for people: the verdict first, then how it was judged, and where each value comes from."""

from __future__ import annotations

from collections.abc import Sequence

from infraguard.model.evidence import Environment
from infraguard.model.explanations import Derivation, Explanation, Figure, Role
from infraguard.model.findings import Finding, Trace, Verdict
from infraguard.reports.observed import in_words
from infraguard.reports.options import RenderOptions
from infraguard.reports.page import Page, Piece
from infraguard.reports.text import paragraphs
from infraguard.reports.words import SEVERITY_STYLES, SOURCE_NAMES, VERDICT_STYLES, place_words, unit_words

#: More parts of one condition are counted; the JSON form has them all.
MAX_PARTS = 20
_PRESENCE = {"exists": "set", "absent": "not set"}
_QUANTIFIERS = {"each": "each of", "some": "at least one of", "none": "none of"}
_COMBINATIONS = {"all": "all of", "any": "any of", "not": "not"}
_ROLES = {
    Role.ATTRIBUTE: "written at",
    Role.LOCAL: "written at",
    Role.OUTPUT: "written at",
    Role.RESOURCE: "declared at",
    Role.VARIABLE: "declared at",
    Role.ARGUMENT: "given by the call at",
    Role.VARIABLE_FILE: "set at",
    Role.ENVIRONMENT: "set by the environment",
    Role.DEFAULT: "by its default at",
    Role.UNSET: "set nowhere; it could be in",
    Role.NOT_READ: "not read; called at",
}


def render_explanations(explanations: Sequence[Explanation], options: RenderOptions) -> str:
    """The explanations as lines of text; ANSI sequences only if the options ask for colour."""
    page = Page(options)
    for number, explanation in enumerate(explanations):
        if number:
            page.blank()
            page.rule()
        _explanation(page, explanation, options.folder)
    return page.text


def _explanation(page: Page, explanation: Explanation, folder: str) -> None:
    finding = explanation.finding
    style = VERDICT_STYLES.get(finding.verdict, "dim")
    page.heading(
        (f"{_sign(page, finding)} ", f"bold {style}"),
        (finding.policy, "bold"),
        (f"  {finding.severity.value}", SEVERITY_STYLES[finding.severity]),
        (f"  {finding.verdict.value.replace('_', ' ')}", style),
    )
    page.prose(explanation.policy.title, indent=2)
    _facts(page, explanation, folder)
    page.heading(("How it was judged", "bold"))
    page.prose(_rule_words(explanation), indent=2)
    if finding.trace:
        _trace(page, finding.trace, folder, indent=2)
    if explanation.figures:
        page.heading(("Figures of the policy", "bold"))
        for figure in explanation.figures:
            _figure(page, figure)
    if explanation.derivations:
        page.heading(("Where the values come from", "bold"))
        for derivation in explanation.derivations:
            _derivation(page, derivation, folder, indent=2)
    if finding.reason:
        _reason(page, explanation, folder)
    if finding.verdict is not Verdict.PASS:
        page.heading(("What to do", "bold"))
        _to_do(page, (finding.remedy if finding.verdict is Verdict.UNKNOWN else None) or finding.remediation, indent=2)


def _sign(page: Page, finding: Finding) -> str:
    signs = page.signs
    return {Verdict.PASS: signs.good, Verdict.FAIL: signs.fail, Verdict.UNKNOWN: signs.unknown}.get(
        finding.verdict, signs.dot
    )


def _facts(page: Page, explanation: Explanation, folder: str) -> None:
    finding, gate = explanation.finding, explanation.gate
    what = finding.resource
    rows = {
        "says": finding.message,
        "about": what.id or f"no {what.kind}",
        "for": "" if what.environment is Environment.UNKNOWN else what.environment.value,
        "from": f"{SOURCE_NAMES[finding.source]}, {unit_words(finding, folder)}",
        "at": place_words(finding.location, folder),
        "read by": finding.location.call if finding.location else "",
        "gate": f"{gate.verdict.value.replace('_', ' ')}{f', with drift: {gate.detail}' if gate.drift else ''}",
        "waived": finding.suppression or "",
        "finding": finding.fingerprint,
    }
    page.blank()
    for label, words in rows.items():
        if words:
            page.prose(words, indent=2, label=(f"{label:<8} ", "dim"))


def _rule_words(explanation: Explanation) -> str:
    place = f"{explanation.policy.id}.yaml" + (f":{explanation.rule.line}" if explanation.rule.line else "")
    return f"by the rule at {place}" + ("" if explanation.finding.trace else ", on what is there as a whole")


def _trace(page: Page, trace: Trace, folder: str, *, indent: int) -> None:
    """A condition and its parts. The sign is the condition's own truth: below a `not`, a fail may be what is wanted."""
    signs = {True: (page.signs.good, "green"), False: (page.signs.fail, "red"), None: (page.signs.unknown, "yellow")}
    sign, style = signs[trace.truth]
    place = place_words(trace.location, folder)
    words = _condition(trace)
    page.prose(words, (f"  {place}" if place else "", "cyan"), indent=indent, label=(f"{sign} ", style))
    if trace.reason:
        page.prose(f"because {trace.reason}", indent=indent + 2)
    for part in trace.children[:MAX_PARTS]:
        _trace(page, part, folder, indent=indent + 2)
    if len(trace.children) > MAX_PARTS:
        more = f"and {len(trace.children) - MAX_PARTS} more: --format json has them all"
        page.line((more, "dim"), indent=indent + 2)


def _condition(trace: Trace) -> str:
    """A condition in words: for a comparison what was seen and what is asked, else what it is about."""
    operator = trace.operator
    if operator in _COMBINATIONS:
        return _COMBINATIONS[operator] if trace.children else "nothing more is asked"
    if operator == "resource":
        return trace.path
    if operator in _QUANTIFIERS:
        what = " of ".join(part for part in (str(trace.expected or ""), trace.path) if part)
        return f"{_QUANTIFIERS[operator]} {what}" + ("" if trace.children else ": there is none to count")
    asked = operator.replace("_", " ")
    if operator == "leg":
        return f"{trace.path} is {trace.observed}"
    if trace.children:
        return f"{asked}: {trace.observed}" if trace.observed else asked
    seen = f"{in_words(trace.observed)}{', by default' if trace.origin not in ('', 'absent') else ''}"
    wanted = f"{seen}, asked: {_asked(asked, trace)}"
    return f"{trace.path} = {wanted}" if trace.path else wanted


def _asked(operator: str, trace: Trace) -> str:
    if trace.operator in _PRESENCE and trace.expected in (None, True):
        return _PRESENCE[trace.operator]
    return f"{operator} {in_words(trace.expected)}"


def _figure(page: Page, figure: Figure) -> None:
    changed = f"  {place_words(figure.location) or 'set for this scan'}; {in_words(figure.default)} unless set"
    remark = changed if figure.value != figure.default or figure.location else "  as the policy has it"
    page.prose(f"{figure.name} = {in_words(figure.value)}", (remark, "dim"), indent=2)


def _derivation(page: Page, derivation: Derivation, folder: str, *, indent: int) -> None:
    """One step of the way; a place that only gives the name above it its value stands below that name's own place."""
    if derivation.name:
        shown = "" if derivation.role in (Role.RESOURCE, Role.NOT_READ) else f" = {in_words(derivation.value)}"
        page.prose(f"{derivation.name}{shown}", indent=indent)
        indent += 2
    place: Piece = (place_words(derivation.location, folder), "cyan")
    page.line((f"{_ROLES[derivation.role]} ", "dim"), place, indent=indent)
    for child in derivation.children:
        _derivation(page, child, folder, indent=indent)


def _reason(page: Page, explanation: Explanation, folder: str) -> None:
    finding = explanation.finding
    page.heading(("Not known because" if finding.verdict is Verdict.UNKNOWN else "Because", "bold"))
    page.prose(finding.reason or "", indent=2)
    gaps = {f"{gap.source}:{gap.scope}": gap for gap in explanation.gaps}
    for cause in finding.causes:
        gap = gaps.get(cause)
        page.prose(cause, indent=4, label=(f"{page.signs.dot} ", "dim"))
        if gap:
            place = place_words(gap.location, folder)
            page.prose(f"{gap.reason.value}: {gap.detail}", (f"  {place}" if place else "", "cyan"), indent=6)
            _to_do(page, gap.remedy, indent=6)


def _to_do(page: Page, text: str, *, indent: int) -> None:
    for number, paragraph in enumerate(paragraphs(text)):
        label: Piece = (f"{page.signs.arrow} " if number == 0 else " " * (len(page.signs.arrow) + 1), "green")
        page.prose(paragraph, indent=indent, label=label)
