"""The web application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError, NoResultFound, SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from . import audit, cloudwatch, health, metrics
from .api import auth, clients, invoices, reports, timesheets
from .errors import Refused
from .logs import configure_logging
from .middleware import Admission, RequestContext, SameOrigin, SecurityHeaders
from .portal import Portal, make_portal
from .settings import get_settings
from .tracing import configure_tracing

log = structlog.get_logger(__name__)


def create_app(portal: Portal | None = None) -> FastAPI:
    """Build the application. It keeps nothing between requests: run as many as are needed."""
    portal = portal or make_portal(get_settings())
    settings = portal.settings
    configure_logging(settings)
    documented = settings.environment == "development"
    app = FastAPI(
        title="{{ cookiecutter.project_slug }}",
        lifespan=_lifespan,
        docs_url="/docs" if documented else None,
        redoc_url=None,
        openapi_url="/openapi.json" if documented else None,
    )
    app.state.portal = portal
    for topic in (health, auth, clients, timesheets, invoices, reports):
        app.include_router(topic.router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NoResultFound, _nothing_there)
    app.add_exception_handler(IntegrityError, _in_conflict)
    # The last one added is the outermost.
    app.add_middleware(SameOrigin)
    app.add_middleware(
        Admission, at_once=settings.concurrent_requests, waiting=settings.queued_requests
    )
    app.add_middleware(RequestContext, slow_seconds=settings.slow_request_seconds)
    app.add_middleware(SecurityHeaders)
    engines = [portal.database.engine, portal.database.reporting_engine]
    app.state.tracer_provider = configure_tracing(app, list(dict.fromkeys(engines)), settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    portal: Portal = app.state.portal
    publishing = asyncio.create_task(_publish_gauges(portal))
    log.info("started", commit=portal.settings.git_commit)
    yield
    publishing.cancel()
    with suppress(asyncio.CancelledError):
        await publishing
    if app.state.tracer_provider:
        app.state.tracer_provider.shutdown()
    portal.close()
    log.info("stopped")


async def _publish_gauges(portal: Portal) -> None:
    seconds = portal.settings.metrics_interval_seconds
    while seconds:
        try:
            values = await run_in_threadpool(gauges, portal)
        except Exception as error:  # whatever it is, the next look is taken
            log.exception("error", what="gauges", error_type=type(error).__name__)
        else:
            cloudwatch.put(portal.settings.environment, values)
        await asyncio.sleep(seconds)


def gauges(portal: Portal) -> dict[cloudwatch.Name, float]:
    """Read what is looked at from time to time, and not counted as it happens."""
    waiting = metrics.REQUEST_QUEUE.collect()
    values: dict[cloudwatch.Name, float] = {
        "RequestQueueLength": next(iter(next(iter(waiting)).samples)).value
    }
    rate = portal.cache.hit_rate()
    if rate is not None:
        values["CacheHitRate"] = rate
    try:
        with portal.database.session() as session:
            values["AuditLogRows"] = audit.rows(session)
    except SQLAlchemyError as error:
        metrics.DATABASE_UP.set(0)
        log.error("error", what="database", error_type=type(error).__name__)
        return values
    metrics.DATABASE_UP.set(1)
    metrics.AUDIT_LOG_ROWS.set(values["AuditLogRows"])
    return values


async def _refused(_request: Request, refusal: Exception) -> JSONResponse:
    status = refusal.status if isinstance(refusal, Refused) else 500
    return JSONResponse({"detail": str(refusal)}, status)


async def _nothing_there(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "there is no such thing"}, 404)


async def _in_conflict(_request: Request, _error: Exception) -> JSONResponse:
    # The database's own words would tell how it is built.
    return JSONResponse({"detail": "that disagrees with what is there"}, 409)


def __getattr__(name: str) -> FastAPI:
    """Build `app` when a server asks for it, and not when somebody only imports this module."""
    if name == "app":
        return create_app()
    raise AttributeError(name)
