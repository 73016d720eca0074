"""Financial transactions are watched: each is counted, timed and logged, whether it went well or not."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import structlog

from .. import cloudwatch, metrics
from ..errors import Refused

log = structlog.get_logger(__name__)

Kind = Literal["invoice", "payment"]

_DONE: dict[Kind, str] = {"invoice": "invoice.created", "payment": "payment.succeeded"}


@contextmanager
def watched(kind: Kind, environment: str) -> Iterator[dict[str, Any]]:
    """Watch one transaction to its commit. What is put into the given dict is logged with it.

    A refusal is an answer to the caller and no failure; anything else that is raised is one, and somebody is alerted.
    """
    facts: dict[str, Any] = {}
    started = time.perf_counter()
    try:
        yield facts
    except Refused as refusal:
        log.warning(f"{kind}.failed", reason=str(refusal), refused=True, **facts)
        if kind == "invoice":
            metrics.INVOICES_GENERATED.labels("refused").inc()
        raise
    except Exception as error:
        log.error(f"{kind}.failed", reason=type(error).__name__, refused=False, **facts)
        _count(kind, environment, time.perf_counter() - started, failed=True)
        raise
    seconds = time.perf_counter() - started
    log.info(_DONE[kind], duration_ms=round(seconds * 1000, 1), **facts)
    _count(kind, environment, seconds, failed=False)


def _count(kind: Kind, environment: str, seconds: float, *, failed: bool) -> None:
    values: dict[cloudwatch.Name, float] = {"FailedFinancialTransactions": int(failed)}
    if failed:
        metrics.FAILED_TRANSACTIONS.labels(kind).inc()
    if kind == "invoice":
        metrics.INVOICES_GENERATED.labels("failed" if failed else "created").inc()
        values["InvoiceGenerationSuccessRate"] = 0 if failed else 100
    else:
        metrics.PAYMENT_SECONDS.observe(seconds)
        values["PaymentLatency"] = seconds
    cloudwatch.put(environment, values)


def request_digest(asked: Mapping[str, Any]) -> str:
    """What was asked for, as a hash: the same key must not be used for something else."""
    written = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()
