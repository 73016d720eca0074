from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from {{ cookiecutter.package_name }} import app as app_module
from {{ cookiecutter.package_name }}.app import gauges
from {{ cookiecutter.package_name }}.health import SCHEMA_REVISION
from {{ cookiecutter.package_name }}.logs import configure_logging
from {{ cookiecutter.package_name }}.middleware import SECURITY_HEADERS
from {{ cookiecutter.package_name }}.portal import Portal


def migrated(portal: Portal, revision: str) -> None:
    with portal.database.session() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)"))
        session.execute(text("DELETE FROM alembic_version"))
        session.execute(text("INSERT INTO alembic_version VALUES (:one)"), {"one": revision})


def test_health_says_ok_and_touches_nothing(api: TestClient, portal: Portal) -> None:
    portal.close()
    response = api.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_ready_needs_the_schema(api: TestClient, portal: Portal) -> None:
    assert api.get("/ready").status_code == 503
    migrated(portal, "0001")
    assert api.get("/ready").json() == {"database": True, "schema_current": False, "redis": True}
    migrated(portal, SCHEMA_REVISION)
    assert api.get("/ready").status_code == 200
    migrated(portal, "9999")
    assert api.get("/ready").status_code == 200, "a newer schema never breaks running code"


def test_version_tells_what_was_deployed(api: TestClient) -> None:
    assert api.get("/version").json()["environment"] == "development"


def test_metrics_are_not_for_those_who_come_through_the_load_balancer(api: TestClient) -> None:
    assert "http_requests_total" in api.get("/metrics").text
    assert api.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


@pytest.mark.parametrize("path", ["/health", "/no-such-page", "/clients"])
def test_every_answer_has_security_headers(api: TestClient, path: str) -> None:
    headers = api.get(path).headers
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_a_request_id_is_taken_when_it_is_one_and_made_when_not(api: TestClient) -> None:
    assert (
        api.get("/health", headers={"X-Request-ID": "abcdef-0123"}).headers["X-Request-ID"]
        == "abcdef-0123"
    )
    made = api.get("/health", headers={"X-Request-ID": 'x"}{"evil": 1'}).headers["X-Request-ID"]
    assert len(made) == 32


def test_an_error_is_logged_and_tells_nothing(
    api: TestClient, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(portal.settings)
    portal.redis.execute_command = broken  # type: ignore[method-assign]
    response = api.get("/clients", headers={"Cookie": "__Host-session=x"})
    assert response.status_code == 500
    assert response.json() == {"detail": "internal error"}
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (error,) = [line for line in lines if line["event"] == "error"]
    assert error["level"] == "error"
    assert error["request_id"] == response.headers["X-Request-ID"]
    assert "ada@example.com" not in json.dumps(lines)
    assert "RuntimeError" in error["exception"]


def broken(*_arguments: object, **_options: object) -> object:
    raise RuntimeError("about ada@example.com")


def test_a_page_of_another_site_changes_nothing(api: TestClient) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert api.post("/auth/logout", headers=headers).status_code == 403
    assert api.post("/auth/logout", headers={"Origin": "https://testserver"}).status_code == 401


def test_the_api_is_documented_in_development(api: TestClient) -> None:
    assert "/invoices" in api.get("/openapi.json").json()["paths"]
    assert "Content-Security-Policy" not in api.get("/docs").headers


def test_gauges_are_read(portal: Portal) -> None:
    assert gauges(portal) == {"RequestQueueLength": 0, "AuditLogRows": 0}
    portal.cache.rows("revenue", "x", list)
    portal.cache.rows("revenue", "x", list)
    assert gauges(portal)["CacheHitRate"] == 50
    with portal.database.session() as session:
        session.execute(text("DROP TABLE audit_log"))
    assert gauges(portal) == {"RequestQueueLength": 0}


def test_a_look_that_fails_is_not_the_last(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, again = [0], threading.Event()

    def look(_portal: Portal) -> dict[str, float]:
        looks[0] += 1
        if looks[0] == 1:
            raise RuntimeError("the secret could not be read")
        again.set()
        return {}

    monkeypatch.setattr(app_module, "gauges", look)
    settings = portal.settings.model_copy(update={"metrics_interval_seconds": 0.01})
    with TestClient(app_module.create_app(replace(portal, settings=settings))):
        assert again.wait(10)


def test_a_server_finds_the_application() -> None:
    assert app_module.app.title == "{{ cookiecutter.project_slug }}"
    with pytest.raises(AttributeError):
        _ = app_module.nothing


def test_the_application_starts_and_stops(api: TestClient) -> None:
    with api:
        assert api.get("/health").status_code == 200
