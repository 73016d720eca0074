"""Invoices, payments and reconciliation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, model_validator
from sqlalchemy import select

from .. import audit, cloudwatch
from ..exports.pdf import invoice_pdf
from ..models import Client, Invoice
from ..permissions import Permission
from ..services import invoicing, payments, reconciliation
from ..services.transactions import watched
from ..sessions import SignedIn
from .access import IdempotencyKey, Ports, allowed
from .schemas import Asked, Currency, Given

router = APIRouter(tags=["invoices"])

Reader = Annotated[SignedIn, Depends(allowed(Permission.READ_INVOICES))]
Manager = Annotated[SignedIn, Depends(allowed(Permission.MANAGE_INVOICES))]
Cashier = Annotated[SignedIn, Depends(allowed(Permission.TAKE_PAYMENTS))]
Reconciler = Annotated[SignedIn, Depends(allowed(Permission.RECONCILE))]


class NewInvoice(Asked):
    """The hours to invoice."""

    engagement_id: UUID
    period_start: date
    period_end: date
    invoice_date: date

    @model_validator(mode="after")
    def _in_order(self) -> NewInvoice:
        if not self.period_start <= self.period_end <= self.invoice_date:
            raise ValueError("the period begins, ends, and is invoiced then")
        return self


class InvoiceOut(Given):
    """What a client owes."""

    id: UUID
    number: int
    invoice_date: date
    due_on: date
    client_id: UUID
    engagement_id: UUID
    currency: str
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    paid: Decimal
    status: str


class NewPayment(Asked):
    """Money that came in."""

    amount: Decimal = Field(gt=0, max_digits=18, decimal_places=2, allow_inf_nan=False)
    currency: Currency
    received_on: date
    reference: str = Field(min_length=1, max_length=140)


class PaymentOut(Given):
    """Money that was booked."""

    id: UUID
    invoice_id: UUID
    amount: Decimal
    currency: str
    received_on: date


class ReconciliationOut(Given):
    """What was compared, and what disagreed."""

    id: UUID
    checked: int
    discrepancies: list[dict[str, Any]]


@router.post("/invoices", status_code=201)
def create_invoice(
    asked: NewInvoice,
    portal: Ports,
    who: Manager,
    response: Response,
    idempotency_key: IdempotencyKey,
) -> InvoiceOut:
    """Make an invoice of approved hours. Asked again with its key, it is the same one, and 200."""
    order = invoicing.Order(**asked.model_dump())
    with watched("invoice", portal.settings.environment) as facts:
        with portal.database.session() as session:
            invoice, new = invoicing.generate(session, who, order, idempotency_key)
        facts.update(number=invoice.number, total=str(invoice.total), new=new)
    if not new:
        response.status_code = 200
    portal.cache.data_changed()
    return InvoiceOut.model_validate(invoice)


@router.get("/invoices")
def list_invoices(
    portal: Ports,
    _who: Reader,
    since: date,
    until: date,
    status: Literal["issued", "part_paid", "paid"] | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[InvoiceOut]:
    """Give the invoices of a period."""
    query = select(Invoice).where(Invoice.invoice_date.between(since, until))
    if status:
        query = query.where(Invoice.status == status)
    query = query.order_by(Invoice.invoice_date, Invoice.number).limit(limit)
    with portal.database.session() as session:
        return [InvoiceOut.model_validate(one) for one in session.scalars(query)]


@router.get("/invoices/{invoice_id}")
def get_invoice(invoice_id: UUID, portal: Ports, _who: Reader) -> InvoiceOut:
    """Give one invoice."""
    with portal.database.session() as session:
        return InvoiceOut.model_validate(invoicing.find(session, invoice_id))


@router.get("/invoices/{invoice_id}/pdf")
def get_invoice_pdf(invoice_id: UUID, portal: Ports, _who: Reader) -> Response:
    """Give one invoice as it is sent to the client."""
    with portal.database.reporting_session() as session:
        invoice = invoicing.find(session, invoice_id)
        client = session.get_one(Client, invoice.client_id)
        facts = {
            "Invoice": str(invoice.number),
            "To": client.name,
            "Date": invoice.invoice_date.isoformat(),
            "Due": invoice.due_on.isoformat(),
        }
        lines = [
            (str(line.work_date), str(line.hours), str(line.hourly_rate), str(line.amount))
            for line in invoicing.lines_of(session, invoice)
        ]
        sums = {
            "Net": f"{invoice.subtotal} {invoice.currency}",
            f"Tax at {invoice.tax_rate * 100:.2f} %": f"{invoice.tax} {invoice.currency}",
            "Total": f"{invoice.total} {invoice.currency}",
        }
    content = invoice_pdf("Invoice", facts, lines, sums)
    name = f'attachment; filename="invoice-{facts["Invoice"]}.pdf"'
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": name})


@router.post("/invoices/{invoice_id}/payments", status_code=201)
def take_payment(
    invoice_id: UUID,
    asked: NewPayment,
    portal: Ports,
    who: Cashier,
    response: Response,
    idempotency_key: IdempotencyKey,
) -> PaymentOut:
    """Book money that came in. Asked again with its key, it is the same payment, and 200."""
    receipt = payments.Receipt(invoice_id=invoice_id, **asked.model_dump())
    with watched("payment", portal.settings.environment) as facts:
        with portal.database.session() as session:
            payment, new = payments.take(session, who, receipt, idempotency_key)
        facts.update(amount=str(payment.amount), currency=payment.currency, new=new)
    if not new:
        response.status_code = 200
    portal.cache.data_changed()
    return PaymentOut.model_validate(payment)


@router.post("/reconciliations", status_code=201)
def reconcile(portal: Ports, who: Reconciler) -> ReconciliationOut:
    """Compare invoices, lines, payments and hours now."""
    with portal.database.session() as session:
        run = reconciliation.reconcile(session)
        found = {"checked": run.checked, "discrepancies": len(run.discrepancies)}
        audit.append(session, who.user_id, "reconciliation.run", "reconciliation", run.id, found)
    count = len(run.discrepancies)
    cloudwatch.put(portal.settings.environment, {"ReconciliationDiscrepancies": count})
    return ReconciliationOut.model_validate(run)
