"""What the gates say of the points of a checklist: the evidence that the checklist's own gate is judged on.

A point that names a gate holds as that gate does, side by side: by what the files declare, by results, by the account.
Where no evidence decides the gate at all, the point is a person's, as one that names none. What Terraform does not
declare decides nothing: a rule that main needs a review may stand in the settings of GitHub.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from infraguard.evaluation.gates import verdict_over
from infraguard.model.evidence import EVERY_UNIT, ROOTED, Collected, Evidence, Resource, Source
from infraguard.model.findings import Finding, Verdict
from infraguard.model.policy import Policy
from infraguard.model.values import Unknown, Value

#: The kind of resource that is a point; a policy that looks at it is judged after all others.
POINT: Final = "checklist_point"
#: Which sources a point's verdict is told by, under the name of one: a repository and its Terraform declare together.
_WITNESSES: Final[dict[Source, frozenset[Source]]] = {
    Source.REPO: frozenset({Source.REPO, Source.TF, Source.PLAN}),
    Source.RESULTS: frozenset({Source.RESULTS}),
    Source.AWS: frozenset({Source.AWS}),
}


def is_about_gates(policy: Policy) -> bool:
    """Whether a policy is judged on what the others say."""
    return any(POINT in rule.kinds for rule in policy.rules)


def on_gates(evidence: Evidence, judged: Sequence[Policy], findings: Iterable[Finding]) -> Evidence:
    """The evidence of a repository's checklist, each point with the verdict of its gate from every source.

    `judged` are the other policies of the scan, and `findings` theirs.
    """
    of_gate: dict[str, list[Finding]] = {policy.id: [] for policy in judged}
    for finding in findings:
        of_gate.setdefault(finding.policy, []).append(finding)
    own = tuple(resource for resource in evidence.resources if resource.source is Source.REPO)
    given = tuple(each for each in evidence.resources if each.kind == POINT and each.source is not Source.REPO)
    points = tuple(point for each in own if each.kind == POINT for point in _witnessed(each, of_gate))
    units = dict.fromkeys((point.source, point.unit) for point in (*given, *points) if point.source is not Source.REPO)
    return Evidence(
        targets=evidence.targets,
        resources=(*(each for each in own if each.kind != POINT), *points, *given),
        gaps=tuple(gap for gap in evidence.gaps if gap.source is Source.REPO or POINT in gap.kinds),
        collected=(
            *(entry for entry in evidence.collected if entry.source is Source.REPO),
            *(Collected(source=source, unit=unit, kinds=(POINT,)) for source, unit in units),
        ),
    )


def _witnessed(point: Resource, of_gate: Mapping[str, Sequence[Finding]]) -> Iterator[Resource]:
    """The point as every source sees it; as a person's, where none does."""
    gate = str(point.attributes.get("gate") or "")
    if "verdict" in point.attributes or not gate:
        yield _with(point, point.attributes.get("verdict", Verdict.MANUAL.value))
        return
    if gate not in of_gate:
        remedy = f"select {gate} too, or correct the name in {point.location.file}"
        yield _with(point, Unknown(f"{gate} is no gate that this scan judged", remedy=remedy))
        return
    by_source = {
        source: tuple(
            finding
            for finding in of_gate[gate]
            if finding.source in witnesses and _is_of_repository(finding, point.unit)
        )
        for source, witnesses in _WITNESSES.items()
    }
    speaking = {source: found for source, found in by_source.items() if found and not _is_undeclared(found)}
    if not speaking:
        yield _with(point, Verdict.MANUAL.value)
    for source, found in speaking.items():
        yield replace(_with(point, _verdict(gate, found)), source=source)


def _is_undeclared(findings: Sequence[Finding]) -> bool:
    """Whether all that is said is that Terraform has nothing of the sort."""
    return all(each.verdict is Verdict.NOT_APPLICABLE and each.source in ROOTED for each in findings)


def _is_of_repository(finding: Finding, repository: str) -> bool:
    """Whether a finding is about what lies in this repository, of several that were scanned; accounts are for all."""
    unit = finding.resource.unit
    if finding.source is Source.AWS or unit in (EVERY_UNIT, repository):
        return True
    return finding.source not in (Source.REPO, Source.RESULTS) and (
        repository == "." or unit.startswith(f"{repository}/")
    )


def _with(point: Resource, verdict: Value) -> Resource:
    return replace(point, attributes={**point.attributes, "verdict": verdict})


def _verdict(gate: str, findings: Sequence[Finding]) -> Value:
    verdict = verdict_over(findings)
    if verdict is not Verdict.UNKNOWN:
        return verdict.value
    first = next(finding for finding in findings if finding.verdict is verdict and not finding.suppression)
    return Unknown(f"{gate} is unknown: {first.reason}", tuple(first.causes), remedy=first.remedy or "")
