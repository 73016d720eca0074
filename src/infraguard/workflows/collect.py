"""What a user named, to evidence: folders, saved evidence, a live account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from infraguard.evaluation import needed_kinds
from infraguard.model.errors import UsageError
from infraguard.model.evidence import Evidence, Gap, GapReason, Source
from infraguard.model.policy import Policy
from infraguard.workflows.evidence_file import load_evidence
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.settings import Settings


def collect(request: ScanRequest, policies: Sequence[Policy], settings: Settings) -> Evidence:
    """Everything the request asks for, and nothing that the policies do not look at."""
    evidence = Evidence()
    for target in request.targets:
        path = Path(target)
        evidence = evidence.merged(load_evidence(path) if path.is_file() else _folder(path, request))
    if request.aws is not None:
        evidence = evidence.merged(_account(request, policies, settings))
    return evidence


def _folder(path: Path, request: ScanRequest) -> Evidence:
    from infraguard.collectors.repository import collect_repository
    from infraguard.collectors.terraform import collect_terraform
    from infraguard.readers.tree import DiskTree

    tree = DiskTree(path)
    repository = collect_repository(tree, name=path.name or str(path), read_at=request.now, results=request.results)
    return repository.merged(collect_terraform(tree, var_files=request.var_files, read_at=request.now))


def _account(request: ScanRequest, policies: Sequence[Policy], settings: Settings) -> Evidence:
    from infraguard.collectors.aws import AwsRequest, collect_aws

    options = request.aws
    kinds = needed_kinds(policies, Source.AWS)
    if options is None or not kinds:
        raise UsageError("none of the selected gates is judged on AWS", hint="leave out --aws, or select others")
    return collect_aws(
        AwsRequest(
            kinds=tuple(sorted(kinds)),
            profile=options.profile,
            regions=options.regions,
            role_arn=options.role_arn,
            read_at=request.now,
            environments=settings.accounts,
        )
    )


def nothing_read(target: str) -> Gap:
    """The gap of a scan that read nothing at all."""
    return Gap(
        source=Source.REPO,
        scope=target,
        reason=GapReason.EMPTY,
        detail="nothing to judge was found",
        remedy="give the folder of a repository",
    )
