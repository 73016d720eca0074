"""The page of one framework: its requirements, their gates, and what is left to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final

from infraguard.model.findings import Covers
from infraguard.model.frameworks import Framework, Requirement
from infraguard.reports.documents.gate import GENERATED, anchor
from infraguard.reports.documents.markdown import cell
from infraguard.reports.observed import in_words

#: What the table calls each share, and what it means.
SHARES: Final[dict[Covers, tuple[str, str]]] = {
    "whole": ("automated", "gates show all of it"),
    "part": ("in part", "gates show a part; what is manual stands in the last column"),
    "none": ("not covered", "no gate shows anything of it: people or other tools do"),
}


def framework_page(framework: Framework, manual: Collection[str] = ()) -> str:
    """The page in Markdown. `manual` are the gates that a person answers for."""
    count = Counter(requirement.covers for requirement in framework.requirements)
    lines = [GENERATED, "", f"# {framework.title}", ""]
    lines += [f"{framework.publisher}, version {framework.version}: <{framework.reference}>", ""]
    lines += [" ".join(framework.scope.split()), ""]
    lines += ["| share | requirements | |", "|---|---|---|"]
    lines += [f"| {word} | {count[share]} | {meaning} |" for share, (word, meaning) in SHARES.items()]
    lines += [f"| all | {len(framework.requirements)} | |", ""]
    lines += [
        "A requirement passes when all of its gates do and they show all of it. Where they show a part of it, it is"
    ]
    lines += ["`manual` at best: a scan alone never says that such a requirement is met.", ""]
    lines += ["```sh", f"infraguard scan --framework {framework.name}", "```", ""]
    lines += ["[All frameworks](README.md) · [all gates](../gates/README.md)", ""]
    lines += ["| requirement | | share | gates | left to people and other tools |", "|---|---|---|---|---|"]
    lines += [_row(requirement, manual) for requirement in framework.requirements]
    return "\n".join(lines) + "\n"


def _row(requirement: Requirement, manual: Collection[str]) -> str:
    gates = "<br>".join(_gate(requirement, gate, manual) for gate in requirement.gates)
    name = f'<a name="{anchor(requirement)}"></a>{requirement.id}'
    share, _ = SHARES[requirement.covers]
    return f"| {name} | {cell(requirement.title)} | {share} | {gates or '–'} | {cell(requirement.left) or '–'} |"


def _gate(requirement: Requirement, gate: str, manual: Collection[str]) -> str:
    """A gate, with the figures that the requirement asks for and the gate alone does not."""
    notes = [f"{name} {in_words(value)}" for name, value in requirement.demands.get(gate, {}).items()]
    notes += ["manual"] if gate in manual else []
    said = f" ({', '.join(notes)})" if notes else ""
    return f"[{gate}](../gates/{gate}.md){said}"
