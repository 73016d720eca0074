"""One report with everything a format must cope with: every verdict, drift, gaps, waivers, and hostile names."""

from __future__ import annotations

from msgspec.structs import replace

from infraguard.model.evidence import Environment, Gap, GapReason, Source, Target
from infraguard.model.findings import Finding, GateResult, Report, Severity, Subject, Verdict
from infraguard.model.policy import Policy
from infraguard.model.values import ABSENT, Default, Denied, Location, Unknown, Value

P, F, U, N, M = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE, Verdict.MANUAL
PRODUCTION = Environment.PRODUCTION

BACKUP = "Set backup_retention_period to 30 or more. RDS keeps at most 35 days; AWS Backup keeps longer."
PUBLIC = "Set publicly_accessible to false, and use subnets that have no route to an internet gateway."
ARN = "arn:aws:rds:eu-west-1:123456789012:db:billing"
LIVE = Location(arn=ARN, account="123456789012", region="eu-west-1", call="rds:DescribeDBInstances")


def finding(
    policy: str,
    source: Source,
    verdict: Verdict,
    resource: str = "aws_db_instance.main",
    *,
    kind: str = "aws_db_instance",
    severity: Severity = Severity.HIGH,
    location: Location | None = None,
    message: str = "",
    observed: dict[str, Value] | None = None,
    required: str = "",
    reason: str | None = None,
    remedy: str | None = None,
    causes: tuple[str, ...] = (),
    suppression: str | None = None,
    remediation: str = BACKUP,
) -> Finding:
    """A finding whose fingerprint is told from its policy, source and resource."""
    return Finding(
        policy=policy,
        source=source,
        verdict=verdict,
        severity=severity,
        resource=Subject(kind=kind, id=resource, environment=PRODUCTION, unit="terraform"),
        message=message or f"{resource} is judged",
        remediation=remediation,
        fingerprint=f"{policy}|{source.value}|{resource}".replace("/", "-"),
        location=location,
        observed=observed or {},
        required=required,
        reason=reason,
        remedy=remedy,
        causes=causes,
        suppression=suppression,
    )


def gate(
    policy: str, title: str, severity: Severity, verdict: Verdict, drift: bool = False, **sources: Verdict
) -> GateResult:
    detail = "" if not drift else "declared, not deployed" if "aws" in sources else "declared, not reached"
    return GateResult(
        policy=policy, title=title, severity=severity, verdict=verdict, sources=sources, drift=drift, detail=detail
    )


def deployed(caller: str, line: int = 3, index: int = 0, **changed: object) -> Finding:
    """A fail of a job that is written once, as one of its callers has it; `line` is where the job stands."""
    name = f".github/workflows/{caller}.yml#deploy/deploy"
    found = finding("pipeline/deploy-triggers", Source.REPO, Verdict.FAIL)
    found = replace(found, resource=replace(found.resource, kind="deployment", id=name), fingerprint=caller)
    found = replace(found, message=f"{name} starts on a release", location=Location(file="deploy.yml", line=line))
    observed = {f"starts_on.{index}": "release"}
    return replace(found, observed=observed, required=f"starts_on.{index} one of main", **changed)


def _at(line: int, file: str = "terraform/db.tf") -> Location:
    return Location(file=file, line=line, column=3, end_line=line)


VARIABLE = {
    "reason": "var.retention_days has no value",
    "remedy": "give it a default, or name the file that sets it: --var-file production.tfvars",
    "causes": ("var.retention_days",),
}
DENIED = {
    "reason": "cloudwatch:DescribeAlarms eu-west-1: not authorized (and 1 more)",
    "remedy": "allow cloudwatch:DescribeAlarms",
    "causes": ("aws:cloudwatch:DescribeAlarms eu-west-1", "aws:cloudwatch:DescribeAlarms us-east-1"),
}

