"""What starts jobs by the clock, in Python and in files beside it, and whether they are about reports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.python.modules import Module, resource
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern

KINDS: Final = ("scheduled_job",)
CONCERNS: Final = pattern(
    rb"(?i)beat_schedule|cronjobs|crontab|apscheduler|add_job|scheduled_job|\bcron\(|periodic|rq_scheduler|repeat_every|"
    rb"django_q|\bimport schedule\b|\bfrom schedule import\b"
)
#: Calls that start something by the clock, by the libraries' own documents: APScheduler, Celery, arq, periodiq, huey,
#: Procrastinate, fastapi-utils, django-q, and the library `schedule`.
_SCHEDULES: Final = pattern(
    r"(?:\.add_job|\.scheduled_job|\.add_periodic_task|arq\.cron|arq\.cron\.cron|\.crontab|^crontab|\.cron|periodic_task|"
    r"repeat_every|\.periodic|django_q\.\w+\.schedule|\.Schedule\.objects\.create|^schedule\.every\(\).*\.do)\Z"
)
#: In a decorator the library `schedule` only says when: what is called by then is the function below.
_TIMES: Final = pattern(r"^schedule\.every(?:\(\)|\Z)")
_TABLE: Final = pattern(r"(?i)beat_schedule\Z|^cronjobs\Z")
#: Files of other kinds that start jobs: workflows, Terraform, cron tables.
SCHEDULE_FILES: Final = pattern(
    r"(?:\.github/workflows/[^/]+\.ya?ml|.*\.tf|(?:.*/)?crontab|(?:.*/)?cron\.ya?ml|.*cronjob.*\.ya?ml)\Z"
)
#: Some of which every file has that starts a job by a schedule; a table of cron without a single star is none.
_SIGNS: Final = ("schedule", "aws_cloudwatch_event_rule", "cron:", "CronJob", "* ", "*\t", " *\n", " *\r", "\t*\n")
_SCHEDULE: Final = pattern(
    r"aws_scheduler_schedule|aws_cloudwatch_event_rule|schedule_expression|^[ \t]*-?\s*cron:|kind:\s*CronJob"
    r"|^[ \t]*[\d*/,-]+(?:\s+[\d*/,-]+){4}\s",
    re.MULTILINE,
)
#: A pipeline speaks of what its own tools report; one that makes reports says so by a verb or a program.
_MADE: Final = pattern(
    r"(?i)\b(?:generat|creat|mak|send|mail|export|render|refresh|produc)(?:e|es|ing)?\b[\w /.-]{0,40}"
    r"(?<![\w-])reports?\b|\breports?[-_ ](?:generat|creat|job|task|mail)"
    r"|(?:\bpython3?[ \t]|manage\.py|jobs|tasks)[^\n-]*(?<![-\w])reports?\b"
)
#: `report` as a word of a name: of `send_report_mails`, `incident-report-daily` and `MonthlyReport`, not of `reported`;
#: and what reports are called that come by the day, the week or the month.
_JOB: Final = pattern(
    r"(?:(?<![A-Za-z])reports?|(?<![A-Z])Reports?|(?<![A-Za-z])REPORTS?)(?![a-z])"
    r"|(?i:(?:daily|weekly|monthly)[-_ ]?(?:briefs?|briefings?|digests?|summar(?:y|ies))(?![a-z]))"
)
#: Reports of other things than the business, and the verb.
_OTHER: Final = pattern(
    r"(?i)(?:cost|bug|coverage|security|audit|test|sarif|usage|error|vulnerabilit\w+)[-_ ]?reports?|report_?test|"
    r"report[-_](?:errors?|exceptions?|failures?|health|metrics?|stat(?:s|us|istics)|telemetry|usage)(?![a-z])"
)


def read(module: Module) -> Iterator[Resource]:
    """What a module starts by the clock: in decorators, by calls, and in tables of Celery and django-crontab."""
    decorating: set[int] = set()
    for function in module.functions:
        for decorator in function.decorator_list:
            calls = [node for node in ast.walk(decorator) if isinstance(node, ast.Call)]
            names = [module.name_of(call.func) for call in calls]
            if any(_SCHEDULES.search(name) or _TIMES.search(name) for name in names):
                decorating |= {id(call) for call in calls}
                text = f"{ast.unparse(decorator)} {function.name} {' '.join(_names_called(function))}"
                yield _scheduled(module.path, decorator.lineno, text)
    for call in module.calls:
        if id(call.node) not in decorating and _SCHEDULES.search(call.name):
            yield _scheduled(module.path, call.node.lineno, ast.unparse(call.node))
    for name, value in _tables(module):
        if _TABLE.search(name):
            yield _scheduled(module.path, value.lineno, ast.unparse(value))


def _names_called(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The last names of what a function calls; what it logs or says in text is not what it does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr


def _tables(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """Values under a name: assigned to it, or given as an argument of that name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign):
            yield ast.unparse(node.targets[0]), node.value
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield ast.unparse(node.target), node.value
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.value


def of_text(text: str, path: str) -> Iterator[Resource]:
    """A schedule in a file that is no Python, with what it speaks of."""
    found = _SCHEDULE.search(text) if any(sign in text for sign in _SIGNS) else None
    if found:
        yield _scheduled(path, text.count("\n", 0, found.start()) + 1, text)


def _scheduled(path: str, line: int, text: str) -> Resource:
    made = _MADE if path.startswith(".github/") else _JOB
    is_about = bool(made.search(_OTHER.sub("", text)))
    return resource("scheduled_job", path, line, "schedule", {"for_reports": is_about})
