"""The index of all gates and frameworks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from infraguard.model.evidence import Source
from infraguard.model.frameworks import Framework
from infraguard.model.policy import Policy
from infraguard.reports.documents.gate import GENERATED


def gates_index(policies: Sequence[Policy]) -> str:
    """All gates by area, with what each is judged on."""
    used = [source for source in Source if any(source in policy.sources for policy in policies)]
    lines = [GENERATED, "", "# Gates", "", f"{len(policies)} gates, and what each is judged on.", ""]
    for area, group in groupby(policies, key=lambda policy: policy.id.partition("/")[0]):
        lines += [f"## {area}", "", f"| gate | severity | {' | '.join(used)} |", "|---|---|" + "---|" * len(used)]
        for policy in group:
            cells = ["●" if source in policy.sources else "" for source in used]
            lines.append(
                f"| [{policy.id}]({policy.id}.md)<br>{policy.title} | {policy.severity.value} | {' | '.join(cells)} |"
            )
        lines.append("")
    counts = [str(sum(source in policy.sources for policy in policies)) for source in used]
    lines += ["## Counts", "", f"| | {' | '.join(used)} | a person alone |", "|---|" + "---|" * (len(used) + 1)]
    lines.append(f"| gates | {' | '.join(counts)} | {sum(policy.manual for policy in policies)} |")
    return "\n".join(lines) + "\n"


def frameworks_index(frameworks: Sequence[Framework]) -> str:
    """All frameworks, with how much of each the gates show."""
    lines = [GENERATED, "", "# Frameworks", "", "| framework | requirements | as a whole | in part | not |"]
    lines.append("|---|---|---|---|---|")
    for framework in frameworks:
        shares = [
            str(sum(one.covers == share for one in framework.requirements)) for share in ("whole", "part", "none")
        ]
        title = f"[{framework.title}]({framework.name}.md), {framework.version}"
        lines.append(f"| {title} | {len(framework.requirements)} | {' | '.join(shares)} |")
    return "\n".join(lines) + "\n"
