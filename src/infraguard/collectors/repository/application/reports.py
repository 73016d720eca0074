"""Reports that the application makes: their formats, their cache, and what starts them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.python.modules import Call, Module, resource
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

KINDS: Final = ("report_output", "report_cache", "scheduled_job")
CONCERNS: Final = pattern(
    rb"\bcsv\b|reportlab|fpdf|weasyprint|xhtml2pdf|pdfkit|borb|to_csv|wkhtmltopdf|beat_schedule|BEAT_SCHEDULE|crontab|"
    rb"apscheduler|add_job|scheduled_job|\bcron\(|periodic_task|rq_scheduler|[Rr]edis|lru_cache|@[\w.]*cache|TTLCache"
)
_PDF: Final = pattern(
    r"^(?:reportlab|fpdf|weasyprint|xhtml2pdf|pdfkit|borb|typst|pypdf|django_weasyprint|playwright.*pdf)"
)
_WRITES_CSV: Final = pattern(r"(?:^|\.)(?:csv\.writer|csv\.DictWriter|to_csv|write_csv|unicodecsv\.writer)$")
_SCHEDULES: Final = pattern(
    r"(?:\.add_job|\.scheduled_job|\.add_periodic_task|arq\.cron|arq\.cron\.cron|\.crontab|^crontab|\.cron|periodic_task|repeat_every)$"
)
_REPORT: Final = pattern(r"(?i)report")
_CACHES: Final = frozenset(
    {"setex", "set", "get", "getex", "psetex", "hset", "cached", "cache", "cache_page", "memoize", "get_or_set"}
)
_IN_PROCESS: Final = frozenset({"lru_cache", "TTLCache", "LRUCache", "ttl_cache"})
#: Files of other kinds that start jobs: workflows, Terraform, cron tables.
SCHEDULE_FILES: Final = pattern(
    r"(?:\.github/workflows/[^/]+\.ya?ml|.*\.tf|(?:.*/)?crontab|(?:.*/)?cron\.ya?ml|.*cronjob.*\.ya?ml)\Z"
)
#: Some of which every file has that starts a job by a schedule; a table of cron without a single star is none.
_SIGNS: Final = ("schedule", "aws_cloudwatch_event_rule", "cron:", "CronJob", "* ", "*\t", " *\n", " *\r", "\t*\n")
_SCHEDULE: Final = pattern(
    r"aws_scheduler_schedule|aws_cloudwatch_event_rule|schedule_expression|^\s*-?\s*cron:|kind:\s*CronJob|^\s*[\d*/,-]+(?:\s+[\d*/,-]+){4}\s",
    re.MULTILINE,
)
#: A pipeline speaks of what its own tools report; one that makes reports says so by a verb or a program.
_MADE: Final = pattern(
    r"(?i)\b(?:generat|creat|mak|send|mail|export|render|refresh|produc)(?:e|es|ing)?\b[\w /.-]{0,40}"
    r"(?<![\w-])reports?\b|\breports?[-_ ](?:generat|creat|job|task|mail)"
    r"|(?:\bpython3?[ \t]|manage\.py|jobs|tasks)[^\n-]*(?<![-\w])reports?\b"
)
_JOB: Final = pattern(r"(?i)\b[\w.-]*reports?\b")


def read(module: Module) -> Iterator[Resource]:
    """Formats, caches and schedules of reports in a module."""
    for call in module.calls:
        if _WRITES_CSV.search(call.name):
            yield _output(module, call.node.lineno, "csv")
            break
    for full in module.imports.values():
        if _PDF.search(full):
            yield _output(module, 1, "pdf")
            break
    if _is_about_reports(module):
        yield from _cache(module)
    for call in module.calls:
        if _SCHEDULES.search(call.name):
            yield _scheduled(module.path, call.node.lineno, ast.unparse(call.node))
    for node in ast.walk(module.tree) if "beat_schedule" in module.source.lower() else ():
        is_table = isinstance(node, ast.Assign) and "beat_schedule" in ast.unparse(node.targets[0]).lower()
        if is_table and isinstance(node, ast.Assign):
            yield _scheduled(module.path, node.lineno, ast.unparse(node.value))


def of_text(text: str, path: str) -> Iterator[Resource]:
    """A schedule in a file that is no Python, with what it speaks of."""
    found = _SCHEDULE.search(text) if any(sign in text for sign in _SIGNS) else None
    if found:
        yield _scheduled(path, text.count("\n", 0, found.start()) + 1, text)


def _is_about_reports(module: Module) -> bool:
    return bool(_REPORT.search(module.path)) or any(
        _REPORT.search(each.name) for each in (*module.functions, *module.classes)
    )


def _output(module: Module, line: int, form: str) -> Resource:
    return resource("report_output", module.path, line, f"output/{form}", {"format": form})


def _scheduled(path: str, line: int, text: str) -> Resource:
    text = re.sub(
        r"(?i)(?:cost|bug|coverage|security|audit|test|sarif|usage|error|vulnerabilit\w+)[-_ ]?reports?|report_?test",
        "",
        text,
    )
    made = _MADE if path.startswith(".github/") else _JOB
    return resource("scheduled_job", path, line, "schedule", {"for_reports": bool(made.search(text))})


def _cache(module: Module) -> Iterator[Resource]:
    speaks = any(re.search("redis|valkey", full) for full in module.imports.values())
    cached = [call for call in module.calls if _caches(module, call)]
    decorators = [
        (module.name_of(each.func if isinstance(each, ast.Call) else each), each.lineno)
        for function in module.functions
        for each in function.decorator_list
    ]
    if speaks and cached:
        yield _cached(module, cached[0].node.lineno, "redis")
        return
    for name, line in decorators:
        if name.rpartition(".")[2] in _IN_PROCESS:
            yield _cached(module, line, "memory")
            return
    for name, line in (*decorators, *((call.name, call.node.lineno) for call in cached)):
        if re.search(r"(?i)cache", name) and not name.startswith("functools."):
            store = Unknown(
                f"where {name} keeps is set elsewhere",
                (name,),
                remedy="cache reports by a client of Redis, or say so in the settings",
            )
            yield _cached(module, line, store)
            return


def _caches(module: Module, call: Call) -> bool:
    if call.last not in _CACHES:
        return False
    about = f"{call.name} {call.scope} {ast.unparse(call.node)[:200]}"
    is_client = bool(re.search(r"(?i)redis|cache|valkey", about))
    return is_client and bool(_REPORT.search(f"{module.path} {about}"))


def _cached(module: Module, line: int, store: object) -> Resource:
    return resource("report_cache", module.path, line, "report-cache", {"store": store})
