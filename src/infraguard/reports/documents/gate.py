"""The page of one gate: what it asks, why, how each source decides it, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from infraguard.model.evidence import Source
from infraguard.model.findings import Covers, Finding, Verdict
from infraguard.model.frameworks import Framework, Requirement
from infraguard.model.policy import Policy
from infraguard.policies.cases import Case
from infraguard.reports.documents.conditions import Node, Vocabulary, rule_node
from infraguard.reports.documents.examples import example_lines
from infraguard.reports.documents.markdown import cell, folded
from infraguard.reports.observed import in_words
from infraguard.reports.text import paragraphs
from infraguard.reports.words import SOURCE_NAMES

#: The first line of every page.
GENERATED: Final = "<!-- Made by `infraguard policies docs` from policies/. Edit the policy, and make it anew. -->"
#: Rules of one source that have more lines than this stand folded; their first lines stay.
_LONG: Final = 24
_SHARES: Final[dict[Covers, str]] = {"whole": "the whole", "part": "a part", "none": ""}


class GatePage(Struct, frozen=True, kw_only=True):
    """What a page is made of.

    `findings` is what a scan says of the examples that fail, by the name of the case; `predicates` says in words what
    each named predicate asks.
    """

    policy: Policy
    cases: tuple[Case, ...]
    frameworks: tuple[Framework, ...]
    predicates: Mapping[str, str]
    findings: Mapping[str, Sequence[Finding]] = {}


def gate_page(page: GatePage) -> str:
    """The page in Markdown."""
    policy = page.policy
    lines = [GENERATED, "", f"# {policy.id}", "", f"**{policy.title}.**", "", *_facts(policy), ""]
    lines += _section("Why", paragraphs(policy.why))
    lines += _section("What to do", paragraphs(policy.remediation))
    lines += ["## How it is decided", "", *_rules(page)]
    lines += list(_parameters(policy))
    lines += list(example_lines(page.cases, page.findings))
    lines += list(_waiver(page))
    lines += list(_frameworks(page))
    if policy.references:
        lines += ["## References", "", *(f"- <{reference}>" for reference in policy.references), ""]
    return "\n".join(lines).rstrip() + "\n"


def _facts(policy: Policy) -> list[str]:
    environments = ", ".join(environment.value for environment in policy.environments)
    sources = ", ".join(SOURCE_NAMES[source] for source in policy.sources)
    return [
        "| severity | environments | judged on |",
        "|---|---|---|",
        f"| {policy.severity.value} | {environments or 'all'} | {sources or 'nothing: a person states it'} |",
        "",
        f"[All gates](../README.md) · `infraguard scan --select {policy.id}`",
    ]


def _section(title: str, texts: Sequence[str]) -> list[str]:
    return [f"## {title}", "", *(line for text in texts for line in (text, ""))]


def _rules(page: GatePage) -> Iterator[str]:
    policy = page.policy
    if policy.manual and not policy.rules:
        yield from ("No machine decides it: a scan says `manual`, and a named person answers for it.", "")
    words = Vocabulary(page.predicates, policy.parameters)
    for sources, rules in groupby(policy.rules, key=lambda rule: rule.sources):
        nodes = [rule_node(rule, words) for rule in rules]
        yield from (f"### {', '.join(SOURCE_NAMES[source] for source in sources)}", "", *_nodes(nodes), "")


def _nodes(nodes: Sequence[Node]) -> Iterator[str]:
    """All lines, or, where they are many and deep, what has no parts of its own and the rest folded."""
    lines = [line for node in nodes for line in node.lines()]
    heads = [Node(node.text, tuple(part for part in node.parts if not part.parts)) for node in nodes]
    short = [line for head in heads for line in head.lines()]
    if len(lines) <= _LONG or len(short) > len(lines) / 2:
        yield from lines
        return
    yield from (*short, "", *folded("All conditions", lines))


def _parameters(policy: Policy) -> Iterator[str]:
    """The parameters, and the same in `infraguard.toml` with their defaults."""
    if not policy.parameters:
        return
    yield from ("## Parameters", "", "| parameter | default | stricter | meaning |", "|---|---|---|---|")
    for name, parameter in policy.parameters.items():
        default, meaning = cell(f"`{in_words(parameter.default)}`"), cell(parameter.description)
        yield f"| `{name}` | {default} | {parameter.tighter or '–'} | {meaning or '–'} |"
    yield from ("", "```toml", "# infraguard.toml", f'[gates."{policy.id}"]')
    for name, parameter in policy.parameters.items():
        yield f"{name} = {_toml(parameter.default)}"
    yield from ("```", "")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    if "'" not in text and "\n" not in text:
        return f"'{text}'" if "\\" in text or '"' in text else f'"{text}"'
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _waiver(page: GatePage) -> Iterator[str]:
    """How the first finding of the examples would be waived, in the file of waivers and at its place."""
    gate = page.policy.id
    yield from ("## How to waive it", "")
    if page.policy.manual:
        yield from ("There is nothing to waive: leave it out of the scan, with `exclude` in `infraguard.toml`.", "")
        return
    failed = [found for found in _all(page.findings) if found.verdict is Verdict.FAIL]
    address = failed[0].resource.id or failed[0].resource.kind if failed else "the resource, as the report names it"
    yield "A waiver names the resource as the report does, says why and who answers for it, and ends by itself:"
    yield from ("", "```yaml", "# .infraguard/waivers.yaml", "waivers:", f"  - gate: {gate}")
    yield from (f"    address: {_yaml(address)}", "    reason: why it is accepted", "    owner: who accepted it")
    yield from ("    expires: 2027-01-31", "```", "")
    if Source.TF in page.policy.sources:
        comment = f'# infraguard: waive {gate} until=2027-01-31 owner=who reason="why"'
        yield from ("In Terraform also by a comment in the block or right above it:", "", "```hcl", comment, "```", "")


def _all(findings: Mapping[str, Sequence[Finding]]) -> Iterator[Finding]:
    return (finding for group in findings.values() for finding in group)


def _yaml(text: str) -> str:
    """A text as a scalar of YAML, quoted where it would mean something else."""
    return (
        text
        if re.fullmatch(r"[A-Za-z][\w./ -]*[\w]", text)
        else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _frameworks(page: GatePage) -> Iterator[str]:
    gate = page.policy.id
    rows = [
        f"| {_linked(framework, requirement)} | {cell(requirement.title)} | {_share(requirement, gate)} |"
        for framework in page.frameworks
        for requirement in framework.requirements
        if gate in requirement.gates
    ]
    if rows:
        yield from ("## Frameworks", "", "| requirement | | shown by this gate |", "|---|---|---|", *rows, "")


def _linked(framework: Framework, requirement: Requirement) -> str:
    return f"[{framework.title}: {requirement.id}](../../frameworks/{framework.name}.md#{anchor(requirement)})"


def _share(requirement: Requirement, gate: str) -> str:
    """How much of a requirement a gate shows; several gates show it together."""
    together = ", with others" if len(requirement.gates) > 1 else ""
    figures = ", ".join(f"{name} {in_words(value)}" for name, value in requirement.demands.get(gate, {}).items())
    return f"{_SHARES[requirement.covers]}{together}{f'; there {figures}' if figures else ''}"


def anchor(requirement: Requirement) -> str:
    """The anchor of a requirement on its framework's page."""
    return "".join(sign.lower() if sign.isalnum() else "-" for sign in requirement.id)
