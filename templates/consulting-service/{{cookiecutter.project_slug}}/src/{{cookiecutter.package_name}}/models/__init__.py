"""The tables. Importing this package registers all of them, which Alembic relies on."""

from .audit import AuditEntry
from .base import Base
from .billing import Invoice, InvoiceCounter, InvoiceLine, InvoiceRequest, Payment
from .people import Client, Consultant, User
from .runs import ReconciliationRun, ReportRun
from .work import Engagement, RateCard, Timesheet

__all__ = [
    "AuditEntry",
    "Base",
    "Client",
    "Consultant",
    "Engagement",
    "Invoice",
    "InvoiceCounter",
    "InvoiceLine",
    "InvoiceRequest",
    "Payment",
    "RateCard",
    "ReconciliationRun",
    "ReportRun",
    "Timesheet",
    "User",
]
