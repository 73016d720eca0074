"""Connections: a pool to the primary, a pool to the replica for reports, both over TLS and both timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool, StaticPool

from . import metrics
from .secret_store import DatabasePassword, secrets_manager
from .settings import Settings

log = structlog.get_logger(__name__)

_OPERATIONS = {"SELECT", "INSERT", "UPDATE", "DELETE"}


class Database:
    """The primary, which is written to, and where reports are read."""

    def __init__(self, settings: Settings) -> None:
        """Make both pools. No connection is opened before one is needed."""
        url = settings.database_url.get_secret_value()
        if url.startswith("sqlite"):
            self.engine = self.reporting_engine = _sqlite_engine()
        else:
            self.engine = make_engine(url, settings)
            self.reporting_engine = create_engine(
                settings.reporting_url,
                connect_args=_connection_arguments(settings),
                **_pool(settings),
            )
            _watch(self.reporting_engine, settings)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._reporting_sessions = sessionmaker(
            self.reporting_engine.execution_options(postgresql_readonly=True)
        )
        metrics.watch_pool(self._pool_figures)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction on the primary: committed at the end, rolled back on any error."""
        with self._sessions.begin() as session:
            yield session

    @contextmanager
    def reporting_session(self) -> Iterator[Session]:
        """One read-only transaction on the replica."""
        with self._reporting_sessions.begin() as session:
            yield session

    def answers(self) -> bool:
        """Ask the primary for anything at all."""
        with self.engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one() == 1)

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
        self.reporting_engine.dispose()

    def _pool_figures(self) -> tuple[int, int, int]:
        pool = self.engine.pool
        if not isinstance(pool, QueuePool):
            return 1, 0, 0
        return pool.size(), pool.checkedout(), max(pool.overflow(), 0)


def make_engine(url: str, settings: Settings) -> Engine:
    """Make an engine with its pool, its TLS, and its timing."""
    engine = create_engine(url, connect_args=_connection_arguments(settings), **_pool(settings))
    _watch(engine, settings)
    return engine


def _watch(engine: Engine, settings: Settings) -> None:
    if settings.database_secret_arn:
        password = secrets_manager(settings.database_secret_arn)
        follow_password(engine, password, restored=settings.database_is_restored)
    _time_queries(engine, settings.slow_query_seconds)


def _pool(settings: Settings) -> dict[str, Any]:
    return {
        "pool_size": settings.database_pool_size,
        "max_overflow": settings.database_max_overflow,
        "pool_timeout": 5,
        "pool_recycle": 1800,
        "pool_pre_ping": True,
    }


def _connection_arguments(settings: Settings) -> dict[str, Any]:
    # RDS Proxy refuses a connection that brings options of the server, so the account has them (accounts.py),
    # and cannot share one that prepares statements.
    authorities = settings.database_ca_file
    arguments: dict[str, Any] = {
        "sslmode": "verify-full",
        "sslrootcert": str(authorities) if authorities.is_file() else "system",
        "connect_timeout": 5,
        "application_name": "portal",
        "prepare_threshold": None,
    }
    if settings.database_sslmode != "verify-full":
        # On a developer's machine: settings of staging and production refuse this.
        arguments["sslmode"] = settings.database_sslmode
        del arguments["sslrootcert"]
    return arguments


def _sqlite_engine() -> Engine:
    """Make an engine for tests: one connection, and foreign keys as PostgreSQL has them."""
    engine = create_engine(
        "sqlite+pysqlite:///:memory:",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _enforce_foreign_keys(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    _time_queries(engine, 1)
    return engine


def follow_password(engine: Engine, password: DatabasePassword, *, restored: bool = False) -> None:
    """Connect with the current password; one that was rotated meanwhile is read again once.

    A database that was restored from a backup has the password of that day: the one before the last
    rotation is tried too.
    """
    attempts: list[Callable[[], str]] = [password, password.anew]
    if restored:
        attempts.append(password.before_rotation)

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, _record: Any, args: list[Any], params: dict[str, Any]) -> Any:
        for attempt in attempts[:-1]:
            try:
                return dialect.connect(*args, **{**params, "password": attempt()})
            except dialect.loaded_dbapi.OperationalError as error:
                if "authentication failed" not in str(error):
                    raise
                log.warning("database.password_refused")
        return dialect.connect(*args, **{**params, "password": attempts[-1]()})


def _time_queries(engine: Engine, slow_seconds: float) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def _start(conn: Any, _cursor: Any, *_statement: Any) -> None:
        conn.info["started"] = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _stop(conn: Any, _cursor: Any, statement: str, *_parameters: Any) -> None:
        seconds = time.perf_counter() - conn.info.pop("started", time.perf_counter())
        word = statement.lstrip("( ").split(None, 1)[0].upper()
        operation = word if word in _OPERATIONS else "OTHER"
        metrics.DB_QUERY_SECONDS.labels(operation).observe(seconds)
        if seconds > slow_seconds:
            # Parameters may be personal data: the statement alone says enough.
            log.warning("slow_query", statement=statement[:500], duration_ms=round(seconds * 1000))

    @event.listens_for(engine, "handle_error")
    def _count(context: Any) -> None:
        metrics.ERRORS.labels(type(context.original_exception).__name__).inc()
