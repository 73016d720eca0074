"""The index of all gates and frameworks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from infraguard.model.evidence import Source
from infraguard.model.frameworks import Framework
from infraguard.model.policy import Policy
from infraguard.reports.documents.framework import SHARES
from infraguard.reports.documents.gate import GENERATED
from infraguard.reports.documents.markdown import cell
from infraguard.reports.words import SOURCE_NAMES


def gates_index(policies: Sequence[Policy]) -> str:
    """All gates by area, with what each is judged on."""
    used = [source for source in Source if any(source in policy.sources for policy in policies)]
    areas = {area: list(group) for area, group in groupby(policies, key=lambda policy: policy.id.partition("/")[0])}
    lines = [GENERATED, "", "# Gates", "", f"{len(policies)} gates: what must hold, and what each is judged on.", ""]
    lines += [*_counts(areas, used), ""]
    lines += [f"- {source.value}: {SOURCE_NAMES[source]}" for source in used]
    lines += ["- manual: no machine decides it, and a named person answers for it", ""]
    lines += ["Outside catalogues that the gates speak for: [frameworks](../frameworks/README.md).", ""]
    for area, members in areas.items():
        lines += [f"## {area}", "", f"| gate | what must hold | severity | {_row(used)} |"]
        lines += ["|---|---|---|" + "---|" * len(used), *(_gate(policy, used) for policy in members), ""]
    return "\n".join(lines).rstrip() + "\n"


def _counts(areas: dict[str, list[Policy]], used: Sequence[Source]) -> Iterator[str]:
    yield f"| area | gates | {_row(used)} | manual |"
    yield "|---|" + "---|" * (len(used) + 2)
    for area, members in areas.items():
        yield f"| [{area}](#{area}) | {_figures(members, used)} |"
    yield f"| all | {_figures([policy for members in areas.values() for policy in members], used)} |"


def _figures(policies: Sequence[Policy], used: Sequence[Source]) -> str:
    judged = [sum(source in policy.sources for policy in policies) for source in used]
    return _row([len(policies), *judged, sum(policy.manual for policy in policies)])


def _gate(policy: Policy, used: Sequence[Source]) -> str:
    _, name = policy.id.split("/", 1)
    cells = ["●" if source in policy.sources else "" for source in used]
    return f"| [{name}]({policy.id}.md) | {cell(policy.title)} | {policy.severity.value} | {_row(cells)} |"


def _row(cells: Sequence[object]) -> str:
    return " | ".join(map(str, cells))


def frameworks_index(frameworks: Sequence[Framework]) -> str:
    """All frameworks, with how much of each the gates show."""
    words = _row([word for word, _ in SHARES.values()])
    lines = [
        GENERATED,
        "",
        "# Frameworks",
        "",
        "Outside catalogues, mapped one-way onto the [gates](../gates/README.md)",
    ]
    lines += ["that speak for them. What no gate shows stands on each page, too.", ""]
    lines += [f"| framework | version | requirements | {words} |", "|---|---|---|---|---|---|"]
    for framework in frameworks:
        shares = [sum(one.covers == share for one in framework.requirements) for share in SHARES]
        title = f"[{framework.title}]({framework.name}.md)"
        lines.append(f"| {title} | {framework.version} | {_row([len(framework.requirements), *shares])} |")
    lines += ["", *(f"- {word}: {meaning}" for word, meaning in SHARES.values())]
    return "\n".join(lines) + "\n"
