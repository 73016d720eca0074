"""What load balancers, containers and deployments ask."""

from __future__ import annotations

from typing import Literal

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from . import metrics
from .portal import Portal

router = APIRouter(tags=["health"])
log = structlog.get_logger(__name__)

#: The revision of the schema that this code needs. A newer one is fine: migrations never break running code.
SCHEMA_REVISION = "0009"


class Health(BaseModel):
    """The answer of a process that can answer at all."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether each thing that requests need is there."""

    database: bool
    schema_current: bool
    redis: bool


class Version(BaseModel):
    """What is running here."""

    commit: str
    image: str
    environment: str


@router.get("/health")
async def health() -> Health:
    """Answer without touching anything: a slow database must not get containers replaced."""
    return Health()


@router.get("/ready", responses={503: {"model": Readiness}})
def ready(request: Request, response: Response) -> Readiness:
    """Tell whether requests would be answered: traffic is switched to an instance when they would."""
    found = readiness(request.app.state.portal)
    if not (found.database and found.schema_current and found.redis):
        response.status_code = 503
    return found


@router.get("/version")
async def version(request: Request) -> Version:
    """Tell what was deployed."""
    settings = request.app.state.portal.settings
    return Version(
        commit=settings.git_commit, image=settings.image_digest, environment=settings.environment
    )


@router.get("/metrics", include_in_schema=False)
def prometheus(request: Request) -> Response:
    """Give all figures to a Prometheus beside us; the load balancer's side sees nothing here."""
    if "x-forwarded-for" in request.headers:
        raise HTTPException(404)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def readiness(portal: Portal) -> Readiness:
    """Ask the database, its schema and Redis."""
    up = current = False
    try:
        up = portal.database.answers()
        with portal.database.session() as session:
            revision = session.scalar(text("SELECT version_num FROM alembic_version"))
        current = revision is not None and str(revision) >= SCHEMA_REVISION
    except SQLAlchemyError as error:
        log.error("error", what="database", error_type=type(error).__name__)
    metrics.DATABASE_UP.set(up)
    return Readiness(database=up, schema_current=current, redis=_redis_answers(portal))


def _redis_answers(portal: Portal) -> bool:
    try:
        return bool(portal.redis.ping())
    except RedisError as error:
        log.error("error", what="redis", error_type=type(error).__name__)
        return False
