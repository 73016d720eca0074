"""A portal for tests: SQLite in memory and a Redis in this process, unless the environment names real ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from alembic.config import Config
from argon2 import PasswordHasher
from fakeredis import FakeRedis
from fastapi.testclient import TestClient
from pydantic import SecretStr

from {{ cookiecutter.package_name }} import passwords
from {{ cookiecutter.package_name }}.app import create_app
from {{ cookiecutter.package_name }}.models import (
    Base,
    Client,
    Consultant,
    Engagement,
    InvoiceCounter,
    RateCard,
    User,
)
from {{ cookiecutter.package_name }}.portal import Portal, make_portal
from {{ cookiecutter.package_name }}.settings import Settings

# What makes a password hard to guess makes tests slow.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

PASSWORD = "correct horse battery staple"
HASH = passwords.hash_password(PASSWORD)
TODAY = date.today()
START = TODAY - timedelta(days=90)


@pytest.fixture
def settings() -> Settings:
    """Settings whose defaults are what unit tests run with."""
    return Settings(
        database_url=SecretStr("sqlite+pysqlite:///:memory:"), metrics_interval_seconds=0
    )


@pytest.fixture
def portal(settings: Settings) -> Iterator[Portal]:
    """A portal with empty tables."""
    portal = make_portal(settings, FakeRedis(decode_responses=True))
    Base.metadata.create_all(portal.database.engine)
    with portal.database.session() as session:
        session.add(InvoiceCounter(name="invoices", last_number=0))
    yield portal
    portal.close()


@pytest.fixture
def api(portal: Portal) -> TestClient:
    """Somebody who asks and has not signed in."""
    return TestClient(
        create_app(portal), base_url="https://testserver", raise_server_exceptions=False
    )


class People:
    """Who there is in a test, and what they agreed on."""

    def __init__(self, portal: Portal) -> None:
        """Make one client, one engagement with a rate, one consultant, and an account of each role."""
        self.portal = portal
        self.app = create_app(portal)
        with portal.database.session() as session:
            client = Client(
                name="Ćevap & Söhne",
                billing_email="pay@example.com",
                currency="EUR",
                payment_days=30,
            )
            consultant = Consultant(
                full_name="Ada Example", email="ada@example.com", weekly_hours=Decimal(40)
            )
            session.add_all([client, consultant])
            session.flush()
            engagement = Engagement(
                client_id=client.id,
                name="Migration",
                currency="EUR",
                budget=Decimal("100000.00"),
                tax_rate=Decimal("0.19"),
                starts_on=START,
                status="active",
            )
            session.add(engagement)
            session.flush()
            session.add(
                RateCard(
                    engagement_id=engagement.id,
                    consultant_id=consultant.id,
                    effective_from=START,
                    hourly_rate=Decimal("123.4567"),
                )
            )
            for role in ("admin", "partner", "consultant", "finance", "auditor"):
                mine = consultant.id if role == "consultant" else None
                account = User(
                    email=f"{role}@example.com", password_hash=HASH, role=role, consultant_id=mine
                )
                session.add(account)
        self.client_id: UUID = client.id
        self.consultant_id: UUID = consultant.id
        self.engagement_id: UUID = engagement.id

    def signed_in(self, role: str) -> TestClient:
        """Somebody of that role, with a browser of their own."""
        api = TestClient(self.app, base_url="https://testserver", raise_server_exceptions=False)
        credentials = {"email": f"{role}@example.com", "password": PASSWORD}
        assert api.post("/auth/login", json=credentials).status_code == 204
        return api

    def approved_hours(self, day: date, hours: str = "7.50") -> str:
        """Hours that were written down, handed in and approved; their id."""
        consultant, partner = self.signed_in("consultant"), self.signed_in("partner")
        asked = {
            "consultant_id": str(self.consultant_id),
            "engagement_id": str(self.engagement_id),
            "work_date": str(day),
            "hours": hours,
        }
        made = consultant.post("/timesheets", json=asked)
        assert made.status_code == 201, made.text
        path = f"/timesheets/{made.json()['id']}"
        assert consultant.post(f"{path}/submit").status_code == 200
        assert partner.post(f"{path}/approve").status_code == 200
        return str(made.json()["id"])

    def order(self, day: date) -> dict[str, str]:
        """A request for an invoice of one day."""
        return {
            "engagement_id": str(self.engagement_id),
            "period_start": str(day),
            "period_end": str(day),
            "invoice_date": str(TODAY),
        }


@pytest.fixture
def people(portal: Portal) -> People:
    """People, in a portal whose tables were empty."""
    return People(portal)


def real_database() -> str:
    """The address of a real PostgreSQL whose tables tests may drop, or the test is skipped."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql+psycopg://"):
        pytest.skip("DATABASE_URL names no PostgreSQL")
    return url


def alembic_config() -> Config:
    """What `alembic` reads on the command line."""
    return Config(Path(__file__).parent.parent / "alembic.ini")
