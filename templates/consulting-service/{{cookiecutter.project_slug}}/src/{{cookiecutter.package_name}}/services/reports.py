"""Reports: plain rows of text and numbers, which are cached, exported and kept as they are.

They are read from the replica, so that nobody who writes waits for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from ..models import Client, Consultant, Invoice, Timesheet
from ..money import ZERO

Row = dict[str, Any]
Report = Callable[[Session, date, date], list[Row]]

WORKING_DAYS = 5
BUCKETS = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90")


def utilisation(session: Session, start: date, end: date) -> list[Row]:
    """How much of their working time consultants sold, in percent."""
    sold = (
        select(Timesheet.consultant_id, func.sum(Timesheet.hours).label("hours"))
        .where(
            Timesheet.work_date.between(start, end), Timesheet.status.in_(["approved", "invoiced"])
        )
        .group_by(Timesheet.consultant_id)
        .subquery()
    )
    query = (
        select(Consultant.full_name, Consultant.weekly_hours, sold.c.hours)
        .outerjoin(sold, sold.c.consultant_id == Consultant.id)
        .order_by(Consultant.full_name)
    )
    days = _weekdays(start, end)
    rows = []
    for name, weekly, hours in session.execute(query):
        capacity = weekly * days / WORKING_DAYS
        billed = hours or ZERO
        rows.append(
            {
                "consultant": name,
                "hours": str(billed),
                "capacity": _two_digits(capacity),
                "utilisation_percent": _two_digits(100 * billed / capacity) if capacity else "0.00",
            }
        )
    return rows


def revenue(session: Session, start: date, end: date) -> list[Row]:
    """What was invoiced and paid, by month, client and currency."""
    year, month = extract("year", Invoice.invoice_date), extract("month", Invoice.invoice_date)
    query = (
        select(
            year.label("year"),
            month.label("month"),
            Client.name,
            Invoice.currency,
            func.sum(Invoice.subtotal),
            func.sum(Invoice.tax),
            func.sum(Invoice.total),
            func.sum(Invoice.paid),
        )
        .join(Client, Client.id == Invoice.client_id)
        .where(Invoice.invoice_date.between(start, end))
        .group_by(year, month, Client.name, Invoice.currency)
        .order_by(year, month, Client.name, Invoice.currency)
    )
    return [
        {
            "month": f"{int(of_year)}-{int(of_month):02}",
            "client": client,
            "currency": currency,
            "net": str(net),
            "tax": str(tax),
            "total": str(gross),
            "paid": str(paid),
        }
        for of_year, of_month, client, currency, net, tax, gross, paid in session.execute(query)
    ]


def ageing(session: Session, start: date, end: date) -> list[Row]:
    """What clients owe on the last day, by how long it is overdue, of invoices since the first day."""
    query = (
        select(
            Client.name, Invoice.currency, Invoice.due_on, func.sum(Invoice.total - Invoice.paid)
        )
        .join(Client, Client.id == Invoice.client_id)
        .where(Invoice.status != "paid", Invoice.invoice_date.between(start, end))
        .group_by(Client.name, Invoice.currency, Invoice.due_on)
    )
    owed: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(
        lambda: dict.fromkeys(BUCKETS, ZERO)
    )
    for client, currency, due_on, amount in session.execute(query):
        owed[client, currency][_bucket((end - due_on).days)] += amount
    return [
        {
            "client": client,
            "currency": currency,
            **{name: str(amount) for name, amount in buckets.items()},
            "total": str(sum(buckets.values(), ZERO)),
        }
        for (client, currency), buckets in sorted(owed.items())
    ]


REPORTS: dict[str, Report] = {"utilisation": utilisation, "revenue": revenue, "ageing": ageing}


def _bucket(days_overdue: int) -> str:
    limits = zip(BUCKETS, (0, 30, 60, 90), strict=False)
    return next((name for name, limit in limits if days_overdue <= limit), BUCKETS[-1])


def _weekdays(start: date, end: date) -> int:
    days = ((start + timedelta(days=n)) for n in range((end - start).days + 1))
    return sum(1 for day in days if day.weekday() < WORKING_DAYS)


def _two_digits(number: Decimal) -> str:
    return str(number.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN))
