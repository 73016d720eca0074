"""`infraguard explain`: a finding, found again, with everything that led to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from infraguard.collectors.terraform.derivation import Wanted, Ways
from infraguard.evaluation.wording import decisive
from infraguard.model.errors import UsageError
from infraguard.model.evidence import Source
from infraguard.model.explanations import Derivation, Explanation, Figure
from infraguard.model.findings import WAIVERS, Finding
from infraguard.model.fingerprints import fingerprint
from infraguard.model.policy import At, Policy
from infraguard.model.values import Location
from infraguard.readers.tree import DiskTree
from infraguard.reports.ordering import finding_order
from infraguard.workflows.finding_names import findings_named, read_name
from infraguard.workflows.request import ScanRequest, ScanResult
from infraguard.workflows.scan import home, scan
from infraguard.workflows.settings import Settings, load_settings

#: What stands in a cause that can be followed in Terraform source.
_NAMED = ("var", "local")


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
    return tuple(_explained(finding, result, settings, request.scan) for finding in sorted(found, key=finding_order))


def _explained(finding: Finding, result: ScanResult, settings: Settings, request: ScanRequest) -> Explanation:
    policy = next(policy for policy in result.policies if policy.id == finding.policy)
    return Explanation(
        finding=finding,
        policy=policy,
        gate=next(gate for gate in result.report.gates if gate.policy == finding.policy),
        rule=_rule(policy, finding),
        figures=tuple(_figures(policy, settings)),
        gaps=tuple(gap for gap in result.evidence.gaps if f"{gap.source}:{gap.scope}" in finding.causes),
        derivations=tuple(_derivations(finding, request)) if finding.source is Source.TF else (),
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


def _derivations(finding: Finding, request: ScanRequest) -> Iterator[Derivation]:
    """The ways of the values that decided, for each folder that the finding may be from."""
    wanted = list(dict.fromkeys(_wanted(finding)))
    for target in request.targets:
        prefix = "" if len(request.targets) == 1 else target.rstrip("/") + "/"
        unit = finding.resource.unit
        if Path(target).is_dir() and f"{unit}/".startswith(prefix):
            within = unit.removeprefix(prefix) if unit != prefix.rstrip("/") else "."
            ways = Ways(DiskTree(Path(target)), request.var_files, request.variables)
            for derivation in ways.derive(within, wanted):
                yield _under(prefix, derivation)


def _wanted(finding: Finding) -> Iterator[Wanted]:
    for leaf, _, of in decisive(finding.trace) if finding.trace else ():
        if leaf.path:
            yield Wanted(of or finding.resource.id, leaf.path)
    for cause in finding.causes:
        if cause.rpartition(".")[0].rpartition(".")[2] in _NAMED:
            yield Wanted(cause)


def _under(prefix: str, derivation: Derivation) -> Derivation:
    """The way with its places as several targets are told apart in reports."""
    location: Location = derivation.location
    return replace(
        derivation,
        location=replace(location, file=prefix + location.file) if location.file else location,
        children=tuple(_under(prefix, child) for child in derivation.children),
    )
