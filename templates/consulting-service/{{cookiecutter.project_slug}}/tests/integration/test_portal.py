"""A month of a consulting firm, on a real PostgreSQL and a real Redis."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from alembic import command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr
from redis import Redis
from sqlalchemy import Numeric, cast, create_engine, literal, select, text

from {{ cookiecutter.package_name }} import audit, jobs, money
from {{ cookiecutter.package_name }}.portal import Portal, make_portal
from {{ cookiecutter.package_name }}.settings import Settings, get_settings
from tests.conftest import TODAY, People, alembic_config, real_database

pytestmark = pytest.mark.integration

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """A portal on real servers, with the schema of the migrations and nothing in it."""
    url, redis_url = real_database(), os.environ.get("REDIS_URL", "")
    if not redis_url:
        pytest.skip("REDIS_URL names no Redis")
    monkeypatch.setenv("DATABASE_SSLMODE", "disable")
    get_settings.cache_clear()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    command.upgrade(alembic_config(), "head")
    settings = Settings(
        database_url=SecretStr(url),
        database_sslmode="disable",
        redis_url=SecretStr(redis_url),
        metrics_interval_seconds=0,
    )
    Redis.from_url(redis_url).flushdb()
    portal = make_portal(settings)
    yield portal
    portal.close()
    get_settings.cache_clear()


def test_from_hours_to_money(people: People) -> None:
    people.approved_hours(YESTERDAY)
    finance = people.signed_in("finance")
    headers = {"Idempotency-Key": "integration-1"}
    made = finance.post("/invoices", json=people.order(YESTERDAY), headers=headers).json()
    assert made["total"] == "1101.86"
    paid = {"amount": "1101.86", "currency": "EUR", "received_on": str(TODAY), "reference": "bank"}
    path = f"/invoices/{made['id']}/payments"
    assert finance.post(path, json=paid, headers=headers).status_code == 201
    assert finance.post("/reconciliations").json()["discrepancies"] == []
    period = {"since": str(YESTERDAY), "until": str(TODAY)}
    (row,) = finance.get("/reports/revenue", params=period).json()
    assert row["paid"] == "1101.86"
    assert finance.get("/ready").status_code == 200
    assert people.signed_in("auditor").get("/audit/verification").json()["broken_at"] is None
    export = people.signed_in("consultant").get("/timesheets.csv", params=period)
    assert "7.50" in export.text
    for job in ("reports", "reconciliation", "audit-verify", "partitions"):
        assert jobs.main([job], people.portal) == 0


def test_one_key_makes_one_invoice_however_often_it_is_asked_at_once(people: People) -> None:
    people.approved_hours(YESTERDAY)
    finance = people.signed_in("finance")

    def ask(_number: int) -> tuple[int, str]:
        headers = {"Idempotency-Key": "at-the-same-time"}
        response = finance.post("/invoices", json=people.order(YESTERDAY), headers=headers)
        return response.status_code, response.json()["id"]

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(ask, range(5)))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 200, 201]
    assert len({made for _, made in answers}) == 1


def test_payments_at_once_never_pay_too_much(people: People) -> None:
    people.approved_hours(YESTERDAY)
    finance = people.signed_in("finance")
    headers = {"Idempotency-Key": "integration-1"}
    made = finance.post("/invoices", json=people.order(YESTERDAY), headers=headers).json()

    def pay(number: int) -> int:
        paid = {"amount": "400", "currency": "EUR", "received_on": str(TODAY), "reference": "x"}
        path, key = f"/invoices/{made['id']}/payments", {"Idempotency-Key": f"payment-{number}"}
        return finance.post(path, json=paid, headers=key).status_code

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(pay, range(5))) == [201, 201, 409, 409, 409]
    assert finance.get(f"/invoices/{made['id']}").json()["paid"] == "800.00"
    assert finance.post("/reconciliations").json()["discrepancies"] == []


def test_the_chain_holds_when_many_write_at_once(portal: Portal) -> None:
    def write(number: int) -> None:
        with portal.database.session() as session:
            audit.append(session, None, "test", "thing", number, {"n": number})

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(write, range(40)))
    with portal.database.session() as session:
        found = audit.verify(session)
    assert (found.entries, found.broken_at) == (40, None)


def test_reports_cannot_write(portal: Portal) -> None:
    with (
        portal.database.reporting_session() as session,
        pytest.raises(Exception, match="read-only transaction"),
    ):
        session.execute(text("UPDATE invoice_counters SET last_number = 7"))


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
@given(
    amount=st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2),
    hours=st.decimals(min_value=Decimal("0.01"), max_value=24, places=2),
    rate=st.decimals(min_value=0, max_value=Decimal("99999999.9999"), places=4),
)
def test_the_database_keeps_every_cent(
    portal: Portal, amount: Decimal, hours: Decimal, rate: Decimal
) -> None:
    line = money.line_amount(hours, rate)
    with portal.database.session() as session:
        kept = session.execute(
            select(cast(literal(amount), Numeric(18, 2)), cast(literal(line), Numeric(18, 2)))
        ).one()
    assert tuple(kept) == (amount, line)
