"""Every figure that is measured, for Prometheus. `cloudwatch` sends the business ones to CloudWatch."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# Requests
HTTP_REQUESTS = Counter(
    "http_requests_total", "Requests, by route and status.", ["method", "route", "status"]
)
HTTP_SECONDS = Histogram(
    "http_request_duration_seconds",
    "Time to answer a request, by route.",
    ["method", "route"],
    buckets=SECONDS,
)
HTTP_IN_PROGRESS = Gauge("http_requests_in_progress", "Requests that are worked on.")
REQUEST_QUEUE = Gauge("request_queue_length", "Requests that wait for a free worker.")
ERRORS = Counter("errors_total", "Errors, by type.", ["type"])

# Database
DB_QUERY_SECONDS = Histogram(
    "db_query_duration_seconds", "Time of a statement.", ["operation"], buckets=SECONDS
)
DB_POOL_SIZE = Gauge("db_pool_size", "Connections that the pool keeps open.")
DB_ACTIVE_CONNECTIONS = Gauge("db_active_connections", "Connections that are in use.")
DB_POOL_OVERFLOW = Gauge("db_pool_overflow", "Connections beyond the size of the pool.")
DATABASE_UP = Gauge("postgres_up", "Whether the database answered last time: 1 or 0.")

# Cache
CACHE_HITS = Counter("cache_hits_total", "Reports that came from the cache.", ["report"])
CACHE_MISSES = Counter("cache_misses_total", "Reports that had to be made.", ["report"])

# Sign-in
SIGN_INS = Counter("sign_ins_total", "Attempts to sign in, by result.", ["result"])
ACCESS_DENIED = Counter("access_denied_total", "Requests without the permission.", ["permission"])

# Money
INVOICES_GENERATED = Counter("invoice_generation_total", "Invoices, by result.", ["result"])
PAYMENT_SECONDS = Histogram(
    "payment_processing_seconds", "Time to take a payment.", buckets=SECONDS
)
FAILED_TRANSACTIONS = Counter(
    "financial_transactions_failed_total", "Financial transactions that failed.", ["kind"]
)
RECONCILIATION_DISCREPANCIES = Gauge(
    "reconciliation_discrepancies", "What the last reconciliation found to disagree."
)
AUDIT_LOG_ROWS = Gauge("audit_log_rows", "Entries of the audit log.")

# A series that begins with its first failure would hide it: a rate needs the zero before.
for _kind in ("invoice", "payment"):
    FAILED_TRANSACTIONS.labels(_kind)
for _result in ("created", "refused", "failed"):
    INVOICES_GENERATED.labels(_result)


def watch_pool(figures: Callable[[], tuple[int, int, int]]) -> None:
    """Read size, connections in use and overflow of the pool whenever metrics are collected."""
    DB_POOL_SIZE.set_function(lambda: figures()[0])
    DB_ACTIVE_CONNECTIONS.set_function(lambda: figures()[1])
    DB_POOL_OVERFLOW.set_function(lambda: figures()[2])
