"""`infraguard scan`: targets to a report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from infraguard import __version__
from infraguard.bundled import bundled_folder
from infraguard.evaluation import Judgement, concerning, evaluate, gates_over
from infraguard.evaluation.frameworks import judge_framework
from infraguard.model.errors import UsageError
from infraguard.model.evidence import Evidence, Gap
from infraguard.model.findings import Finding, Report
from infraguard.model.frameworks import Framework
from infraguard.model.policy import Policy
from infraguard.model.values import Value
from infraguard.policies.catalogue import load_catalogue, select
from infraguard.policies.frameworks import check_framework, demanded, load_framework
from infraguard.suppressions import mark, problem_gates
from infraguard.workflows.collect import collect
from infraguard.workflows.outcome import exit_code
from infraguard.workflows.request import AwsOptions, ScanRequest, ScanResult, home
from infraguard.workflows.settings import Settings, check_parameters, load_settings
from infraguard.workflows.waivers import Waivers, waivers_of

if TYPE_CHECKING:
    from infraguard.workflows.other_tools import Asked

__all__ = ["AwsOptions", "ScanRequest", "ScanResult", "home", "scan"]


def scan(request: ScanRequest, tell: Callable[[str], None] = lambda _: None) -> ScanResult:
    """Select, collect, judge. `tell` hears of what takes long, such as installing a tool.

    Raises `UsageError` before anything is read, or `CollectionError` when nothing can be.
    """
    settings = load_settings(home(request), request.config)
    every = _catalogue(request, settings)
    framework = _framework(request, every)
    policies = _selected(request, settings, every, framework)
    parameters = demanded(framework, every, settings.parameters) if framework else settings.parameters
    waivers = waivers_of(request, {policy.id for policy in every})
    others = _other_tools(request, tell)
    evidence = collect(request, policies, settings)
    evidence = evidence.merged(others.evidence) if others else evidence
    now = datetime.fromisoformat(request.now)
    judged = {policy.id for policy in policies}
    accepted = partial(_accepted, waivers=waivers, evidence=evidence, today=now.date(), judged=judged)
    judgement = evaluate(policies, evidence, now=now, parameters=parameters, accepted=accepted)
    if waivers:
        judgement = _waived(judgement, policies, waivers, evidence, now.date(), parameters)
    report = Report(
        version=__version__,
        started_at=request.now,
        targets=evidence.targets,
        findings=judgement.findings,
        gates=judgement.gates,
        gaps=_gaps(concerning(evidence.gaps, policies), others.read.gaps if others else ()),
        framework=judge_framework(framework, judgement.gates) if framework else None,
        tools=others.read.results if others else (),
    )
    fail_on, on_unknown = request.fail_on or settings.fail_on, request.on_unknown or settings.on_unknown
    return ScanResult(
        report=report,
        policies=policies,
        evidence=evidence,
        exit_code=exit_code(report, fail_on=fail_on, on_unknown=on_unknown),
    )


def _other_tools(request: ScanRequest, tell: Callable[[str], None]) -> Asked | None:
    if not request.tools and not request.sarif_files:
        return None
    from infraguard.workflows.other_tools import ask_tools

    return ask_tools(request.tools, request.sarif_files, request.targets, tell)


def _gaps(ours: Sequence[Gap], of_tools: Sequence[Gap]) -> tuple[Gap, ...]:
    """All gaps; what a tool did not tell keeps its gates open, and is said once."""
    said = {(gap.scope, gap.detail) for gap in ours}
    return (*ours, *(gap for gap in of_tools if (gap.scope, gap.detail) not in said))


def _catalogue(request: ScanRequest, settings: Settings) -> tuple[Policy, ...]:
    folders = (bundled_folder("policies"), *settings.policy_folders, *map(Path, request.policy_folders))
    every = load_catalogue(folders)
    check_parameters(settings, every)
    return every


def _framework(request: ScanRequest, every: Sequence[Policy]) -> Framework | None:
    if not request.framework:
        return None
    framework = load_framework(bundled_folder("policies"), request.framework)
    check_framework(framework, every)
    return framework


def _accepted(
    findings: Sequence[Finding], *, waivers: Waivers, evidence: Evidence, today: date, judged: Collection[str]
) -> Sequence[Finding]:
    """The findings, those that are waived marked so."""
    return mark(findings, waivers, evidence, today=today, judged=judged).findings if waivers else findings


def _waived(
    judgement: Judgement,
    policies: Sequence[Policy],
    waivers: Waivers,
    evidence: Evidence,
    today: date,
    parameters: Mapping[str, Mapping[str, Value]],
) -> Judgement:
    """The judgement with what is waived marked, and with what is wrong with the waivers themselves."""
    judged = {policy.id for policy in policies}
    marked = mark(judgement.findings, waivers, evidence, today=today, judged=judged)
    gates = gates_over(policies, marked.findings, parameters=parameters)
    return Judgement(findings=marked.findings + marked.problems, gates=gates + problem_gates(marked.problems))


def _selected(
    request: ScanRequest, settings: Settings, every: Sequence[Policy], framework: Framework | None
) -> tuple[Policy, ...]:
    """The gates to judge: of those that are chosen the framework's, where one is asked for.

    Like `--select`, a framework goes before what the settings select: it speaks of all that it names.
    """
    chosen = request.select or (() if framework else settings.select)
    selected = select(every, chosen, (*settings.exclude, *request.exclude))
    if framework is None:
        return selected
    named = frozenset(framework.gates())
    mine = tuple(policy for policy in selected if policy.id in named)
    if not mine:
        raise UsageError(f"{framework.name} names none of the gates that are selected", hint="leave --select out")
    return mine
