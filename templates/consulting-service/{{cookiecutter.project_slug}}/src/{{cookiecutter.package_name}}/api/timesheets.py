"""Hours: written down, handed in, decided on, exported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlalchemy import Select, select

from ..exports.csv_rows import csv_rows
from ..models import Timesheet
from ..permissions import Permission, allows
from ..portal import Portal
from ..services import timesheets
from ..sessions import SignedIn
from .access import Ports, Who, allowed
from .schemas import Asked, Given, Hours

router = APIRouter(tags=["timesheets"])

Writer = Annotated[SignedIn, Depends(allowed(Permission.WRITE_TIME))]
Approver = Annotated[SignedIn, Depends(allowed(Permission.APPROVE_TIME))]
Day = Annotated[date, Query()]
Status = Literal["draft", "submitted", "approved", "rejected", "invoiced"]


class NewTimesheet(Asked):
    """Hours that were worked."""

    consultant_id: UUID
    engagement_id: UUID
    work_date: date
    hours: Hours
    notes: str = Field(default="", max_length=2000)


class TimesheetOut(Given):
    """Hours, and how far they have come."""

    id: UUID
    consultant_id: UUID
    engagement_id: UUID
    work_date: date
    hours: Decimal
    status: str
    notes: str


@router.post("/timesheets", status_code=201)
def record(asked: NewTimesheet, portal: Ports, who: Writer) -> TimesheetOut:
    """Write hours down."""
    with portal.database.session() as session:
        sheet = timesheets.record(session, who, **asked.model_dump())
        return TimesheetOut.model_validate(sheet)


@router.get("/timesheets")
def list_timesheets(
    portal: Ports,
    who: Who,
    since: Day,
    until: Day,
    status: Status | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[TimesheetOut]:
    """Give the hours of a period that the caller may see."""
    query = _visible(who, since, until)
    if status:
        query = query.where(Timesheet.status == status)
    with portal.database.session() as session:
        return [TimesheetOut.model_validate(one) for one in session.scalars(query.limit(limit))]


@router.get("/timesheets.csv")
def export(portal: Ports, who: Who, since: Day, until: Day) -> StreamingResponse:
    """Give the same as a file, read from the replica row by row, however many there are."""
    return StreamingResponse(
        csv_rows(_rows(portal, _visible(who, since, until))),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="timesheets.csv"'},
    )


@router.post("/timesheets/{timesheet_id}/submit")
def submit(timesheet_id: UUID, portal: Ports, who: Writer) -> TimesheetOut:
    """Hand hours in."""
    with portal.database.session() as session:
        return TimesheetOut.model_validate(timesheets.submit(session, who, timesheet_id))


@router.post("/timesheets/{timesheet_id}/approve")
def approve(timesheet_id: UUID, portal: Ports, who: Approver) -> TimesheetOut:
    """Approve hours of somebody else."""
    with portal.database.session() as session:
        sheet = timesheets.decide(session, who, timesheet_id, approve=True)
    portal.cache.data_changed()
    return TimesheetOut.model_validate(sheet)


@router.post("/timesheets/{timesheet_id}/reject")
def reject(timesheet_id: UUID, portal: Ports, who: Approver) -> TimesheetOut:
    """Send hours of somebody else back."""
    with portal.database.session() as session:
        sheet = timesheets.decide(session, who, timesheet_id, approve=False)
        return TimesheetOut.model_validate(sheet)


def _visible(who: SignedIn, since: date, until: date) -> Select[Any]:
    query = select(Timesheet).where(Timesheet.work_date.between(since, until))
    if not allows(who.role, Permission.READ_ALL_TIME):
        query = query.where(Timesheet.consultant_id == who.consultant_id)
    return query.order_by(Timesheet.work_date, Timesheet.id)


def _rows(portal: Portal, query: Select[Any]) -> Iterator[dict[str, object]]:
    with portal.database.reporting_session() as session:
        for sheet in session.scalars(query.execution_options(yield_per=500)):
            yield {
                "work_date": sheet.work_date,
                "consultant": sheet.consultant_id,
                "engagement": sheet.engagement_id,
                "hours": sheet.hours,
                "status": sheet.status,
                "notes": sheet.notes,
            }
