"""The page of one framework: its requirements, their gates, and what is left to people."""

from __future__ import annotations

from collections import Counter
from typing import Final

from infraguard.model.findings import Covers
from infraguard.model.frameworks import Framework, Requirement
from infraguard.reports.documents.gate import GENERATED
from infraguard.reports.observed import in_words

_SHARES: Final[dict[Covers, str]] = {
    "whole": "shown by gates as a whole",
    "part": "shown by gates in part",
    "none": "not covered: shown by people alone",
}


def framework_page(framework: Framework) -> str:
    """The page in Markdown."""
    count = Counter(requirement.covers for requirement in framework.requirements)
    lines = [GENERATED, "", f"# {framework.title}", ""]
    lines += [f"{framework.publisher}, version {framework.version}. <{framework.reference}>", ""]
    lines += [" ".join(framework.scope.split()), ""]
    lines += ["| share | requirements |", "|---|---|"]
    lines += [f"| {words} | {count[share]} |" for share, words in _SHARES.items()]
    lines += [f"| all | {len(framework.requirements)} |", ""]
    lines += [f"```sh\ninfraguard scan --framework {framework.name}\n```", ""]
    lines += ["| requirement | | gates | left to people |", "|---|---|---|---|"]
    lines += [_row(requirement) for requirement in framework.requirements]
    return "\n".join(lines) + "\n"


def _row(requirement: Requirement) -> str:
    gates = "<br>".join(_gate(requirement, gate) for gate in requirement.gates)
    left = " ".join(requirement.left.split()).replace("|", "\\|")
    return f"| {requirement.id} | {requirement.title} | {gates or '–'} | {left or '–'} |"


def _gate(requirement: Requirement, gate: str) -> str:
    figures = ", ".join(f"{name} {in_words(value)}" for name, value in requirement.demands.get(gate, {}).items())
    return f"[{gate}](../gates/{gate}.md){f' ({figures})' if figures else ''}"