_FAILS = (
    finding(
        "database/backup-retention",
        Source.AWS,
        F,
        ARN,
        location=LIVE,
        message="billing keeps backups 7 days, and 30 are required",
        observed={"backup_retention_period": 7},
        required="at least 30",
    ),
    finding(
        "database/backup-retention",
        Source.TF,
        F,
        'module.reports["eu [bold]west[/bold]"].aws_db_instance.this',
        location=_at(41, "terraform/modules/db/main.tf"),
        message="module.reports keeps backups 0 days, and 30 are required",
        observed={"backup_retention_period": Default(0, "provider hashicorp/aws 6.0")},
        required="at least 30",
        suppression="waiver: reports are rebuilt nightly, until 2027-01-31",
    ),
    finding(
        "database/no-public-access",
        Source.TF,
        F,
        severity=Severity.CRITICAL,
        location=_at(12),
        message="aws_db_instance.main is reachable from the internet: publicly_accessible is true, subnet "
        "aws_subnet.public[0] has a route to an internet gateway, and aws_security_group.db lets in 0.0.0.0/0",
        observed={"publicly_accessible": True, "subnets": ["aws_subnet.public[0]", "aws_subnet.public[1]"]},
        required="no open path from the internet",
        remediation=PUBLIC,
    ),
    finding(
        "tls/minimum-version",
        Source.TF,
        F,
        "aws_lb_listener.https",
        kind="aws_lb_listener",
        severity=Severity.MEDIUM,
        location=_at(3, "terraform/we ird/\x1b[31mné\u202e.tf"),
        message="aws_lb_listener.https takes [link=https://evil.example]TLS 1.0[/link] [x](https://evil.example)",
        observed={"ssl_policy": "ELBSecurityPolicy-2016-08\x07", "$where": {"$key": 1, "nested": [ABSENT, None, 1.5]}},
        required="a policy of TLS 1.3",
        remediation="Use ELBSecurityPolicy-TLS13-1-3-2021-06.",
    ),
    finding(
        "pipeline/coverage-threshold",
        Source.RESULTS,
        F,
        "coverage.xml",
        kind="coverage_report",
        severity=Severity.LOW,
        location=Location(file="coverage.xml"),
        message="coverage is 79.6 %, and 80 % are required",
        observed={"percent_covered": 79.6},
        required="at least 80",
        remediation="Test what is not covered.\n\nCoverage is compared as measured,\nnever as displayed.",
    ),
)
_UNKNOWNS = (
    finding(
        "database/point-in-time-recovery",
        Source.TF,
        U,
        location=_at(12),
        observed={"backup_retention_period": Unknown("var.retention_days has no value", ("var.retention_days",))},
        required="at least 1",
        **VARIABLE,  # type: ignore[arg-type] # fields of one finding, written once
    ),
    finding(
        "database/backup-retention",
        Source.TF,
        U,
        "aws_db_instance.replica",
        location=_at(30),
        **VARIABLE,  # type: ignore[arg-type] # fields of one finding, written once
    ),
    finding(
        "alerting/database-unavailable",
        Source.AWS,
        U,
        "",
        kind="aws_cloudwatch_metric_alarm",
        severity=Severity.CRITICAL,
        location=Location(account="123456789012", region="eu-west-1"),
        observed={"alarm_actions": Denied("not authorized", "cloudwatch:DescribeAlarms")},
        **DENIED,  # type: ignore[arg-type] # fields of one finding, written once
    ),
)
_OTHERS = (
    finding(
        "database/backup-retention",
        Source.TF,
        P,
        location=_at(12),
        message="aws_db_instance.main keeps backups 30 days",
        observed={"backup_retention_period": 30, "storage_encrypted": True},
    ),
    finding(
        "pipeline/coverage-threshold",
        Source.REPO,
        P,
        "pyproject.toml",
        kind="python_project",
        severity=Severity.LOW,
        location=_at(88, "pyproject.toml"),
        message="pyproject.toml: fail_under is 80",
        observed={"fail_under": 80},
    ),
    finding("database/encrypted-own-key", Source.TF, P, location=_at(12), observed={"kms_key_id": "aws_kms_key.db"}),
    finding("container/non-root", Source.REPO, N, "", kind="dockerfile_stage", reason="there is no Dockerfile"),
    finding("recovery/restore-drill", Source.ATTEST, M, "", kind="attestation", severity=Severity.MEDIUM),
)
_GAPS = (
    Gap(
        source=Source.AWS,
        scope="cloudwatch:DescribeAlarms us-east-1",
        reason=GapReason.DENIED,
        detail="AccessDenied: not authorized to perform cloudwatch:DescribeAlarms",
        remedy="allow cloudwatch:DescribeAlarms",
    ),
    Gap(
        source=Source.AWS,
        scope="cloudwatch:DescribeAlarms eu-west-1",
        reason=GapReason.DENIED,
        detail="AccessDenied: not authorized to perform cloudwatch:DescribeAlarms",
        remedy="allow cloudwatch:DescribeAlarms",
    ),
    Gap(
        source=Source.TF,
        scope="terraform/broken.tf",
        reason=GapReason.INVALID,
        detail="terraform/broken.tf:7:1: a block is not closed",
        remedy="correct the file",
        location=Location(file="terraform/broken.tf", line=7, column=1),
    ),
)

REPORT = Report(
    version="1.2.3",
    started_at="2026-11-23T12:00:00Z",
    targets=(
        Target(source=Source.AWS, name="123456789012"),
        Target(source=Source.REPO, name="billing"),
        Target(source=Source.TF, name="billing"),
    ),
    findings=(*_OTHERS, *_UNKNOWNS, *_FAILS),
    gates=(
        gate("container/non-root", "Images run as a user that is not root", Severity.HIGH, N, repo=N),
        gate("database/backup-retention", "Databases keep backups for 30 days", Severity.HIGH, F, True, aws=F, tf=P),
        gate("database/encrypted-own-key", "Databases are encrypted with their own key", Severity.HIGH, P, tf=P),
        gate("database/no-public-access", "No database is reachable from the internet", Severity.CRITICAL, F, tf=F),
        gate("database/point-in-time-recovery", "Point-in-time recovery is on", Severity.HIGH, U, tf=U),
        gate("alerting/database-unavailable", "Somebody is told when a database is down", Severity.CRITICAL, U, aws=U),
        gate("tls/minimum-version", "Listeners take TLS 1.3 only", Severity.MEDIUM, F, tf=F),
        gate("pipeline/coverage-threshold", "Coverage is at least 80 %", Severity.LOW, F, True, repo=P, results=F),
        gate("recovery/restore-drill", "A restore was practised this year", Severity.MEDIUM, M, attest=M),
    ),
    gaps=_GAPS,
)

CLEAN = Report(
    version="1.2.3",
    started_at="2026-11-23T12:00:00Z",
    targets=(Target(source=Source.TF, name="billing"),),
    findings=(_OTHERS[2],),
    gates=(gate("database/encrypted-own-key", "Databases are encrypted with their own key", Severity.HIGH, P, tf=P),),
    gaps=(),
)

NOTHING = Report(version="1.2.3", started_at="2026-11-23T12:00:00Z", targets=(), findings=(), gates=(), gaps=())

POLICIES = {
    "database/no-public-access": Policy(
        id="database/no-public-access",
        title="No database is reachable from the internet",
        severity=Severity.CRITICAL,
        why="A database that the internet can reach is attacked within minutes of being found.",
        remediation=PUBLIC,
        rules=(),
        references=("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.Scenarios.html", "CIS AWS 2.3.3"),
    ),
}
