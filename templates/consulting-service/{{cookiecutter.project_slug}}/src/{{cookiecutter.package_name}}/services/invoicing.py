"""Invoices are made of approved hours: each hour once, at the rate of its day, under a number without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import audit, money
from ..errors import Conflict, NotFound, Refused
from ..ids import new_id
from ..models import (
    Client,
    Engagement,
    Invoice,
    InvoiceCounter,
    InvoiceLine,
    InvoiceRequest,
    RateCard,
    Timesheet,
)
from ..sessions import SignedIn
from .transactions import request_digest

COUNTER = "invoices"


@dataclass(frozen=True)
class Order:
    """What an invoice is asked for."""

    engagement_id: UUID
    period_start: date
    period_end: date
    invoice_date: date


def generate(session: Session, who: SignedIn, order: Order, key: str) -> tuple[Invoice, bool]:
    """Make the invoice, or give the one that was made under this key before; tell whether it is new."""
    digest = request_digest(asdict(order))
    counter = _take_counter(session)
    # Asked after the lock is held, so that a second request with the same key sees the first one's invoice.
    earlier = session.get(InvoiceRequest, key)
    if earlier is not None:
        if earlier.digest != digest:
            raise Conflict("this idempotency key was used for another invoice")
        return find(session, earlier.invoice_id), False
    engagement, client = _billable(session, order.engagement_id)
    sheets = _approved(session, order)
    if not sheets:
        raise Refused("there are no approved hours in that period")
    invoice_id = new_id()
    lines = _lines(session, order, sheets, invoice_id)
    subtotal = money.total(line.amount for line in lines)
    tax = money.tax_on(subtotal, engagement.tax_rate)
    counter.last_number += 1
    invoice = Invoice(
        id=invoice_id,
        invoice_date=order.invoice_date,
        number=counter.last_number,
        client_id=client.id,
        engagement_id=engagement.id,
        currency=engagement.currency,
        subtotal=subtotal,
        tax_rate=engagement.tax_rate,
        tax=tax,
        total=subtotal + tax,
        paid=money.ZERO,
        due_on=order.invoice_date + timedelta(days=client.payment_days),
        status="issued",
    )
    session.add(invoice)
    session.flush()
    for sheet in sheets:
        sheet.status = "invoiced"
    asked = InvoiceRequest(
        idempotency_key=key,
        digest=digest,
        invoice_id=invoice_id,
        invoice_date=order.invoice_date,
        number=invoice.number,
    )
    session.add_all([asked, *lines])
    session.flush()
    told = {"number": invoice.number, "total": invoice.total, "currency": invoice.currency}
    audit.append(session, who.user_id, "invoice.created", "invoice", invoice_id, told)
    return invoice, True


def find(session: Session, invoice_id: UUID, *, lock: bool = False) -> Invoice:
    """The invoice with that id, which nobody else changes meanwhile when it is locked."""
    query = select(Invoice).where(Invoice.id == invoice_id)
    invoice = session.scalar(query.with_for_update() if lock else query)
    if invoice is None:
        raise NotFound("there is no such invoice")
    return invoice


def lines_of(session: Session, invoice: Invoice) -> Sequence[InvoiceLine]:
    """The lines of an invoice, in the order of their days."""
    query = select(InvoiceLine).where(
        InvoiceLine.invoice_id == invoice.id, InvoiceLine.invoice_date == invoice.invoice_date
    )
    return session.scalars(query.order_by(InvoiceLine.work_date, InvoiceLine.id)).all()


def _take_counter(session: Session) -> InvoiceCounter:
    counter = session.get(InvoiceCounter, COUNTER, with_for_update=True)
    if counter is None:
        raise RuntimeError("the counter of invoices is missing: the migrations did not run")
    return counter


def _billable(session: Session, engagement_id: UUID) -> tuple[Engagement, Client]:
    engagement = session.get(Engagement, engagement_id)
    if engagement is None:
        raise NotFound("there is no such engagement")
    client = session.get_one(Client, engagement.client_id)
    return engagement, client


def _approved(session: Session, order: Order) -> Sequence[Timesheet]:
    query = (
        select(Timesheet)
        .where(
            Timesheet.engagement_id == order.engagement_id,
            Timesheet.status == "approved",
            Timesheet.work_date.between(order.period_start, order.period_end),
        )
        .order_by(Timesheet.work_date, Timesheet.id)
        .with_for_update()
    )
    return session.scalars(query).all()


def _lines(
    session: Session, order: Order, sheets: Sequence[Timesheet], invoice_id: UUID
) -> list[InvoiceLine]:
    rates = session.scalars(
        select(RateCard)
        .where(RateCard.engagement_id == order.engagement_id)
        .order_by(RateCard.effective_from.desc())
    ).all()
    lines = []
    for sheet in sheets:
        rate = next(
            (
                card.hourly_rate
                for card in rates
                if card.consultant_id == sheet.consultant_id
                and card.effective_from <= sheet.work_date
            ),
            None,
        )
        if rate is None:
            raise Refused(f"no rate is agreed for the hours of {sheet.work_date}")
        lines.append(
            InvoiceLine(
                invoice_id=invoice_id,
                invoice_date=order.invoice_date,
                timesheet_id=sheet.id,
                work_date=sheet.work_date,
                hours=sheet.hours,
                hourly_rate=rate,
                amount=money.line_amount(sheet.hours, rate),
            )
        )
    return lines
