"""Whether the last restore test of the backups held: restored, looked into, and within the hour.

    python scripts/restore_test.py --environment production --output restore-test.json

AWS Backup restores the database on the first of each month (terraform/modules/backup) and waits
for a verdict. This gives it: a task of the service looks into the restored database from inside
the network (`python -m {{ cookiecutter.package_name }}.jobs restore-check`), and AWS Backup is told what
it found, after which it removes the copy. The exit code is 1 unless the newest restore was
completed and validated, took no longer than the recovery time objective, and the newest recovery
point is no older than the recovery point objective. The output is the evidence to keep.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import sys
from pathlib import Path
from typing import Any

from aws_cli import Aws, ScriptError
from environment import PROJECT, Environment
from tasks import CONTAINER, app_container, run

#: Objectives of docs/disaster-recovery.md, in minutes.
RTO = RPO = 60
#: A test older than this is no test of this month.
MAX_AGE_DAYS = 35
#: Where the service finds its databases. Both lead to the restored one while it is looked into.
URLS = ("DATABASE_URL", "REPORTING_DATABASE_URL")
CHECK = ["python", "-m", "{{ cookiecutter.package_name }}.jobs", "restore-check"]


def _time(text: str | float) -> datetime.datetime:
    if isinstance(text, (int, float)):
        return datetime.datetime.fromtimestamp(text, datetime.timezone.utc)
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def newest_restore(call: Aws, plan: str) -> dict[str, Any]:
    """The restore job that the restore testing plan started last."""
    found = call("backup", "get-restore-testing-plan", {"RestoreTestingPlanName": plan})
    request = {"ByRestoreTestingPlanArn": found["RestoreTestingPlan"]["RestoreTestingPlanArn"]}
    jobs: list[dict[str, Any]] = []
    while True:
        answer = call("backup", "list-restore-jobs", request)
        jobs += answer["RestoreJobs"]
        if not answer.get("NextToken"):
            break
        request["NextToken"] = answer["NextToken"]
    if not jobs:
        raise ScriptError(f"the restore testing plan {plan} has not restored anything yet")
    return max(jobs, key=lambda job: _time(job["CreationDate"]))


def newest_point(call: Aws, vaults: list[str]) -> datetime.datetime:
    """When the newest recovery point of these vaults was made."""
    points = [
        _time(point["CreationDate"])
        for vault in vaults
        for point in call(
            "backup", "list-recovery-points-by-backup-vault", {"BackupVaultName": vault}
        )["RecoveryPoints"]
        if point["Status"] in ("COMPLETED", "AVAILABLE")
    ]
    if not points:
        raise ScriptError(f"no recovery point in {', '.join(vaults)}")
    return max(points)


def validate(environment: Environment, job: dict[str, Any]) -> str:
    """Look into what a job restored, and tell AWS Backup. What it now says of the validation."""
    if job["Status"] != "COMPLETED" or job.get("ValidationStatus") != "VALIDATING":
        return str(job.get("ValidationStatus", "none"))
    try:
        look_into(environment, job["CreatedResourceArn"])
        status, message = "SUCCESSFUL", "the service's restore-check found nothing wrong"
    except ScriptError as failure:
        status, message = "FAILED", str(failure)[:1000]
    told = {
        "RestoreJobId": job["RestoreJobId"],
        "ValidationStatus": status,
        "ValidationStatusMessage": message,
    }
    environment.call("backup", "put-restore-validation-result", told)
    environment.say(f"{status}: {message}")
    return status


def look_into(environment: Environment, arn: str) -> None:
    """Run the service's own check against a restored database. Raises what it finds wrong."""
    name = arn.rpartition(":")[2]
    answer = environment.call("rds", "describe-db-instances", {"DBInstanceIdentifier": name})
    (instance,) = answer["DBInstances"]
    if instance["DBInstanceStatus"] != "available":
        raise ScriptError(f"{name} is {instance['DBInstanceStatus']}")
    if instance["PubliclyAccessible"] or not instance["StorageEncrypted"]:
        raise ScriptError(f"{name} is public or not encrypted, unlike what was backed up")
    family = f"{environment.cluster}-job"
    variables = app_container(environment, family)["environment"]
    urls = {one["name"]: one["value"] for one in variables if one["name"] in URLS}
    if set(urls) != set(URLS):
        raise ScriptError(f"the task definition {family} does not say where its databases are")
    at = f"@{instance['Endpoint']['Address']}:{instance['Endpoint']['Port']}/"
    override = {
        "name": CONTAINER,
        "command": CHECK,
        "environment": [
            *({"name": url, "value": re.sub(r"@[^@/]*/", at, urls[url], count=1)} for url in URLS),
            # Its password is that of the day of the backup, and may have been rotated since.
            {"name": "DATABASE_IS_RESTORED", "value": "true"},
        ],
    }
    task = {
        "taskDefinition": family,
        "startedBy": "restore_test.py",
        "overrides": {"containerOverrides": [override]},
    }
    run(environment, "the look into what was restored", task)


def judge(
    job: dict[str, Any], validation: str, point: datetime.datetime, now: datetime.datetime
) -> tuple[dict[str, Any], list[str]]:
    """The evidence, and what of it is not good enough."""
    started = _time(job["CreationDate"])
    finished = _time(job["CompletionDate"]) if job.get("CompletionDate") else None
    minutes = (finished - started).total_seconds() / 60 if finished else None
    evidence = {
        "restore_job": job["RestoreJobId"],
        "started_at": started.isoformat(),
        "status": job["Status"],
        "validation": validation,
        "minutes": minutes,
        "newest_recovery_point": point.isoformat(),
        "recovery_point_age_minutes": (now - point).total_seconds() / 60,
    }
    problems = []
    if job["Status"] != "COMPLETED":
        problems.append(f"the restore is {job['Status']}: {job.get('StatusMessage', 'no reason')}")
    if validation != "SUCCESSFUL":
        problems.append(f"the validation of the restored data is {validation}")
    if minutes is not None and minutes > RTO:
        problems.append(f"the restore took {minutes:.0f} minutes, and {RTO} are allowed")
    if now - started > datetime.timedelta(days=MAX_AGE_DAYS):
        problems.append(f"the newest restore test is of {started:%d %B %Y}")
    if now - point > datetime.timedelta(minutes=RPO):
        problems.append(f"the newest recovery point is of {point:%d %B %Y %H:%M}")
    return evidence, problems


def main(
    arguments: list[str],
    environment: Environment | None = None,
    now: datetime.datetime | None = None,
) -> int:
    """Validate, judge, write the evidence, and say what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--environment", default="production")
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    one = environment or Environment(given.environment)
    plan = one.cluster.replace("-", "_")
    vaults = [f"{one.cluster}-hourly", f"{one.cluster}-daily"]
    moment = now or datetime.datetime.now(datetime.timezone.utc)
    try:
        job = newest_restore(one.call, plan)
        validation = validate(one, job)
        evidence, problems = judge(job, validation, newest_point(one.call, vaults), moment)
    except ScriptError as failure:
        one.say(f"restore_test.py: {failure}")
        return 1
    evidence["problems"] = problems
    given.output.write_text(json.dumps(evidence, indent=2) + "\n", encoding="utf-8")
    one.say("\n".join(problems) or f"the backups of {PROJECT} restore, and hold what they must")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
