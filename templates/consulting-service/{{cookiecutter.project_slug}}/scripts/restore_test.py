"""Whether the last restore test of the backups held: done, validated, and within the hour.

    python scripts/restore_test.py --plan PLAN --vault VAULT --output restore-test.json

AWS Backup restores the database on the first of each month (terraform/modules/backup). This asks
how that went, and exits 1 unless the newest restore was completed and validated, took no longer
than the recovery time objective, and the newest recovery point is no older than the recovery
point objective. The output is the evidence to keep.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path
from typing import Any

from aws_cli import Aws, ScriptError, aws

#: Objectives of docs/disaster-recovery.md, in minutes.
RTO = RPO = 60
#: A test older than this is no test of this month.
MAX_AGE_DAYS = 35


def _time(text: str | float) -> datetime.datetime:
    if isinstance(text, (int, float)):
        return datetime.datetime.fromtimestamp(text, datetime.timezone.utc)
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def newest_restore(call: Aws, plan: str) -> dict[str, Any]:
    """The restore job that the restore testing plan started last."""
    found = call("backup", "get-restore-testing-plan", {"RestoreTestingPlanName": plan})
    arn = found["RestoreTestingPlan"]["RestoreTestingPlanArn"]
    request = {"ByRestoreTestingPlanArn": arn}
    jobs: list[dict[str, Any]] = call("backup", "list-restore-jobs", request)["RestoreJobs"]
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


def judge(
    job: dict[str, Any], point: datetime.datetime, now: datetime.datetime
) -> tuple[dict[str, Any], list[str]]:
    """The evidence, and what of it is not good enough."""
    started = _time(job["CreationDate"])
    finished = _time(job["CompletionDate"]) if job.get("CompletionDate") else None
    minutes = (finished - started).total_seconds() / 60 if finished else None
    evidence = {
        "restore_job": job["RestoreJobId"],
        "started_at": started.isoformat(),
        "status": job["Status"],
        "validation": job.get("ValidationStatus", "none"),
        "minutes": minutes,
        "newest_recovery_point": point.isoformat(),
        "recovery_point_age_minutes": (now - point).total_seconds() / 60,
    }
    problems = []
    if job["Status"] != "COMPLETED":
        problems.append(f"the restore is {job['Status']}: {job.get('StatusMessage', 'no reason')}")
    if evidence["validation"] != "SUCCESSFUL":
        problems.append(f"the validation of the restored data is {evidence['validation']}")
    if minutes is not None and minutes > RTO:
        problems.append(f"the restore took {minutes:.0f} minutes, and {RTO} are allowed")
    if now - started > datetime.timedelta(days=MAX_AGE_DAYS):
        problems.append(f"the newest restore test is of {started:%d %B %Y}")
    if now - point > datetime.timedelta(minutes=RPO):
        problems.append(f"the newest recovery point is of {point:%d %B %Y %H:%M}")
    return evidence, problems


def main(arguments: list[str], call: Aws = aws, now: datetime.datetime | None = None) -> int:
    """Judge, write the evidence, and say what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--plan", required=True, help="name of the restore testing plan")
    parser.add_argument("--vault", action="append", required=True, help="backup vault; repeatable")
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    moment = now or datetime.datetime.now(datetime.timezone.utc)
    try:
        job = newest_restore(call, given.plan)
        evidence, problems = judge(job, newest_point(call, given.vault), moment)
    except ScriptError as failure:
        print(f"restore_test.py: {failure}")
        return 1
    evidence["problems"] = problems
    given.output.write_text(json.dumps(evidence, indent=2) + "\n", encoding="utf-8")
    print("\n".join(problems) or f"the backups restore, in {evidence['minutes']:.0f} minutes")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
