"""What `infraguard policies` shows to people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from infraguard.cli.terminal import takes_unicode, wants_color, width_of
from infraguard.model.evidence import Source
from infraguard.model.policy import Parameter, Policy, Rule
from infraguard.policies.cases import Case
from infraguard.reports.observed import in_words
from infraguard.reports.options import RenderOptions
from infraguard.reports.page import Page
from infraguard.reports.text import paragraphs
from infraguard.reports.words import SEVERITY_STYLES, SOURCE_NAMES, VERDICT_STYLES, many
from infraguard.workflows.policy_cases import CaseResult

_QUANTIFIERS = {"each": "every", "some": "at least one", "none": "no"}


def list_page(policies: Sequence[Policy]) -> str:
    """The gates by area, one on a line."""
    page = _page()
    width = max((len(policy.id) for policy in policies), default=0)
    for area, members in groupby(policies, key=lambda policy: policy.id.partition("/")[0]):
        page.heading((area, "bold"))
        for policy in members:
            sources = ", ".join(source.value for source in policy.sources) or "manual"
            page.line(
                f"{policy.id:<{width}}  ",
                (f"{policy.severity.value:<8}  ", SEVERITY_STYLES[policy.severity]),
                (f"{sources}", "dim"),
                indent=2,
            )
    page.heading((f"{many(len(policies), 'gate')}; infraguard policies show GATE says what one asks", "dim"))
    return page.text


def policy_page(policy: Policy, cases: Sequence[Case]) -> str:
    """All that a policy says, in the order in which people ask."""
    page = _page()
    environments = ", ".join(environment.value for environment in policy.environments) or "all environments"
    severity = (f"  {policy.severity.value}", SEVERITY_STYLES[policy.severity])
    page.line((policy.id, "bold"), severity, (f"  {environments}", "dim"))
    page.prose(policy.title, indent=2)
    _prose(page, "Why", policy.why)
    page.heading(("Judged on", "bold"))
    for (sources, message), rules in groupby(policy.rules, key=lambda rule: (rule.sources, rule.message)):
        _rules(page, sources, message, list(rules))
    if policy.manual:
        page.prose("a statement by a named person: no machine can decide it", indent=2)
    if policy.parameters:
        page.heading(("Parameters, to be changed in infraguard.toml", "bold"))
        page.line((f'[gates."{policy.id}"]', "dim"), indent=2)
        for name, parameter in policy.parameters.items():
            _parameter(page, name, parameter)
    _prose(page, "What to do", policy.remediation)
    if policy.references:
        page.heading(("References", "bold"))
        for reference in policy.references:
            page.line(reference, indent=2)
    if cases:
        page.heading((many(len(cases), "case"), "bold"))
        for case in cases:
            verdict = (f"{case.verdict.value:<14}  ", VERDICT_STYLES.get(case.verdict, "dim"))
            page.line(verdict, (f"{case.source.value:<7}  ", "dim"), case.name, indent=2)
    return page.text


def cases_page(results: Sequence[CaseResult]) -> str:
    """The cases that do not hold, with where they stand, and a count of all."""
    page = _page()
    broken = [result for result in results if result.problem]
    for result in broken:
        file = _from_here(result.file)
        place = f"{file}:{result.line}" if result.line else file
        page.heading((f"{page.signs.fail} ", "bold red"), (place, "cyan"), f"  {result.policy}")
        if result.case:
            page.prose(result.case, indent=2)
        page.prose(result.problem, indent=2)
    gates = len({result.policy for result in results})
    page.heading(
        (f"{many(len(results), 'case')} of {many(gates, 'gate')}: ", "bold"),
        (_broken(len(broken)), "bold red") if broken else ("all hold", "bold green"),
    )
    return page.text


def _from_here(file: str) -> str:
    """A file below the working directory by its relative path."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


def _broken(count: int) -> str:
    return "1 does not hold" if count == 1 else f"{count} do not hold"


def _rules(page: Page, sources: Sequence[Source], message: str, rules: Sequence[Rule]) -> None:
    """Rules that differ in what they look at only."""
    names = ", ".join(SOURCE_NAMES[source] for source in sources)
    things = ", ".join(f"{_QUANTIFIERS[rule.quantifier]} {' or '.join(rule.kinds)}" for rule in rules)
    page.prose(f"{names}: {things}", indent=2)
    page.prose((f"a fail says: {' '.join(message.split())}", "dim"), indent=4)


def _parameter(page: Page, name: str, parameter: Parameter) -> None:
    remark = " ".join(parameter.description.split())
    page.prose(f"{name} = {in_words(parameter.default)}", (f"  # {remark}" if remark else "", "dim"), indent=2)


def _prose(page: Page, heading: str, text: str) -> None:
    page.heading((heading, "bold"))
    for paragraph in paragraphs(text):
        page.prose(paragraph, indent=2)


def _page() -> Page:
    out = sys.stdout
    return Page(RenderOptions(width=width_of(out), color=wants_color(out), unicode=takes_unicode(out)))
