"""Reports that are generated on a schedule, and kept as they were then."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..models import ReportRun
from .reports import REPORTS, Row


def month_before(day: date) -> tuple[date, date]:
    """The first and the last day of the month before the one that a day is in."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def generate(reporting: Session, start: date, end: date) -> dict[str, list[Row]]:
    """Make every report of a period."""
    return {name: report(reporting, start, end) for name, report in REPORTS.items()}


def keep(
    session: Session, start: date, end: date, reports: dict[str, list[Row]]
) -> list[ReportRun]:
    """Keep reports of a period. Run again for the same period, the first ones stay as they are."""
    there = set(
        session.scalars(
            select(ReportRun.name).where(
                ReportRun.period_start == start, ReportRun.period_end == end
            )
        )
    )
    runs = [
        ReportRun(name=name, period_start=start, period_end=end, rows=rows, digest=digest(rows))
        for name, rows in reports.items()
        if name not in there
    ]
    session.add_all(runs)
    session.flush()
    return runs


def digest(rows: list[Row]) -> str:
    """The hash by which kept rows can be checked."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
