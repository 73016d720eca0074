"""What an account has on record: restores, cost reports, and the revisions of services."""

from __future__ import annotations

import time
from typing import Any

import pytest

from infraguard.collectors.aws.catalogue import READERS
from infraguard.model.evidence import Environment, Evidence, GapReason, Resource
from infraguard.model.values import Unknown
from tests.collectors.aws.conftest import Collect
from tests.collectors.aws.test_translation import answering, attributes
from tests.emulator.server import ACCOUNT, Emulator

RESTORES, REPORTS, EXPORTS = "aws_backup_restore_job", "aws_cur_report_definition", "aws_bcmdataexports_export"
REVISIONS = "aws_ecs_service_revision"
SERVICE = f"arn:aws:ecs:eu-west-1:{ACCOUNT}:service/portal/app"


def restore(name: str, day: int, minutes: int = 20, **said: Any) -> dict[str, Any]:
    return {
        "RestoreJobId": name,
        "Status": "COMPLETED",
        "CreationDate": f"2026-11-{day:02}T05:00:00+00:00",
        "CompletionDate": f"2026-11-{day:02}T05:{minutes:02}:30+00:00",
        "SourceResourceArn": "arn:db:one",
        **said,
    }


def by_id(evidence: Evidence) -> dict[str, Resource]:
    return {resource.id: resource for resource in evidence.resources}


def test_the_last_restore_of_each_source_that_ended(aws: Emulator, collect: Collect) -> None:
    running = {**restore("running", 9), "Status": "RUNNING"}
    del running["CompletionDate"]
    jobs = [
        restore("old", 1, 50),
        restore("new", 2),
        restore("other", 1, SourceResourceArn="arn:db:two"),
        restore("called-off", 8, Status="ABORTED"),
        restore("part", 7, ParentJobId="new"),
        running,
    ]
    answering(aws, "backup", ListRestoreJobs={"RestoreJobs": jobs})
    seen = by_id(collect({RESTORES}))
    assert "part" not in seen
    assert {name for name, job in seen.items() if job.attributes["is_last"]} == {"new", "other"}
    assert seen["new"].attributes["took_minutes"] == 20.5
    assert seen["new"].attributes["completed"].startswith("2026-11-02T05:20:30")
    assert "took_minutes" not in seen["running"].attributes


def test_a_restore_that_does_not_say_how_long_it_took(aws: Emulator, collect: Collect) -> None:
    job = {"RestoreJobId": "one", "Status": "COMPLETED", "ResourceType": "RDS"}
    answering(aws, "backup", ListRestoreJobs={"RestoreJobs": [job]})
    seen = attributes(collect({RESTORES}), RESTORES)
    assert isinstance(seen["took_minutes"], Unknown)
    assert (seen["source"], seen["is_last"]) == ("RDS", True)


def report(**status: str) -> dict[str, Any]:
    return {"ReportName": "costs", "S3Bucket": "costs", **({"ReportStatus": status} if status else {})}


def test_when_a_cost_report_was_delivered(aws: Emulator, collect: Collect) -> None:
    said = report(lastDelivery="20261101T060000Z", lastStatus="ERROR_PERMISSIONS")
    answering(aws, "cur", DescribeReportDefinitions={"ReportDefinitions": [said]})
    seen = attributes(collect({REPORTS}), REPORTS)
    assert (seen["last_delivery"], seen["last_status"]) == ("2026-11-01T06:00:00+00:00", "ERROR_PERMISSIONS")


@pytest.mark.parametrize("said", [report(), report(lastDelivery="in November", lastStatus="SUCCESS")])
def test_a_delivery_that_is_not_said_is_unknown(aws: Emulator, collect: Collect, said: dict[str, Any]) -> None:
    answering(aws, "cur", DescribeReportDefinitions={"ReportDefinitions": [said]})
    seen = attributes(collect({REPORTS}), REPORTS)["last_delivery"]
    assert isinstance(seen, Unknown)
    assert seen.remedy


@pytest.mark.parametrize(
    ("query", "table"),
    [
        ("SELECT a, b FROM COST_AND_USAGE_REPORT", "COST_AND_USAGE_REPORT"),
        ('select "a" from "FOCUS_1_2_AWS" where a > 0', "FOCUS_1_2_AWS"),
        ("SELECT 1", None),
    ],
)
def test_what_a_data_export_is_of(aws: Emulator, collect: Collect, query: str, table: str | None) -> None:
    status = {"StatusCode": "HEALTHY", "LastRefreshedAt": "2026-11-01T06:00:00+00:00"}
    answering(
        aws,
        "bcm-data-exports",
        ListExports={
            "Exports": [
                {
                    "ExportArn": "arn:aws:bcm-data-exports:us-east-1:1:export/e",
                    "ExportName": "e",
                    "ExportStatus": status,
                }
            ]
        },
        GetExport={"Export": {"Name": "e", "DataQuery": {"QueryStatement": query}}},
    )
    seen = attributes(collect({EXPORTS}), EXPORTS)
    assert seen["table"] == table if table else isinstance(seen["table"], Unknown)
    assert seen["status"] == "HEALTHY"


