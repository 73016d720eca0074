"""What one process holds: its settings, its database, and what it keeps in Redis."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis

from .db import Database
from .redis_access import signed_by_role
from .report_cache import ReportCache
from .sessions import SessionStore
from .settings import Settings


@dataclass(frozen=True)
class Portal:
    """Everything that routes and jobs work with. None of it is state between two requests."""

    settings: Settings
    database: Database
    redis: Redis
    sessions: SessionStore
    cache: ReportCache

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
        self.redis.close()


def make_portal(settings: Settings, redis: Redis | None = None) -> Portal:
    """Put a process together. Nothing is connected to before it is needed."""
    access = None
    if settings.redis_user and settings.redis_cache:
        access = signed_by_role(settings.redis_user, settings.redis_cache)
    redis = redis or Redis.from_url(
        settings.redis_url.get_secret_value(),
        credential_provider=access,
        decode_responses=True,
        socket_timeout=2,
        socket_connect_timeout=2,
        health_check_interval=30,
    )
    return Portal(
        settings=settings,
        database=Database(settings),
        redis=redis,
        sessions=SessionStore(redis, settings.session_hours),
        cache=ReportCache(redis, settings.report_cache_seconds),
    )
