"""Invoices, their lines, and what was paid on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Currency, Hours, Id, Moment, Money, Rate, Ref, now


class InvoiceCounter(Base):
    """The last number given to an invoice: one row, locked while a number is taken, so that there is no gap."""

    __tablename__ = "invoice_counters"
    __table_args__ = (CheckConstraint("last_number >= 0", name="last_number_not_negative"),)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    last_number: Mapped[int] = mapped_column(BigInteger)


class Invoice(Base):
    """What a client owes for approved hours. Partitioned by its date."""

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("subtotal >= 0 and tax >= 0", name="amounts_not_negative"),
        CheckConstraint("round(total - subtotal - tax, 2) = 0", name="total_adds_up"),
        CheckConstraint("paid >= 0 and paid <= total", name="paid_within_total"),
        CheckConstraint("due_on >= invoice_date", name="due_after_date"),
        CheckConstraint("status in ('issued', 'part_paid', 'paid')", name="status_known"),
        Index(None, "client_id", "invoice_date"),
        Index(None, "status", "due_on"),
        Index(None, "due_on"),
        {"postgresql_partition_by": "RANGE (invoice_date)"},
    )

    id: Mapped[Id]
    invoice_date: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    engagement_id: Mapped[UUID] = mapped_column(ForeignKey("engagements.id"), index=True)
    currency: Mapped[Currency]
    subtotal: Mapped[Money]
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    tax: Mapped[Money]
    total: Mapped[Money]
    paid: Mapped[Money]
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(16), default="issued")
    created_at: Mapped[Moment] = mapped_column(default=now)


class InvoiceRequest(Base):
    """One request for an invoice: asked again with its key, it gives the invoice that it made.

    It is not partitioned, so the key, the number and the invoice are unique over all dates.
    """

    __tablename__ = "invoice_requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["invoice_id", "invoice_date"], ["invoices.id", "invoices.invoice_date"]
        ),
        Index(None, "invoice_date"),
    )

    idempotency_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: SHA-256 of what was asked, so that a key is not used for something else.
    digest: Mapped[str] = mapped_column(CHAR(64))
    invoice_id: Mapped[Ref] = mapped_column(unique=True)
    invoice_date: Mapped[date]
    number: Mapped[int] = mapped_column(BigInteger, unique=True)


class InvoiceLine(Base):
    """The hours of one timesheet on an invoice. A timesheet is on one line at most."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["invoice_id", "invoice_date"], ["invoices.id", "invoices.invoice_date"]
        ),
        ForeignKeyConstraint(
            ["timesheet_id", "work_date"], ["timesheets.id", "timesheets.work_date"]
        ),
        CheckConstraint("hours > 0", name="hours_positive"),
        CheckConstraint("hourly_rate >= 0 and amount >= 0", name="amounts_not_negative"),
        UniqueConstraint("timesheet_id", "work_date"),
        Index(None, "invoice_date"),
        Index(None, "work_date"),
        Index(None, "invoice_id", "invoice_date"),
    )

    id: Mapped[Id]
    invoice_id: Mapped[Ref]
    invoice_date: Mapped[date]
    timesheet_id: Mapped[Ref]
    work_date: Mapped[date]
    hours: Mapped[Hours]
    hourly_rate: Mapped[Rate]
    amount: Mapped[Money]


class Payment(Base):
    """Money that came in for one invoice."""

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["invoice_id", "invoice_date"], ["invoices.id", "invoices.invoice_date"]
        ),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("currency is not null", name="currency_present"),
        Index(None, "invoice_date"),
        Index(None, "invoice_id", "invoice_date"),
        Index(None, "received_on"),
    )

    id: Mapped[Id]
    invoice_id: Mapped[Ref]
    invoice_date: Mapped[date]
    amount: Mapped[Money]
    #: Required by the check above, which could be added without a lock for long.
    currency: Mapped[Currency] = mapped_column(nullable=True)
    received_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(140))
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(CHAR(64))
    created_at: Mapped[Moment] = mapped_column(default=now)