def test_what_the_whole_account_has_is_read_once(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    seeding = len(aws.log())
    evidence = collect({REPORTS, EXPORTS, "aws_account"}, regions=("eu-west-1", "eu-central-1"))
    assert {entry.region for entry in aws.log()[seeding:] if entry.service != "sts"} == {"us-east-1"}
    assert sorted(resource.kind for resource in evidence.resources) == ["aws_account", EXPORTS, REPORTS]
    assert by_id(evidence)[ACCOUNT].kind == "aws_account"


@pytest.mark.parametrize("kind", [RESTORES, REPORTS, EXPORTS, REVISIONS])
def test_a_denied_record_names_the_permission(aws: Emulator, collect: Collect, kind: str) -> None:
    aws.seed_good()
    reader = next(reader for reader in READERS if kind in reader.operations)
    aws.faults([{"kind": "deny", "service": reader.service}])
    (gap,) = collect({kind}).gaps
    assert (gap.reason, gap.kinds) == (GapReason.DENIED, (kind,))
    first = reader.operations[kind][0]
    assert gap.remedy.startswith(f"allow {reader.service}:{first} to the identity")


def services(aws: Emulator, *controllers: str) -> None:
    ecs = aws.client("ecs")
    ecs.create_cluster(clusterName="portal", tags=[{"key": "Environment", "value": "staging"}])
    ecs.register_task_definition(family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 9}])
    for number, controller in enumerate(controllers):
        ecs.create_service(
            cluster="portal",
            serviceName=f"app{number or ''}",
            taskDefinition="app",
            desiredCount=1,
            deploymentController={"type": controller},
        )


def revision(number: int, *images: dict[str, str]) -> dict[str, Any]:
    return {
        "serviceRevisionArn": f"arn:revision/{number}",
        "serviceArn": SERVICE,
        "containerImages": list(images),
        "createdAt": f"2026-11-0{number}T06:00:00+00:00",
    }


def deployment(number: int, hour: int = 7) -> dict[str, Any]:
    times = {f"{each}At": f"2026-11-0{number}T{hour:02}:00:00+00:00" for each in ("created", "finished")}
    return {"targetServiceRevisionArn": f"arn:revision/{number}", "status": "SUCCESSFUL", **times}


def test_the_revisions_of_a_service(aws: Emulator, collect: Collect) -> None:
    services(aws, "ECS")
    by_tag = {"containerName": "app", "image": "r/app:7", "imageDigest": "sha256:bb"}
    by_digest = {"containerName": "log", "image": "r/log@sha256:cc"}
    first = {"service": "ecs", "operation": "ListServiceDeployments"}
    aws.overlay(
        [
            {
                **first,
                "when": {"nextToken": None},
                "output": {"serviceDeployments": [deployment(2), deployment(1)], "nextToken": "more"},
            },
            {**first, "when": {"nextToken": "more"}, "output": {"serviceDeployments": [deployment(1, hour=6)]}},
            {
                "service": "ecs",
                "operation": "DescribeServiceRevisions",
                "output": {"serviceRevisions": [revision(1, by_digest), revision(2, by_tag, by_digest)]},
            },
        ]
    )
    seen = by_id(collect({REVISIONS}))
    one, two = (seen[f"arn:revision/{number}"] for number in (1, 2))
    assert (one.attributes["is_current"], two.attributes["is_current"]) == (False, True)
    assert two.attributes["digests"] == ["sha256:bb", "sha256:cc"]
    assert (two.attributes["service"], two.attributes["cluster"]) == ("app", "portal")
    assert one.attributes["deployed"] == "2026-11-01T06:00:00+00:00", "the first time counts, on whichever page"
    assert {one.environment, two.environment} == {Environment.STAGING}, "the cluster says whose they are"


def test_a_revision_without_a_digest(aws: Emulator, collect: Collect) -> None:
    services(aws, "ECS")
    answering(
        aws,
        "ecs",
        ListServiceDeployments={"serviceDeployments": [deployment(1)]},
        DescribeServiceRevisions={"serviceRevisions": [revision(1, {"image": "r/app:latest"})]},
    )
    digests = attributes(collect({REVISIONS}), REVISIONS)["digests"]
    assert isinstance(digests, Unknown)
    assert "r/app:latest" in digests.reason


def test_what_others_deploy_has_no_revisions(aws: Emulator, collect: Collect) -> None:
    services(aws, "CODE_DEPLOY")
    seen = attributes(collect({REVISIONS}), REVISIONS)
    assert seen["is_current"] is True
    assert isinstance(seen["digests"], Unknown)
    assert seen["digests"].reason.startswith("CODE_DEPLOY deploys")


def test_a_service_of_which_nothing_is_on_record_is_a_gap(aws: Emulator, collect: Collect) -> None:
    services(aws, "ECS")
    evidence = collect({REVISIONS})
    (gap,) = evidence.gaps
    assert (evidence.resources, gap.reason, gap.kinds) == ((), GapReason.UNRESOLVED, (REVISIONS,))


def test_a_service_that_is_not_described_is_a_gap(aws: Emulator, collect: Collect) -> None:
    services(aws, "ECS", "ECS")
    one = {"serviceArn": SERVICE, "serviceName": "app", "deploymentController": {"type": "CODE_DEPLOY"}}
    answering(aws, "ecs", DescribeServices={"services": [one]})
    evidence = collect({REVISIONS})
    (gap,) = evidence.gaps
    assert "lacks" in gap.detail
    assert len(evidence.resources) == 1


def test_times_are_of_utc_whatever_clock_the_machine_goes_by(
    aws: Emulator, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        answering(aws, "backup", ListRestoreJobs={"RestoreJobs": [restore("one", 1)]})
        seen = attributes(collect({RESTORES}), RESTORES)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert seen["completed"] == "2026-11-01T05:20:30+00:00"
