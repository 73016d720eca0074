"""`infraguard explain`: a finding, found again, with everything that led to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from infraguard.model.errors import UsageError
from infraguard.model.explanations import Explanation, Figure
from infraguard.model.findings import WAIVERS, Finding
from infraguard.model.fingerprints import fingerprint
from infraguard.model.policy import At, Policy
from infraguard.reports.ordering import finding_order
from infraguard.workflows.evidence_file import load_ways
from infraguard.workflows.finding_names import findings_named, read_name
from infraguard.workflows.request import ScanRequest, ScanResult
from infraguard.workflows.scan import home, scan
from infraguard.workflows.settings import Settings, load_settings
from infraguard.workflows.ways import WaysByUnit, ways_for, ways_kept, ways_of


class ExplainRequest(Struct, frozen=True, kw_only=True):
    """What to explain (a fingerprint or its beginning, a gate, or `gate@resource`), and the scan to find it in."""

    finding: str
    scan: ScanRequest


def explain(request: ExplainRequest) -> tuple[Explanation, ...]:
    """One explanation for a fingerprint; for a gate, one for each finding that decides it.

    Raises `UsageError` where nothing, or more than one thing, has that name.
    """
    name = read_name(request.finding, request.scan.policy_folders)
    result = scan(replace(request.scan, select=(name.gate,)) if name.gate else request.scan)
    found = findings_named(name, result.report)
    for finding in found:
        if finding.policy.startswith(WAIVERS):
            raise UsageError(f"{finding.policy} is about a waiver: {finding.message}", hint=finding.remediation)
    settings = load_settings(home(request.scan), request.scan.config)
    kept = {target: load_ways(Path(target)) for target in request.scan.targets if Path(target).is_file()}
    ways = {**ways_of(found, request.scan), **ways_kept(kept, request.scan)}
    return tuple(_explained(finding, result, settings, ways) for finding in sorted(found, key=finding_order))


def _explained(finding: Finding, result: ScanResult, settings: Settings, ways: WaysByUnit) -> Explanation:
    policy = next(policy for policy in result.policies if policy.id == finding.policy)
    return Explanation(
        finding=finding,
        policy=policy,
        gate=next(gate for gate in result.report.gates if gate.policy == finding.policy),
        rule=_rule(policy, finding),
        figures=tuple(_figures(policy, settings)),
        gaps=tuple(gap for gap in result.evidence.gaps if f"{gap.source}:{gap.scope}" in finding.causes),
        derivations=ways_for(finding, ways),
    )


def _rule(policy: Policy, finding: Finding) -> At:
    """Where the rule stands that was used: a fingerprint holds its number."""
    what = finding.resource
    for number, rule in enumerate(policy.rules):
        if fingerprint(policy.id, finding.source, what.unit, what.id, number) == finding.fingerprint:
            return rule.at
    return policy.at


def _figures(policy: Policy, settings: Settings) -> Iterator[Figure]:
    given = settings.parameters.get(policy.id, {})
    for name, parameter in policy.parameters.items():
        path = ".".join(part for part in (settings.prefix, "gates", policy.id, name) if part)
        place = settings.document.at(path) if settings.document and name in given else None
        yield Figure(name=name, value=given.get(name, parameter.default), default=parameter.default, location=place)
