"""Every migration goes up, down and up again on a real PostgreSQL, and makes what the models say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from {{ cookiecutter.package_name }} import accounts, audit
from {{ cookiecutter.package_name }}.health import SCHEMA_REVISION
from {{ cookiecutter.package_name }}.models import Base
from {{ cookiecutter.package_name }}.secret_store import Account
from {{ cookiecutter.package_name }}.settings import get_settings
from tests.conftest import alembic_config, real_database

pytestmark = pytest.mark.migrations

CONFIG = alembic_config()
REVISIONS = [
    one.revision for one in reversed(list(ScriptDirectory.from_config(CONFIG).walk_revisions()))
]


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database without tables."""
    url = real_database()
    monkeypatch.setenv("DATABASE_SSLMODE", "disable")
    get_settings.cache_clear()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()
    get_settings.cache_clear()


@pytest.fixture
def database(empty: Engine) -> Iterator[Connection]:
    """A connection to a database with every table, in a transaction that is undone."""
    command.upgrade(CONFIG, "head")
    with empty.connect() as connection:
        yield connection
        connection.rollback()


def tables(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        return set(names) - {"alembic_version"}


def test_the_account_of_the_service_is_made_once_and_its_password_set_again(
    database: Connection,
) -> None:
    with Session(database) as session:
        name = "portal_service_of_a_test"
        assert accounts.give_password(session, Account(name, "one 'quoted' \\ password"))
        kept = text("SELECT rolpassword FROM pg_authid WHERE rolname = :name")
        first = session.execute(kept, {"name": name}).scalar_one()
        assert not accounts.give_password(session, Account(name, "another"))
        second = session.execute(kept, {"name": name}).scalar_one()
        assert first.startswith("SCRAM-SHA-256$")
        assert second.startswith("SCRAM-SHA-256$")
        assert first != second
        member = text("SELECT pg_has_role(:name, 'portal_app', 'member')")
        assert session.execute(member, {"name": name}).scalar_one()
        limits = text("SELECT rolconfig FROM pg_roles WHERE rolname = :name")
        assert session.execute(limits, {"name": name}).scalar_one() == [
            "statement_timeout=30s",
            "idle_in_transaction_session_timeout=60s",
        ]


def test_there_is_one_chain_and_the_code_knows_its_end() -> None:
    assert ScriptDirectory.from_config(CONFIG).get_heads() == [SCHEMA_REVISION]
    assert sorted(REVISIONS) == REVISIONS, "readiness compares revisions by their order"
    assert REVISIONS[-1] == SCHEMA_REVISION


def test_each_migration_goes_up_down_and_up(empty: Engine) -> None:
    for number, revision in enumerate(REVISIONS):
        before = tables(empty)
        command.upgrade(CONFIG, revision)
        made = tables(empty)
        command.downgrade(CONFIG, REVISIONS[number - 1] if number else "base")
        assert tables(empty) == before, revision
        command.upgrade(CONFIG, revision)
        assert tables(empty) == made, revision
    command.downgrade(CONFIG, "base")
    assert tables(empty) == set()


def test_migrations_make_what_the_models_say(empty: Engine) -> None:
    command.upgrade(CONFIG, "head")
    command.check(CONFIG)
    with empty.connect() as connection:
        # Seen without the filter, so that it hides partitions and nothing else.
        context = MigrationContext.configure(connection)
        unknown = {
            one[1].name
            for one in compare_metadata(context, Base.metadata)
            if one[0] == "remove_table"
        }
    assert all(name.startswith(("timesheets_", "invoices_")) for name in unknown)


def test_a_payment_from_before_gets_its_currency(empty: Engine) -> None:
    command.upgrade(CONFIG, "0006")
    with empty.begin() as connection:
        for statement in OLD_ROWS:
            connection.execute(text(statement))
    command.upgrade(CONFIG, "head")
    with empty.connect() as connection:
        assert connection.scalars(text("SELECT currency FROM payments")).all() == ["CHF", "CHF"]


ID = "00000000-0000-7000-8000-000000000001"
OLD_ROWS = [
    f"INSERT INTO clients VALUES ('{ID}', 'a', 'a@b.c', 'CHF', 30, 'active', now())",
    f"INSERT INTO engagements VALUES ('{ID}', '{ID}', 'e', 'CHF', 1, 0, now(), null, 'active', now())",
    f"INSERT INTO invoices VALUES ('{ID}', now(), 1, '{ID}', '{ID}', 'CHF', 1, 0, 0, 1, 1, now(), 'paid', now())",
    *[
        "INSERT INTO payments (id, invoice_id, invoice_date, amount, received_on, reference, idempotency_key, digest,"
        f" created_at) VALUES ('{one}', '{ID}', now(), 1, now(), 'r', '{one}', 'd', now())"
        for one in (ID, ID.replace("1", "2"))
    ],
]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET action = 'x'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ],
)
@pytest.mark.parametrize("role", ["postgres", "portal_app"])
def test_the_audit_log_is_append_only(database: Connection, role: str, statement: str) -> None:
    append_one(database)
    if role != "postgres":
        database.execute(text(f"SET ROLE {role}"))
    with pytest.raises(DBAPIError, match="append-only|permission denied"):
        database.execute(text(statement))


def append_one(database: Connection) -> None:
    with Session(bind=database, join_transaction_mode="create_savepoint") as session:
        audit.append(session, None, "test", "thing", 1, {"n": 1})
        session.commit()
        assert audit.verify(session).broken_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit_log DISABLE TRIGGER ALL",
        "DROP TABLE audit_log",
        "DELETE FROM payments",
        "CREATE TABLE more (n int)",
        "INSERT INTO alembic_version VALUES ('9999')",
    ],
)
def test_the_service_may_not_do_what_it_never_needs(database: Connection, statement: str) -> None:
    database.execute(text("SET ROLE portal_app"))
    with pytest.raises(DBAPIError, match="permission denied|must be owner"):
        database.execute(text(statement))


def test_reports_read_no_passwords(database: Connection) -> None:
    database.execute(text("SET ROLE portal_reporting"))
    database.execute(text("SELECT * FROM invoices"))
    with pytest.raises(DBAPIError, match="permission denied"):
        database.execute(text("SELECT * FROM users"))


def test_the_service_makes_partitions_and_rows_find_them(database: Connection) -> None:
    database.execute(text("SET ROLE portal_app"))
    made = text("SELECT ensure_month_partitions(15)")
    assert database.execute(made).scalar_one() == 4
    assert database.execute(made).scalar_one() == 0
    database.execute(text("RESET ROLE"))
    day = date.today() + timedelta(days=40)
    for statement in [
        f"INSERT INTO consultants VALUES ('{ID}', 'a', 'a@b.c', 40, now())",
        f"INSERT INTO users VALUES ('{ID}', 'a@b.c', 'x', 'admin', null, true, now())",
        *OLD_ROWS[:2],
        "INSERT INTO timesheets (id, work_date, consultant_id, engagement_id, hours, notes, status, created_by,"
        f" created_at) VALUES ('{ID}', '{day}', '{ID}', '{ID}', 8, '', 'draft', '{ID}', now())",
    ]:
        database.execute(text(statement))
    found = database.execute(text("SELECT tableoid::regclass::text FROM timesheets")).scalar_one()
    assert found == f"timesheets_{day:%Y_%m}"


def test_an_audit_log_with_entries_is_not_dropped(empty: Engine) -> None:
    command.upgrade(CONFIG, "head")
    with empty.begin() as connection:
        append_one(connection)
    with pytest.raises(DBAPIError, match="is not dropped"):
        command.downgrade(CONFIG, "base")
