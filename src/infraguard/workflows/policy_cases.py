"""Running the cases that stand beside policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from infraguard.evaluation import evaluate
from infraguard.evaluation.gates import verdict_over
from infraguard.model.errors import PolicyError
from infraguard.model.evidence import Evidence, Source
from infraguard.model.findings import Finding, Verdict
from infraguard.model.policy import Policy
from infraguard.policies.cases import UNIT, Case, read_cases
from infraguard.policies.catalogue import CASES, read_text
from infraguard.readers.tree import MemoryTree

#: Cases are judged as if this were today, so that ages in them never drift.
CASE_TIME = datetime(2026, 1, 1, tzinfo=UTC)


class CaseResult(Struct, frozen=True, kw_only=True):
    """One case that was run; `problem` is empty when the policy said what the case wants."""

    policy: str
    case: str
    source: Source
    file: str
    line: int
    problem: str = ""


def cases_of(policy: Policy, folder: Path) -> tuple[Case, ...]:
    """The cases beside a policy; none when there is no such file. Raises `PolicyError`."""
    path = folder / f"{policy.id}{CASES}"
    return read_cases(read_text(path), str(path)) if path.exists() else ()


def run_cases(policies: Sequence[Policy], folder: Path) -> Iterator[CaseResult]:
    """Run every case of these policies. A policy without cases is a problem of its own."""
    for policy in policies:
        cases = cases_of(policy, folder)
        if not cases and not policy.manual:
            yield CaseResult(
                policy=policy.id,
                case="",
                source=policy.sources[0] if policy.sources else Source.ATTEST,
                file=str(folder / f"{policy.id}{CASES}"),
                line=0,
                problem="it has no cases: what it passes and fails is shown by nothing",
            )
        for case in cases:
            yield CaseResult(
                policy=policy.id,
                case=case.name,
                source=case.source,
                file=case.at.file,
                line=case.at.line,
                problem=run_case(policy, case),
            )


def run_case(policy: Policy, case: Case) -> str:
    """What the policy says differently from the case, in words; nothing when they agree."""
    if case.source not in policy.sources:
        return f"the policy has no rule for {case.source}"
    findings = findings_of(policy, case)
    verdict = verdict_over(findings)
    if verdict is not case.verdict:
        said = "; ".join(f"{finding.verdict}: {finding.message}" for finding in findings) or "nothing"
        return f"expected {case.verdict}, and it is {verdict} ({said})"
    deciding = [finding for finding in findings if finding.verdict is verdict]
    if case.message and not any(case.message in finding.message for finding in deciding):
        return f"no message holds {case.message!r}: {'; '.join(finding.message for finding in deciding)}"
    if case.because and not any(case.because in _reasons(finding) for finding in deciding):
        return f"no reason holds {case.because!r}: {'; '.join(map(_reasons, deciding))}"
    if verdict is Verdict.UNKNOWN and not all(finding.reason for finding in deciding):
        return "an unknown finding gives no reason"
    return ""


def _reasons(finding: Finding) -> str:
    return " ".join((finding.reason or "", *finding.causes))


def findings_of(policy: Policy, case: Case) -> tuple[Finding, ...]:
    """What the policy finds in the evidence of a case, from the case's source."""
    judgement = evaluate([policy], evidence_of(case), now=CASE_TIME)
    return tuple(finding for finding in judgement.findings if finding.source is case.source)


def evidence_of(case: Case) -> Evidence:
    """The evidence that a case describes, through the collector of its source where it gives files."""
    if case.evidence is not None:
        return case.evidence
    tree = MemoryTree(case.files)
    if case.source is Source.TF:
        from infraguard.collectors.terraform import collect_terraform

        found = collect_terraform(tree, roots=True)
        return found.merged(_code_beside(tree)) if any(path.endswith(".py") for path in case.files) else found
    if case.source in (Source.REPO, Source.RESULTS):
        from infraguard.collectors.repository import Clone, collect_repository, judged_since

        judge = partial(judged_since, case.changed_at) if case.changed_at else None
        return collect_repository(tree, name=UNIT, clone=Clone(judge=judge))
    at = case.at
    raise PolicyError(f"files are no evidence of {case.source}: give `resources`", file=at.file, line=at.line)


def _code_beside(tree: MemoryTree) -> Evidence:
    """The repository that Terraform stands in, for gates that ask what the code of the service is about."""
    from infraguard.collectors.repository import collect_repository

    return collect_repository(tree, name=UNIT)
