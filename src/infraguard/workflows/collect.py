"""What a user named, to evidence: folders, saved evidence, Terraform plans, a live account."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from infraguard.evaluation import needed_kinds
from infraguard.model.errors import CollectionError, UsageError
from infraguard.model.evidence import EVERY_UNIT, Evidence, Gap, GapReason, Source, Target
from infraguard.model.policy import Policy
from infraguard.model.stated import Stated
from infraguard.model.values import Location
from infraguard.workflows.evidence_file import load_evidence
from infraguard.workflows.request import ScanRequest, home
from infraguard.workflows.settings import Settings


def collect(request: ScanRequest, policies: Sequence[Policy], settings: Settings) -> Evidence:
    """Everything the request asks for, and nothing that the policies do not look at.

    An account that cannot be reached at all is a gap beside other targets, and raises `CollectionError` alone.
    """
    kinds = None if request.everything else needed_kinds(policies, Source.TF) | needed_kinds(policies, Source.PLAN)
    parts = [_target(target, request, settings, kinds) for target in request.targets]
    if len(parts) > 1:
        parts = [_under(target, part) for target, part in zip(request.targets, parts, strict=True)]
    evidence = Evidence().merged(*parts)
    if request.plans:
        from infraguard.workflows.plans import collect_plans, placed

        evidence = placed(evidence.merged(collect_plans(request, policies)))
    if request.aws is None:
        return evidence
    try:
        return evidence.merged(_account(request, policies, settings))
    except CollectionError as error:
        if not parts:
            raise
        return evidence.merged(_unreached(error))


def _unreached(error: CollectionError) -> Evidence:
    gap = Gap(
        source=Source.AWS,
        unit="the AWS account",
        scope="the AWS account",
        reason=GapReason.UNREACHABLE,
        detail=error.message,
        remedy=error.hint or "check the credentials and the network",
    )
    return Evidence(targets=(Target(source=Source.AWS, name="account not reached"),), gaps=(gap,))


def _target(target: str, request: ScanRequest, settings: Settings, kinds: frozenset[str] | None) -> Evidence:
    """The evidence of one target. What the settings state of a repository is about the one that they stand in."""
    path = Path(target)
    if path.is_file():
        return load_evidence(path)
    return _folder(path, request, settings.repository if path == home(request) else Stated(), kinds)


def _under(target: str, evidence: Evidence) -> Evidence:
    """Evidence of one target of several: its units and files get the target's name in front, so that none are mixed."""
    prefix = target.rstrip("/") + "/"

    def placed(location: Location) -> Location:
        return replace(location, file=prefix + location.file) if location.file else location

    def unit(name: str, source: Source) -> str:
        return name if name == EVERY_UNIT or source is Source.AWS else (prefix + name).removesuffix("/.")

    return Evidence(
        targets=tuple(
            replace(entry, name=unit(entry.name, entry.source) if entry.source is Source.TF else entry.name)
            for entry in evidence.targets
        ),
        resources=tuple(
            replace(
                resource,
                unit=unit(resource.unit, resource.source),
                location=placed(resource.location),
                places={path: placed(location) for path, location in resource.places.items()},
                calls=tuple(prefix + call for call in resource.calls),
            )
            for resource in evidence.resources
        ),
        gaps=tuple(
            replace(gap, unit=unit(gap.unit, gap.source), location=placed(gap.location) if gap.location else None)
            for gap in evidence.gaps
        ),
        collected=tuple(replace(entry, unit=unit(entry.unit, entry.source)) for entry in evidence.collected),
    )


def _folder(path: Path, request: ScanRequest, stated: Stated, kinds: frozenset[str] | None) -> Evidence:
    from infraguard.collectors.repository import Clone, collect_repository, judged_on_disk, read_history
    from infraguard.collectors.terraform import collect_terraform
    from infraguard.readers.tree import DiskTree

    tree = DiskTree(path)
    history = {"history": read_history(path)} if request.history else {}
    repository = collect_repository(
        tree,
        name=path.resolve().name,
        read_at=request.now,
        results=request.results,
        stated=stated,
        clone=Clone(judge=partial(judged_on_disk, path), **history),
    )
    terraform = collect_terraform(
        tree,
        kinds=kinds,
        roots=request.everything,
        var_files=request.var_files,
        variables=request.variables,
        read_at=request.now,
    )
    return repository.merged(terraform)


def _account(request: ScanRequest, policies: Sequence[Policy], settings: Settings) -> Evidence:
    from infraguard.collectors.aws import AwsRequest, collect_aws

    options = request.aws
    kinds = needed_kinds(policies, Source.AWS)
    if options is None or not kinds:
        raise UsageError("none of the selected gates is judged on AWS", hint="leave out --aws, or select others")
    return collect_aws(
        AwsRequest(
            kinds=kinds,
            profile=options.profile,
            regions=options.regions,
            role_arn=options.role_arn,
            read_at=request.now,
            environments=settings.accounts,
        )
    )
