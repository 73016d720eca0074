"""Hours: written down, submitted, and approved by somebody else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from .. import audit
from ..errors import Conflict, NotAllowed, NotFound, Refused
from ..models import Consultant, Engagement, Timesheet
from ..models.base import now
from ..sessions import SignedIn

DAY = Decimal(24)


def record(
    session: Session,
    who: SignedIn,
    *,
    consultant_id: UUID,
    engagement_id: UUID,
    work_date: date,
    hours: Decimal,
    notes: str,
) -> Timesheet:
    """Write hours down, as a draft."""
    _own(who, consultant_id)
    engagement = session.get(Engagement, engagement_id)
    if engagement is None:
        raise NotFound("there is no such engagement")
    _within(engagement, work_date)
    # Whoever else writes hours of this consultant waits here, so that a day never has more than 24.
    consultant = session.get(Consultant, consultant_id, with_for_update=True)
    if consultant is None:
        raise NotFound("there is no such consultant")
    _refuse_twice(session, consultant_id, engagement_id, work_date)
    written = session.scalar(
        select(func.sum(Timesheet.hours)).where(
            Timesheet.consultant_id == consultant_id, Timesheet.work_date == work_date
        )
    )
    if (written or 0) + hours > DAY:
        raise Refused(f"{work_date} would have more than 24 hours")
    sheet = Timesheet(
        consultant_id=consultant_id,
        engagement_id=engagement_id,
        work_date=work_date,
        hours=hours,
        notes=notes,
        created_by=who.user_id,
        status="draft",
    )
    session.add(sheet)
    session.flush()
    audit.append(
        session, who.user_id, "timesheet.recorded", "timesheet", sheet.id, {"hours": hours}
    )
    return sheet


def submit(session: Session, who: SignedIn, timesheet_id: UUID) -> Timesheet:
    """Hand hours in for approval."""
    sheet = _locked(session, timesheet_id)
    _own(who, sheet.consultant_id)
    _move(session, who, sheet, {"draft", "rejected"}, "submitted")
    return sheet


def decide(session: Session, who: SignedIn, timesheet_id: UUID, approve: bool) -> Timesheet:
    """Approve hours, or send them back. Nobody decides on hours of their own."""
    sheet = _locked(session, timesheet_id)
    if who.user_id == sheet.created_by or who.consultant_id == sheet.consultant_id:
        raise NotAllowed("nobody approves hours of their own")
    if approve:
        sheet.approved_by = who.user_id
    sheet.decided_at = now()
    _move(session, who, sheet, {"submitted"}, "approved" if approve else "rejected")
    return sheet


def _own(who: SignedIn, consultant_id: UUID) -> None:
    if who.role == "consultant" and who.consultant_id != consultant_id:
        # As if it did not exist: what others do is nobody's business.
        raise NotFound("there is no such consultant")


def _within(engagement: Engagement, work_date: date) -> None:
    if engagement.status != "active":
        raise Refused(f"the engagement is {engagement.status}")
    if work_date > now().date():
        raise Refused("hours are written down after they were worked")
    ended = engagement.ends_on is not None and work_date > engagement.ends_on
    if work_date < engagement.starts_on or ended:
        raise Refused("the engagement does not cover that day")


def _refuse_twice(
    session: Session, consultant_id: UUID, engagement_id: UUID, work_date: date
) -> None:
    there = session.scalar(
        select(Timesheet.id).where(
            Timesheet.consultant_id == consultant_id,
            Timesheet.engagement_id == engagement_id,
            Timesheet.work_date == work_date,
        )
    )
    if there is not None:
        raise Conflict("there are hours for that day and engagement already")


def _locked(session: Session, timesheet_id: UUID) -> Timesheet:
    sheet = session.scalar(select(Timesheet).where(Timesheet.id == timesheet_id).with_for_update())
    if sheet is None:
        raise NotFound("there is no such timesheet")
    return sheet


def _move(session: Session, who: SignedIn, sheet: Timesheet, since: set[str], to: str) -> None:
    if sheet.status not in since:
        raise Conflict(f"the timesheet is {sheet.status}")
    before, sheet.status = sheet.status, to
    session.flush()
    changes = {"status": [before, to]}
    audit.append(session, who.user_id, f"timesheet.{to}", "timesheet", sheet.id, changes)
