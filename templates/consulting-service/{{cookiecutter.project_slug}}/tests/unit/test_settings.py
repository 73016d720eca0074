from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr, ValidationError
from sqlalchemy import create_engine, event

from {{ cookiecutter.package_name }}.app import create_app
from {{ cookiecutter.package_name }}.db import follow_password, make_engine
from {{ cookiecutter.package_name }}.ids import new_id
from {{ cookiecutter.package_name }}.portal import Portal
from {{ cookiecutter.package_name }}.secret_store import DatabasePassword
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.tracing import configure_tracing

DEPLOYED: dict[str, Any] = {
    "environment": "production",
    "database_url": SecretStr("postgresql+psycopg://app@db/portal"),
    "redis_url": SecretStr("rediss://cache:6379/0"),
}


def test_deployed_means_encrypted() -> None:
    Settings(**DEPLOYED)
    for name, weaker in [
        ("database_sslmode", "require"),
        ("redis_url", SecretStr("redis://cache:6379/0")),
        ("database_url", SecretStr("sqlite+pysqlite:///:memory:")),
    ]:
        with pytest.raises(ValidationError, match="production needs"):
            Settings(**{**DEPLOYED, name: weaker})


def test_a_secret_is_in_no_text() -> None:
    settings = Settings(database_url=SecretStr("postgresql+psycopg://app:hunter2@db/portal"))
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_connections_are_pooled_and_checked() -> None:
    settings = Settings(**DEPLOYED)
    engine = make_engine(settings.reporting_url, settings)
    assert engine.pool.size() == 5  # type: ignore[attr-defined]
    _, arguments = engine.dialect.create_connect_args(engine.url)
    assert arguments["host"] == "db"


def test_a_proxy_of_rds_takes_connections() -> None:
    """It refuses the ones that bring options of the server, and cannot share those that prepare statements."""
    settings = Settings(**DEPLOYED)
    brought: dict[str, Any] = {}

    def look(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        brought.update(parameters)
        raise ConnectionError

    for url in (settings.database_url.get_secret_value(), settings.reporting_url):
        engine = make_engine(url, settings)
        event.listen(engine, "do_connect", look)
        with pytest.raises(ConnectionError):
            engine.connect()
        assert "options" not in brought
        assert brought.pop("prepare_threshold", "absent") is None


class Secrets:
    """A Secrets Manager whose secret was rotated after it was read once."""

    def __init__(self) -> None:
        self.asked = 0

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803
        if VersionStage == "AWSPREVIOUS":
            return {"SecretString": json.dumps({"password": f"{SecretId}-before"})}
        self.asked += 1
        return {"SecretString": json.dumps({"password": f"{SecretId}-{self.asked}"})}


def test_a_password_is_kept_for_a_while() -> None:
    time = [0.0]
    password = DatabasePassword(Secrets(), "db", 300, lambda: time[0])
    assert (password(), password()) == ("db-1", "db-1")
    time[0] = 300
    assert password() == "db-2"


REFUSED = "password authentication failed for user app"


def connected(takes: str, refusal: str = REFUSED, *, restored: bool) -> list[str]:
    """Connect to a database that takes one password; the passwords that were tried."""
    engine = create_engine("sqlite://")
    tried: list[str] = []

    class Dialect:
        loaded_dbapi = engine.dialect.loaded_dbapi

        def connect(self, *, password: str) -> str:
            tried.append(password)
            if password != takes:
                raise self.loaded_dbapi.OperationalError(refusal)
            return "connection"

    follow_password(engine, DatabasePassword(Secrets(), "db"), restored=restored)
    (connect,) = engine.dialect.dispatch.do_connect
    with suppress(Dialect.loaded_dbapi.OperationalError):
        assert connect(Dialect(), None, [], {}) == "connection"
        return tried
    return [*tried, "refused"]


@pytest.mark.parametrize(
    ("takes", "restored", "tried"),
    [
        ("db-1", False, ["db-1"]),
        ("db-2", False, ["db-1", "db-2"]),
        ("db-before", False, ["db-1", "db-2", "refused"]),
        ("db-2", True, ["db-1", "db-2"]),
        ("db-before", True, ["db-1", "db-2", "db-before"]),
        ("other", True, ["db-1", "db-2", "db-before", "refused"]),
    ],
)
def test_a_rotated_password_is_read_again(takes: str, restored: bool, tried: list[str]) -> None:
    assert connected(takes, restored=restored) == tried


def test_what_is_no_refusal_is_not_tried_again() -> None:
    assert connected("db-2", "connection timed out", restored=True) == ["db-1", "refused"]


def test_requests_and_statements_are_traced(portal: Portal) -> None:
    app, spans = create_app(portal), InMemorySpanExporter()
    provider = configure_tracing(app, [portal.database.engine], portal.settings, spans)
    assert provider is not None
    with portal.database.session() as session:
        session.connection().exec_driver_sql("SELECT 1")
    provider.force_flush()
    assert any(span.name.startswith("SELECT") for span in spans.get_finished_spans())
    provider.shutdown()


def test_ids_are_in_the_order_they_were_made() -> None:
    made = [new_id() for _ in range(50)]
    assert len(set(made)) == 50
    assert {one.version for one in made} == {7}
    assert sorted(one.int >> 80 for one in made) == [one.int >> 80 for one in made]
