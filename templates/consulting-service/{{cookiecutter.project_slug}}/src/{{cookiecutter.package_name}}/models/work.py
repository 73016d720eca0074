"""What is agreed with a client, and the hours worked for it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Currency, Hours, Id, Moment, Money, Name, Rate, Ref, UtcDateTime, now


class Engagement(Base):
    """Work agreed with a client."""

    __tablename__ = "engagements"
    __table_args__ = (
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("budget >= 0", name="budget_not_negative"),
        CheckConstraint("tax_rate >= 0 and tax_rate < 1", name="tax_rate_in_range"),
        CheckConstraint("status in ('draft', 'active', 'closed')", name="status_known"),
        UniqueConstraint("client_id", "name"),
        Index(None, "starts_on"),
        Index(None, "ends_on"),
    )

    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    name: Mapped[Name]
    currency: Mapped[Currency]
    budget: Mapped[Money]
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    created_at: Mapped[Moment] = mapped_column(default=now)


class RateCard(Base):
    """What an hour of a consultant costs in an engagement, from a day on."""

    __tablename__ = "rate_cards"
    __table_args__ = (
        CheckConstraint("hourly_rate >= 0", name="rate_not_negative"),
        UniqueConstraint("engagement_id", "consultant_id", "effective_from"),
        Index(None, "effective_from"),
    )

    id: Mapped[Id]
    engagement_id: Mapped[UUID] = mapped_column(ForeignKey("engagements.id"), index=True)
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("consultants.id"), index=True)
    effective_from: Mapped[date]
    hourly_rate: Mapped[Rate]


class Timesheet(Base):
    """Hours of one consultant for one engagement on one day. Partitioned by that day."""

    __tablename__ = "timesheets"
    __table_args__ = (
        CheckConstraint("hours > 0 and hours <= 24", name="hours_in_a_day"),
        CheckConstraint(
            "status in ('draft', 'submitted', 'approved', 'rejected', 'invoiced')",
            name="status_known",
        ),
        CheckConstraint(
            "status not in ('approved', 'invoiced') or approved_by is not null",
            name="approved_by_somebody",
        ),
        UniqueConstraint("consultant_id", "engagement_id", "work_date"),
        Index(None, "engagement_id", "status", "work_date"),
        Index(None, "status", "work_date"),
        {"postgresql_partition_by": "RANGE (work_date)"},
    )

    id: Mapped[Id]
    work_date: Mapped[date] = mapped_column(primary_key=True)
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("consultants.id"))
    engagement_id: Mapped[UUID] = mapped_column(ForeignKey("engagements.id"))
    hours: Mapped[Hours]
    notes: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(16), default="draft")
    created_by: Mapped[Ref] = mapped_column(ForeignKey("users.id"), index=True)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[Moment] = mapped_column(default=now)
