"""The page of one gate: what it asks, why, how each source decides it, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from infraguard.model.findings import Verdict
from infraguard.model.policy import Policy
from infraguard.policies.cases import Case
from infraguard.reports.documents.conditions import rule_lines
from infraguard.reports.observed import in_words
from infraguard.reports.text import paragraphs
from infraguard.reports.words import SOURCE_NAMES

#: The first line of every page.
GENERATED: Final = "<!-- Made by `infraguard policies docs` from policies/. Edit the policy, and make it anew. -->"
_LANGUAGES: Final = {".tf": "hcl", ".yml": "yaml", ".yaml": "yaml", ".py": "python", ".toml": "toml", ".json": "json"}
_EXAMPLES: Final = (Verdict.PASS, Verdict.FAIL)


class GatePage(Struct, frozen=True, kw_only=True):
    """What a page is made of. `frameworks` are pairs of a framework's name and title, and its requirements' ids."""

    policy: Policy
    cases: tuple[Case, ...]
    frameworks: tuple[tuple[str, str, tuple[str, ...]], ...]
    predicates: Mapping[str, str]


def gate_page(page: GatePage) -> str:
    """The page in Markdown."""
    policy = page.policy
    lines = [GENERATED, "", f"# {policy.id}", "", policy.title, ""]
    environments = ", ".join(environment.value for environment in policy.environments) or "all environments"
    sources = ", ".join(SOURCE_NAMES[source] for source in policy.sources) or "a statement by a named person"
    lines += [f"Severity: {policy.severity.value} · {environments} · judged on: {sources}", ""]
    lines += _section("Why", paragraphs(policy.why))
    lines += ["## How it is decided", "", *_rules(page), ""]
    lines += list(_parameters(policy))
    lines += _section("What to do", paragraphs(policy.remediation))
    lines += list(_examples(page.cases))
    lines += _section("How to waive it", _waiver(policy.id))
    if page.frameworks:
        lines += ["## Frameworks", ""]
        lines += [
            f"- [{title}](../../frameworks/{name}.md): {', '.join(requirements)}"
            for name, title, requirements in page.frameworks
        ]
        lines.append("")
    if policy.references:
        lines += ["## References", "", *(f"- <{reference}>" for reference in policy.references), ""]
    return "\n".join(lines).rstrip() + "\n"


def _section(title: str, texts: Sequence[str]) -> list[str]:
    return [f"## {title}", "", *(line for text in texts for line in (text, ""))]


def _rules(page: GatePage) -> Iterator[str]:
    if page.policy.manual:
        yield "No machine decides it: a named person states it, with a date on which the statement ends."
    for sources, rules in groupby(page.policy.rules, key=lambda rule: rule.sources):
        yield f"**{', '.join(SOURCE_NAMES[source] for source in sources)}**"
        yield ""
        for rule in rules:
            yield from rule_lines(rule, page.predicates)
        yield ""


def _parameters(policy: Policy) -> Iterator[str]:
    if not policy.parameters:
        return
    yield from ("## Parameters", "", "| parameter | default | stricter | meaning |", "|---|---|---|---|")
    for name, parameter in policy.parameters.items():
        default, meaning = _cell(in_words(parameter.default)), _cell(parameter.description)
        yield f"| `{name}` | {default} | {parameter.tighter or '–'} | {meaning} |"
    yield from ("", "```toml", "# infraguard.toml", f'[gates."{policy.id}"]')
    name, parameter = next(iter(policy.parameters.items()))
    yield f"{name} = {_toml(parameter.default)}"
    yield from ("```", "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value) if isinstance(value, int | float) else '"' + str(value).replace('"', '\\"') + '"'


def _examples(cases: Sequence[Case]) -> Iterator[str]:
    """The first case with files that passes and the first that fails, of each source; the others by name."""
    if not cases:
        return
    yield from ("## Examples", "")
    by_source = sorted(cases, key=lambda case: case.source.value)
    for source, group in groupby(by_source, key=lambda case: case.source):
        members = list(group)
        for verdict in _EXAMPLES:
            shown = next((case for case in members if case.verdict is verdict and case.files), None)
            if shown:
                yield from (f"{SOURCE_NAMES[source]}, {verdict.value}: {shown.name}", "")
                yield from _files(shown)
    yield from ("All cases that the policy is tested with:", "", "| source | verdict | case |", "|---|---|---|")
    for case in cases:
        yield f"| {case.source.value} | {case.verdict.value} | {_cell(case.name)} |"
    yield ""


def _files(case: Case) -> Iterator[str]:
    for path, text in case.files.items():
        suffix = path[path.rfind(".") :] if "." in path else ""
        longest = max((len(run) for run in _fences(text)), default=2)
        fence = "`" * max(3, longest + 1)
        yield from (f"`{path}`", "", f"{fence}{_LANGUAGES.get(suffix, '')}", text.rstrip(), fence, "")


def _fences(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip().startswith("```"))


def _waiver(gate: str) -> list[str]:
    example = (
        "```yaml\n# .infraguard/waivers.yaml\nwaivers:\n"
        f"  - gate: {gate}\n    address: the resource, as the report names it\n"
        "    reason: why it is accepted\n    owner: who accepted it\n    expires: 2027-01-31\n```"
    )
    return ["A waiver names all of this, and ends by itself:", example]
