"""Reconciliation: what invoices say, against their lines, their payments and the hours behind them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from .. import metrics
from ..models import (
    Invoice,
    InvoiceCounter,
    InvoiceLine,
    Payment,
    ReconciliationRun,
    Timesheet,
)
from ..money import ZERO, tax_on
from .invoicing import COUNTER


def reconcile(session: Session) -> ReconciliationRun:
    """Compare everything, and keep what disagrees.

    Each comparison is one statement, so that what others write meanwhile is on both of its sides or on none.
    """
    checked = session.scalar(select(func.count()).select_from(Invoice)) or 0
    found = [*_amounts(session), *_hours(session), *_numbers(session)]
    run = ReconciliationRun(checked=checked, discrepancies=found)
    session.add(run)
    session.flush()
    metrics.RECONCILIATION_DISCREPANCIES.set(len(found))
    return run


def _amounts(session: Session) -> Iterator[dict[str, Any]]:
    """Invoices that are not the sum of their lines, or have not the payments that they say."""
    lines = _sum_by_invoice(InvoiceLine.amount, InvoiceLine.invoice_id)
    payments = _sum_by_invoice(Payment.amount, Payment.invoice_id)
    query = (
        select(Invoice, lines.c.amount, payments.c.amount)
        .outerjoin(lines, lines.c.invoice_id == Invoice.id)
        .outerjoin(payments, payments.c.invoice_id == Invoice.id)
        .order_by(Invoice.number)
        .execution_options(yield_per=500)
    )
    for invoice, of_lines, of_payments in session.execute(query):
        expected = {
            "subtotal": (of_lines or ZERO, invoice.subtotal),
            "tax": (tax_on(invoice.subtotal, invoice.tax_rate), invoice.tax),
            "total": (invoice.subtotal + invoice.tax, invoice.total),
            "paid": (of_payments or ZERO, invoice.paid),
            "status": (_status(invoice), invoice.status),
        }
        for what, (should, does) in expected.items():
            if should != does:
                yield {
                    "kind": what,
                    "invoice": invoice.number,
                    "expected": str(should),
                    "found": str(does),
                }


def _sum_by_invoice(amount: InstrumentedAttribute[Decimal], invoice: Any) -> Any:
    return (
        select(invoice.label("invoice_id"), func.sum(amount).label("amount"))
        .group_by(invoice)
        .subquery()
    )


def _status(invoice: Invoice) -> str:
    if invoice.paid == invoice.total:
        return "paid" if invoice.total else invoice.status
    return "part_paid" if invoice.paid else "issued"


def _hours(session: Session) -> Iterator[dict[str, Any]]:
    """Hours that are invoiced and on no line, or on a line and not invoiced, or with other figures there."""
    on_its_line = and_(
        InvoiceLine.timesheet_id == Timesheet.id, InvoiceLine.work_date == Timesheet.work_date
    )
    invoiced: ColumnElement[bool] = Timesheet.status == "invoiced"
    query = (
        select(Timesheet.id, Timesheet.status, Timesheet.hours, InvoiceLine.hours)
        .outerjoin(InvoiceLine, on_its_line)
        .where(
            or_(
                and_(invoiced, InvoiceLine.id.is_(None)),
                and_(~invoiced, InvoiceLine.id.is_not(None)),
                Timesheet.hours != InvoiceLine.hours,
            )
        )
    )
    for timesheet_id, status, worked, billed in session.execute(query):
        yield {
            "kind": "hours",
            "timesheet": str(timesheet_id),
            "expected": f"{worked} {status}",
            "found": str(billed),
        }


def _numbers(session: Session) -> Iterator[dict[str, Any]]:
    """Numbers that were given out and have no invoice: one was lost."""
    last = select(InvoiceCounter.last_number).where(InvoiceCounter.name == COUNTER)
    invoices = select(func.count()).select_from(Invoice)
    given, there = session.execute(select(last.scalar_subquery(), invoices.scalar_subquery())).one()
    if given != there:
        yield {"kind": "numbers", "expected": str(given), "found": str(there)}
