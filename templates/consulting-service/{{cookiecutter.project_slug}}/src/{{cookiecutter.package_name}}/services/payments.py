"""Payments: taken once for each key, and never more than is owed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import audit
from ..errors import Conflict, Refused
from ..models import Payment
from ..sessions import SignedIn
from . import invoicing
from .transactions import request_digest


@dataclass(frozen=True)
class Receipt:
    """What came in."""

    invoice_id: UUID
    amount: Decimal
    currency: str
    received_on: date
    reference: str


def take(session: Session, who: SignedIn, receipt: Receipt, key: str) -> tuple[Payment, bool]:
    """Book a payment, or give the one that was booked under this key before; tell whether it is new."""
    digest = request_digest(asdict(receipt))
    # The lock makes payments of one invoice wait for each other.
    invoice = invoicing.find(session, receipt.invoice_id, lock=True)
    earlier = session.scalar(select(Payment).where(Payment.idempotency_key == key))
    if earlier is not None:
        if earlier.digest != digest:
            raise Conflict("this idempotency key was used for another payment")
        return earlier, False
    if receipt.currency != invoice.currency:
        raise Refused(f"the invoice is in {invoice.currency}")
    owed = invoice.total - invoice.paid
    if receipt.amount > owed:
        raise Conflict(f"{owed} {invoice.currency} are owed, and not {receipt.amount}")
    invoice.paid += receipt.amount
    invoice.status = "paid" if invoice.paid == invoice.total else "part_paid"
    payment = Payment(
        invoice_id=invoice.id,
        invoice_date=invoice.invoice_date,
        amount=receipt.amount,
        currency=receipt.currency,
        received_on=receipt.received_on,
        reference=receipt.reference,
        idempotency_key=key,
        digest=digest,
    )
    session.add(payment)
    session.flush()
    told = {"invoice": invoice.number, "amount": payment.amount, "currency": payment.currency}
    audit.append(session, who.user_id, "payment.taken", "payment", payment.id, told)
    return payment, True
