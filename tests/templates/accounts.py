"""What accounts hold, for tests of what reads or changes them: a restored database, a month's costs, two colours."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

NOW: Final = dt.datetime.now(dt.UTC).replace(microsecond=0)


def minutes_ago(minutes: float) -> str:
    return (NOW - dt.timedelta(minutes=minutes)).isoformat()


def restored(**changes: Any) -> dict[str, Any]:
    """AWS Backup has restored the database in time, after an older failure, and waits for a verdict."""
    restore = {
        "RestoreJobId": "new",
        "CreationDate": minutes_ago(90),
        "CompletionDate": minutes_ago(60),
        "Status": "COMPLETED",
        "ValidationStatus": "VALIDATING",
        "CreatedResourceArn": "arn:aws:rds:eu-west-1:123456789012:db:restored-1",
    }
    old = {**restore, "RestoreJobId": "old", "CreationDate": minutes_ago(60 * 24 * 400), "Status": "FAILED"}
    point = {"CreationDate": minutes_ago(20), "Status": "COMPLETED"}
    job = {name: value for name, value in {**restore, **changes.pop("job", {})}.items() if value is not None}
    return {
        "restore_jobs": [old, job],
        "recovery_points": {"consulting-portal-production-hourly": [point]},
        **changes,
    }


def costs() -> dict[str, dict[str, float]]:
    """US dollars by service, of last month and of the month before it."""
    this = NOW.date().replace(day=1)
    last = (this - dt.timedelta(days=1)).replace(day=1)
    before = (last - dt.timedelta(days=1)).replace(day=1)
    return {
        str(last): {"Amazon RDS": 600.0, "Amazon S3": 12.5, "AWS WAF": 100.0, "Amazon SQS": 45.0},
        str(before): {"Amazon RDS": 450.0, "Amazon S3": 2.0, "AWS WAF": 99.0, "AWS Lambda": 3.0},
    }


def recommendations() -> list[dict[str, Any]]:
    """What the Cost Optimization Hub found, the smaller saving first."""
    saving = {"actionType": "Rightsize", "resourceId": "db-1", "currentResourceType": "RdsDbInstance"}
    return [{"estimatedMonthlySavings": 5.0}, {**saving, "estimatedMonthlySavings": 120.0}]


def two_colours(blue: int, green: int, tasks: tuple[int, int] = (2, 2)) -> dict[str, Any]:
    """Blue runs image `one`, green the newer `two`; their shares of the traffic, and how many tasks each has."""
    return {
        "weights": {"blue": blue, "green": green},
        "services": {
            "blue": {"task": "arn:td/app:1", "count": tasks[0], "created": "2026-11-01T00:00:00Z"},
            "green": {"task": "arn:td/app:2", "count": tasks[1], "created": "2026-11-25T00:00:00Z"},
        },
        "images": {"arn:td/app:1": {"app": "one"}, "arn:td/app:2": {"app": "two"}},
    }
