"""What scheduled jobs leave behind."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CHAR, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Json, Moment, now


class ReportRun(Base):
    """A report that was generated on a schedule, as its rows were then."""

    __tablename__ = "report_runs"
    __table_args__ = (
        CheckConstraint("period_end >= period_start", name="period_in_order"),
        UniqueConstraint("name", "period_start", "period_end"),
        Index(None, "period_start"),
        Index(None, "period_end"),
        Index(None, "created_at"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(32))
    period_start: Mapped[date]
    period_end: Mapped[date]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    #: SHA-256 of the rows.
    digest: Mapped[str] = mapped_column(CHAR(64))
    created_at: Mapped[Moment] = mapped_column(default=now)


class ReconciliationRun(Base):
    """One comparison of invoices, lines and payments, and where they disagreed."""

    __tablename__ = "reconciliation_runs"
    __table_args__ = (
        CheckConstraint("checked >= 0", name="checked_not_negative"),
        Index(None, "created_at"),
    )

    id: Mapped[Id]
    checked: Mapped[int]
    discrepancies: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    created_at: Mapped[Moment] = mapped_column(default=now)
