"""Restores that AWS Backup has run: what was restored, how that ended, and how long it took.

A restore by another way, such as one that RDS is asked for itself, is on no such list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from infraguard.collectors.aws.answers import Answer, Field, always, at, attributes, maybe, moment
from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.reader import Reader
from infraguard.model.evidence import Resource
from infraguard.model.values import ABSENT, Unknown, Value

_JOB = "aws_backup_restore_job"
_OPERATION = "ListRestoreJobs"
#: The states in which a job has said what it can. One that somebody called off says nothing of the time it takes.
_ENDED = ("COMPLETED", "FAILED")
_NEVER = ""


def _minutes(answer: Answer) -> Value:
    """From when the job was made to when it was done, which is the least that a recovery takes."""
    made, done = at(answer, ("CreationDate",)), at(answer, ("CompletionDate",))
    if isinstance(made, datetime) and isinstance(done, datetime):
        return round((done - made).total_seconds() / 60, 1)
    if answer.get("Status") not in _ENDED:
        return ABSENT
    return Unknown("AWS Backup did not say when the restore began and ended", remedy="look at the job in AWS Backup")


def _source(answer: Answer) -> Value:
    """What was restored; jobs of long ago know only of what type it was."""
    source = maybe("SourceResourceArn")(answer)
    return maybe("ResourceType")(answer) if source is ABSENT else source


_FIELDS: dict[str, Field] = {
    "id": always("RestoreJobId"),
    "status": always("Status"),
    "took_minutes": _minutes,
    "completed": moment("CompletionDate"),
    "source": _source,
    "resource_type": maybe("ResourceType"),
    "restore_testing_plan": maybe("CreatedBy", "RestoreTestingPlanArn"),
    "validation_status": maybe("ValidationStatus"),
}


def _jobs(calls: Calls, kinds: frozenset[str]) -> Iterator[Resource]:
    """The restore jobs, each knowing whether it is the last of its source that ended. Parts of a job are not told."""
    answers = [answer for answer in calls.items(_OPERATION, "RestoreJobs", kinds) if not answer.get("ParentJobId")]
    last: dict[Value, str] = {}
    for answer in answers:
        if answer.get("Status") in _ENDED:
            last[_source(answer)] = max(last.get(_source(answer), _NEVER), _when(answer))
    for answer in answers:
        is_last = answer.get("Status") in _ENDED and last[_source(answer)] == _when(answer)
        yield from calls.found(_JOB, _OPERATION, {**attributes(answer, _FIELDS), "is_last": is_last})


def _when(answer: Answer) -> str:
    """When the job ended, or was made where that is not said, as text that sorts by time."""
    ended, made = moment("CompletionDate")(answer), moment("CreationDate")(answer)
    return next((text for text in (ended, made) if isinstance(text, str)), _NEVER)


READERS = (
    Reader(service="backup", operations={_JOB: (_OPERATION,)}, attributes={_JOB: (*_FIELDS, "is_last")}, read=_jobs),
)
