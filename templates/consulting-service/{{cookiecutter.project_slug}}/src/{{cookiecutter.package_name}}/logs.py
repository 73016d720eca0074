"""Logs: one JSON object a line, with a level, the request's id, and no personal data.

The events that exist:

- `request`, `slow_request`, `slow_query`: what was asked and how long it took
- `auth.success`, `auth.failure`, `auth.signed_out`: who signs in
- `authz.granted`, `authz.denied`: what they may do
- `invoice.created`, `invoice.failed`, `payment.succeeded`, `payment.failed`, `audit.appended`: money
- `error`: what went wrong
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from .masking import masked
from .settings import Settings

#: What we write ourselves under these names is no one's personal data.
_OURS = {"event", "level", "logger", "timestamp", "_aws"}


def mask_personal_data(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Replace personal data in every field of a line."""
    return {key: one if key in _OURS - {"event"} else masked(one, key) for key, one in line.items()}


def add_trace(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Name the trace that the line belongs to."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = f"{context.trace_id:032x}"
        line["span_id"] = f"{context.span_id:016x}"
    return line


def configure_logging(settings: Settings) -> None:
    """Make everything that logs, ours or not, write JSON lines to standard output."""
    about: dict[str, Any] = {"env": settings.environment, "version": settings.git_commit}

    def add_about(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        return {**about, **line}

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_about,
        add_trace,
        structlog.processors.format_exc_info,
        mask_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    _take_over("uvicorn", "uvicorn.error")
    # Each request is logged once, by us and with its route.
    logging.getLogger("uvicorn.access").disabled = True


def _take_over(*names: str) -> None:
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
