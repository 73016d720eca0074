"""Format `json`: the wire model `infraguard/report/v1`, frozen once released.

It stands apart from the internal model on purpose: a change there must not reach other people's programs. The JSON
Schema beside it is `schemas/report-v1.schema.json`. A breaking change is a new module and a new schema id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from infraguard.model.evidence import Gap, Source
from infraguard.model.findings import Finding, FrameworkResult, GateResult, Report, ToolFinding, ToolResult, Verdict
from infraguard.model.values import Location
from infraguard.reports.observed import as_data
from infraguard.reports.ordering import finding_order, gap_order, source_rank, tool_finding_order
from infraguard.reports.text import to_json
from infraguard.reports.together import earlier_ones

#: How many findings are written at a time.
_TOGETHER = 500


class ToolV1(Struct, frozen=True):
    """What made the report."""

    name: str
    version: str


class TargetV1(Struct, frozen=True):
    """What was asked to be scanned, as one source sees it."""

    source: str
    name: str


class ResourceV1(Struct, frozen=True):
    """What a finding is about; an empty id is an absence."""

    kind: str
    id: str
    environment: str


class FileLocationV1(Struct, frozen=True):
    """A place in a file; lines count from 1, and null is not known."""

    file: str
    line: int | None
    end_line: int | None


class LiveLocationV1(Struct, frozen=True):
    """A live thing; null is not known."""

    arn: str | None
    account: str | None
    region: str | None


class FindingV1(Struct, frozen=True, omit_defaults=True):
    """One policy on one resource from one source. `remediation` says for an unknown how to have it decided.

    `same_as` is the fingerprint of an earlier fail that is the same thing to mend: of a module that another root calls
    as well, or of a job that another workflow does. It is left out where there is none.
    """

    policy: str
    source: str
    verdict: str
    severity: str
    resource: ResourceV1
    location: FileLocationV1 | LiveLocationV1 | None
    message: str
    observed: dict[str, Any]
    reason: str | None
    remediation: str
    fingerprint: str
    suppression: str | None
    same_as: str | UnsetType = UNSET


class GateV1(Struct, frozen=True):
    """One gate over all its findings."""

    policy: str
    verdict: str
    sources: dict[str, str]
    drift: bool


class GapV1(Struct, frozen=True):
    """Something that could not be read."""

    source: str
    scope: str
    reason: str
    detail: str
    remedy: str


class RequirementV1(Struct, frozen=True):
    """One requirement of a framework. `covers` says how much of it the gates show, and `left` what they do not."""

    id: str
    title: str
    verdict: str
    covers: str
    left: str | None
    gates: dict[str, str]


class FrameworkV1(Struct, frozen=True):
    """The framework that the scan was asked for, in the order of its catalogue."""

    name: str
    title: str
    version: str
    requirements: list[RequirementV1]


class ToolFindingV1(Struct, frozen=True):
    """One thing that another tool found, in its own words."""

    rule: str
    severity: str
    location: FileLocationV1 | None
    message: str
    help: str | None
    fingerprint: str
    suppression: str | None


class ToolResultV1(Struct, frozen=True):
    """What another tool found, the worst first; one without findings ran and found nothing.

    `switched_off` says in sentences what the repository's settings for the tool, and marks in its files, leave out.
    """

    tool: str
    version: str
    findings: list[ToolFindingV1]
    switched_off: list[str]


class ReportV1(Struct, frozen=True, omit_defaults=True):
    """The whole document, its keys in the order of the file."""

    schema: Literal["infraguard/report/v1"]
    tool: ToolV1
    started_at: str
    targets: list[TargetV1]
    findings: list[FindingV1]
    gates: list[GateV1]
    gaps: list[GapV1]
    summary: dict[str, int]
    framework: FrameworkV1 | UnsetType = UNSET
    tools: list[ToolResultV1] | UnsetType = UNSET


def render_json(report: Report) -> Iterator[str]:
    """The report as JSON, in an order that depends on its contents only.

    Findings are most of it, and are written some at a time.
    """
    before, head, after = to_json(_to_v1(report)).partition('\n  "findings": [')
    yield before + head
    findings = sorted(report.findings, key=finding_order)
    firsts = earlier_ones(findings)
    for start in range(0, len(findings), _TOGETHER):
        some = findings[start : start + _TOGETHER]
        piece = to_json({"findings": [finding_v1(each, firsts.get(each.fingerprint, UNSET)) for each in some]})
        yield ("," if start else "") + piece.removeprefix("{" + head).removesuffix("\n  ]\n}\n")
    yield "\n  " + after if findings else after


def _to_v1(report: Report) -> ReportV1:
    """The report in the wire model, but for its findings. Its summary counts gates."""
    targets = sorted(report.targets, key=lambda target: (source_rank(target.source), target.name))
    return ReportV1(
        schema="infraguard/report/v1",
        tool=ToolV1("infraguard", report.version),
        started_at=report.started_at,
        targets=[TargetV1(target.source.value, target.name) for target in targets],
        findings=[],
        gates=[gate_v1(gate) for gate in sorted(report.gates, key=lambda gate: gate.policy)],
        gaps=[gap_v1(gap) for gap in sorted(report.gaps, key=gap_order)],
        summary={verdict.value: report.count(verdict) for verdict in Verdict},
        framework=framework_v1(report.framework) if report.framework else UNSET,
        tools=[tool_result_v1(result) for result in report.tools] if report.tools else UNSET,
    )


def finding_v1(finding: Finding, same_as: str | UnsetType = UNSET) -> FindingV1:
    """One finding."""
    unknown = finding.verdict is Verdict.UNKNOWN
    return FindingV1(
        policy=finding.policy,
        source=finding.source,
        verdict=finding.verdict,
        severity=finding.severity,
        resource=ResourceV1(finding.resource.kind, finding.resource.id, finding.resource.environment),
        location=location_v1(finding.location),
        message=finding.message,
        observed={path: as_data(value) for path, value in sorted(finding.observed.items())},
        reason=finding.reason,
        remediation=(finding.remedy if unknown else None) or finding.remediation,
        fingerprint=finding.fingerprint,
        suppression=finding.suppression,
        same_as=same_as,
    )


def location_v1(location: Location | None) -> FileLocationV1 | LiveLocationV1 | None:
    """The place; None where nothing is known of it."""
    if location is None:
        return None
    if location.file:
        return FileLocationV1(location.file, location.line or None, location.end_line or location.line or None)
    if location.arn or location.account:  # a plan that lies elsewhere has a region and no place
        return LiveLocationV1(location.arn or None, location.account or None, location.region or None)
    return None


def gate_v1(gate: GateResult) -> GateV1:
    """One gate, its sources in the order of `Source`."""
    names = [str(source) for source in Source if source in gate.sources]
    return GateV1(gate.policy, gate.verdict.value, {name: gate.sources[name].value for name in names}, gate.drift)


def gap_v1(gap: Gap) -> GapV1:
    """One gap."""
    return GapV1(gap.source.value, gap.scope, gap.reason.value, gap.detail, gap.remedy)


def framework_v1(framework: FrameworkResult) -> FrameworkV1:
    """A framework, its requirements in their own order."""
    return FrameworkV1(
        framework.name,
        framework.title,
        framework.version,
        [
            RequirementV1(
                one.id,
                one.title,
                one.verdict.value,
                one.covers,
                one.left or None,
                {gate: verdict.value for gate, verdict in sorted(one.gates.items())},
            )
            for one in framework.requirements
        ],
    )


def tool_result_v1(result: ToolResult) -> ToolResultV1:
    """What a tool found."""
    return ToolResultV1(
        result.tool,
        result.version,
        [_tool_finding_v1(one) for one in sorted(result.findings, key=tool_finding_order)],
        list(result.switched_off),
    )


def _tool_finding_v1(finding: ToolFinding) -> ToolFindingV1:
    place = finding.location
    return ToolFindingV1(
        finding.rule,
        finding.severity.value,
        FileLocationV1(place.file, place.line or None, place.end_line or place.line or None) if place.file else None,
        finding.message,
        finding.help or None,
        finding.fingerprint,
        finding.suppression,
    )
