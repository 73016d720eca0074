"""What the seeded accounts answer where moto knows no such operation, and what an empty account does."""

from __future__ import annotations

from typing import Any

_LISTS = (
    ("backup", "ListRestoreJobs", "RestoreJobs"),
    ("bcm-data-exports", "ListExports", "Exports"),
    ("cur", "DescribeReportDefinitions", "ReportDefinitions"),
    ("ecs", "ListServiceDeployments", "serviceDeployments"),
    ("ecs", "DescribeServiceRevisions", "serviceRevisions"),
)
#: What an account answers of which nothing is known.
NOTHING: tuple[dict[str, Any], ...] = tuple(
    {"service": service, "operation": operation, "output": {key: []}} for service, operation, key in _LISTS
)


def answers(region: str, name: str, *, is_good: bool) -> list[dict[str, Any]]:
    """The last restore, the cost reports, and what the service of the account ran."""
    return [
        _answer("backup", "ListRestoreJobs", region, RestoreJobs=[_restore(region, name, is_good=is_good)]),
        _answer("cur", "DescribeReportDefinitions", "*", ReportDefinitions=[_report(name, is_good=is_good)]),
        *_export(name, is_good=is_good),
        *_deployments(region, name),
    ]


def _answer(service: str, operation: str, region: str, **output: Any) -> dict[str, Any]:
    return {"service": service, "operation": operation, "region": region, "output": output}


def _restore(region: str, name: str, *, is_good: bool) -> dict[str, Any]:
    return {
        "RestoreJobId": f"{name}-{region}",
        "Status": "COMPLETED" if is_good else "FAILED",
        "CreationDate": "2026-11-01T05:00:00+00:00",
        "CompletionDate": "2026-11-01T05:20:30+00:00",
        "ResourceType": "RDS",
        "SourceResourceArn": f"arn:aws:rds:{region}:123456789012:db:{name}",
    }


def _report(name: str, *, is_good: bool) -> dict[str, Any]:
    status = {"lastDelivery": "20261101T060000Z", "lastStatus": "SUCCESS" if is_good else "ERROR_NO_BUCKET"}
    return {
        "ReportName": f"{name}-costs",
        "TimeUnit": "DAILY",
        "Format": "Parquet",
        "Compression": "Parquet",
        "AdditionalSchemaElements": [],
        "S3Bucket": f"{name}-costs",
        "S3Prefix": "cur",
        "S3Region": "us-east-1",
        "ReportStatus": status,
    }


def _export(name: str, *, is_good: bool) -> list[dict[str, Any]]:
    arn = f"arn:aws:bcm-data-exports:us-east-1:123456789012:export/{name}"
    named_times = ("CreatedAt", "LastUpdatedAt", *(("LastRefreshedAt",) if is_good else ()))
    times = dict.fromkeys(named_times, "2026-11-01T06:00:00+00:00")
    status = {"StatusCode": "HEALTHY" if is_good else "UNHEALTHY", **times}
    query = "SELECT line_item_usage_type FROM COST_AND_USAGE_REPORT"
    named = {"ExportArn": arn, "Name": name, "DataQuery": {"QueryStatement": query}}
    return [
        _answer(
            *("bcm-data-exports", "ListExports", "*"),
            Exports=[{"ExportArn": arn, "ExportName": name, "ExportStatus": status}],
        ),
        _answer("bcm-data-exports", "GetExport", "*", Export=named, ExportStatus=status),
    ]


def _deployments(region: str, name: str) -> list[dict[str, Any]]:
    prefix = f"arn:aws:ecs:{region}:123456789012"
    service, cluster = f"{prefix}:service/{name}/app", f"{prefix}:cluster/{name}"
    revision = f"{prefix}:service-revision/{name}/app/1"
    where = {"serviceArn": service, "clusterArn": cluster}
    deployment = {
        **where,
        "serviceDeploymentArn": f"{prefix}:service-deployment/{name}/app/1",
        "targetServiceRevisionArn": revision,
        "status": "SUCCESSFUL",
        **{f"{each}At": "2026-11-01T07:00:00+00:00" for each in ("created", "started", "finished")},
    }
    image = {"containerName": "app", "image": "registry/app:7", "imageDigest": "sha256:aa"}
    described = {
        **where,
        "serviceRevisionArn": revision,
        "taskDefinition": f"{prefix}:task-definition/{name}:1",
        "containerImages": [image],
        "createdAt": "2026-11-01T06:55:00+00:00",
    }
    return [
        _answer("ecs", "ListServiceDeployments", region, serviceDeployments=[deployment]),
        _answer("ecs", "DescribeServiceRevisions", region, serviceRevisions=[described]),
    ]
