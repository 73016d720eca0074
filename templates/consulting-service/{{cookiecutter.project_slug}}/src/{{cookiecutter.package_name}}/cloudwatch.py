"""Metrics in log lines: CloudWatch takes them out of lines in its embedded metric format, without an agent.

Terraform's alarms are on these names, so a name that changes here changes there.
"""

from __future__ import annotations

import time
from typing import Literal

import structlog

NAMESPACE = "ConsultingPortal"

Name = Literal[
    "FailedFinancialTransactions",
    "InvoiceGenerationSuccessRate",
    "PaymentLatency",
    "ReconciliationDiscrepancies",
    "AuditLogRows",
    "RequestQueueLength",
    "CacheHitRate",
]

UNITS: dict[Name, str] = {
    "FailedFinancialTransactions": "Count",
    "InvoiceGenerationSuccessRate": "Percent",
    "PaymentLatency": "Seconds",
    "ReconciliationDiscrepancies": "Count",
    "AuditLogRows": "Count",
    "RequestQueueLength": "Count",
    "CacheHitRate": "Percent",
}

log = structlog.get_logger(__name__)


def put(environment: str, values: dict[Name, float]) -> None:
    """Write one line that CloudWatch makes metrics of: per environment, and over all."""
    if not values:
        return
    definitions = [{"Name": name, "Unit": UNITS[name]} for name in values]
    directive = {
        "Timestamp": int(time.time() * 1000),
        "CloudWatchMetrics": [
            {
                "Namespace": NAMESPACE,
                "Dimensions": [["Environment"], []],
                "Metrics": definitions,
            }
        ],
    }
    log.info("metrics", _aws=directive, Environment=environment, **values)
