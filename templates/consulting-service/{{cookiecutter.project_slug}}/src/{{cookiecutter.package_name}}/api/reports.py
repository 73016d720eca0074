"""Reports as data, CSV and PDF; and the audit log for those who check the books."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse
from sqlalchemy import select

from .. import audit
from ..errors import NotFound, Refused
from ..exports.csv_rows import csv_rows
from ..exports.pdf import report_pdf
from ..models import AuditEntry, ReportRun
from ..permissions import Permission
from ..portal import Portal
from ..services.reports import REPORTS, Row
from ..sessions import SignedIn
from .access import Ports, allowed
from .schemas import Given

router = APIRouter(tags=["reports"])

Reader = Annotated[SignedIn, Depends(allowed(Permission.READ_REPORTS))]
Auditor = Annotated[SignedIn, Depends(allowed(Permission.READ_AUDIT))]
Format = Literal["json", "csv", "pdf"]

#: A longer period is a question for the warehouse.
MAX_DAYS = 800


class ReportRunOut(Given):
    """A report that was kept."""

    id: UUID
    name: str
    period_start: date
    period_end: date
    digest: str


class AuditEntryOut(Given):
    """One entry of the audit log."""

    position: int
    at: datetime
    actor_id: UUID | None
    action: str
    entity: str
    entity_id: str
    changes: dict[str, Any]
    request_id: str
    hash: str


class VerificationOut(Given):
    """Whether the audit log is as it was written."""

    entries: int
    head: str
    broken_at: int | None


@router.get("/reports/{name}", response_model=None)
def report(
    name: str,
    portal: Ports,
    _who: Reader,
    since: date,
    until: date,
    as_format: Annotated[Format, Query(alias="format")] = "json",
) -> Response:
    """Make a report of a period, or give the one that is cached."""
    if name not in REPORTS:
        raise NotFound(f"there is no such report: there are {', '.join(REPORTS)}")
    if not 0 <= (until - since).days <= MAX_DAYS:
        raise Refused(f"a period of at most {MAX_DAYS} days is expected")
    return _as_format(name, f"{since} to {until}", _rows(portal, name, since, until), as_format)


@router.get("/report-runs")
def list_runs(portal: Ports, _who: Reader) -> list[ReportRunOut]:
    """Give the reports that were generated on schedule, the newest first."""
    query = select(ReportRun).order_by(ReportRun.created_at.desc(), ReportRun.id).limit(100)
    with portal.database.reporting_session() as session:
        return [ReportRunOut.model_validate(one) for one in session.scalars(query)]


@router.get("/report-runs/{run_id}", response_model=None)
def get_run(
    run_id: UUID,
    portal: Ports,
    _who: Reader,
    as_format: Annotated[Format, Query(alias="format")] = "json",
) -> Response:
    """Give a report as it was generated."""
    with portal.database.reporting_session() as session:
        run = session.get(ReportRun, run_id)
        if run is None:
            raise NotFound("there is no such report")
        period = f"{run.period_start} to {run.period_end}"
        return _as_format(run.name, period, run.rows, as_format)


@router.get("/audit")
def audit_entries(
    portal: Ports,
    _who: Auditor,
    after: Annotated[int, Query(ge=0)] = 0,
    entity: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[AuditEntryOut]:
    """Give entries in their order; `after` is the last position of the page before."""
    query = select(AuditEntry).where(AuditEntry.position > after).order_by(AuditEntry.position)
    if entity:
        query = query.where(AuditEntry.entity == entity)
    with portal.database.reporting_session() as session:
        return [AuditEntryOut.model_validate(one) for one in session.scalars(query.limit(limit))]


@router.get("/audit/verification")
def audit_verification(portal: Ports, _who: Auditor) -> VerificationOut:
    """Check every entry against its hash."""
    with portal.database.reporting_session() as session:
        return VerificationOut.model_validate(audit.verify(session))


def _rows(portal: Portal, name: str, since: date, until: date) -> list[Row]:
    def make() -> list[Row]:
        with portal.database.reporting_session() as session:
            return REPORTS[name](session, since, until)

    return portal.cache.rows(name, f"{since}:{until}", make)


def _as_format(name: str, period: str, rows: list[Row], as_format: Format) -> Response:
    if as_format == "json":
        return JSONResponse(rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{as_format}"'}
    if as_format == "csv":
        return StreamingResponse(
            csv_rows(rows), media_type="text/csv; charset=utf-8", headers=headers
        )
    content = report_pdf(name.capitalize(), period, rows)
    return Response(content, media_type="application/pdf", headers=headers)
