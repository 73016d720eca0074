"""What a scan is asked, and what it gives."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from infraguard.model.evidence import Evidence
from infraguard.model.findings import Report, Severity
from infraguard.model.policy import Policy


class AwsOptions(Struct, frozen=True, kw_only=True):
    """How to reach a live account. No regions means the session's own."""

    profile: str = ""
    regions: tuple[str, ...] = ()
    role_arn: str = ""


class ScanRequest(Struct, frozen=True, kw_only=True):
    """One scan. `now` is UTC, ISO 8601; what is None comes from the repository's settings.

    `variables` are texts for Terraform's variables by name, as it takes them from `TF_VAR_` names.
    `history` looks for secrets in git's history, too.
    `everything` keeps also what no policy of this scan looks at, for evidence that others will judge.
    """

    now: str
    targets: tuple[str, ...] = (".",)
    aws: AwsOptions | None = None
    plans: tuple[str, ...] = ()
    results: tuple[str, ...] | None = None
    var_files: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    everything: bool = False
    history: bool = False
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    policy_folders: tuple[str, ...] = ()
    framework: str = ""
    tools: tuple[str, ...] = ()
    sarif_files: tuple[str, ...] = ()
    config: str | None = None
    fail_on: Severity | None = None
    on_unknown: Literal["fail", "warn"] | None = None


class ScanResult(Struct, frozen=True, kw_only=True):
    """The report, the policies and evidence that it rests on, and what the process should end with."""

    report: Report
    policies: tuple[Policy, ...]
    evidence: Evidence
    exit_code: int


def home(request: ScanRequest) -> Path:
    """The folder whose settings count: the first target that is one, else the current one."""
    return next((Path(target) for target in request.targets if Path(target).is_dir()), Path())
