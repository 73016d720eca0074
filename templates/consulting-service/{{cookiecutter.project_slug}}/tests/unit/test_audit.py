from __future__ import annotations

import json
from dataclasses import replace

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from {{ cookiecutter.package_name }} import audit, jobs, passwords
from {{ cookiecutter.package_name }}.audit import GENESIS
from {{ cookiecutter.package_name }}.models import User
from {{ cookiecutter.package_name }}.portal import Portal
from {{ cookiecutter.package_name }}.settings import Settings
from tests.conftest import People
from tests.unit.test_invoices import invoice


def test_everything_that_was_done_is_in_the_chain(people: People) -> None:
    made = invoice(people)
    auditor = people.signed_in("auditor")
    entries = auditor.get("/audit", params={"entity": "invoice"}).json()
    assert [(one["action"], one["entity_id"]) for one in entries] == [
        ("invoice.created", made["id"])
    ]
    assert entries[0]["changes"] == {"number": 1, "total": "1101.86", "currency": "EUR"}
    found = auditor.get("/audit/verification").json()
    assert found["broken_at"] is None
    assert found["entries"] == len(auditor.get("/audit").json())


@pytest.mark.parametrize(
    ("damage", "broken_at"),
    [
        ("UPDATE audit_log SET action = 'nothing' WHERE position = 2", 2),
        ("UPDATE audit_log SET changes = '{\"n\": 9}' WHERE position = 3", 3),
        ("DELETE FROM audit_log WHERE position = 1", 1),
        ("DELETE FROM audit_log WHERE position = 2", 2),
        ("UPDATE audit_log SET previous_hash = hash WHERE position = 3", 3),
    ],
)
def test_a_change_breaks_the_chain(portal: Portal, damage: str, broken_at: int) -> None:
    with portal.database.session() as session:
        for number in range(3):
            audit.append(
                session, None, "test", "thing", number, {"n": number, "deep": {"x": [1.5, None]}}
            )
        assert audit.verify(session).broken_at is None
        assert audit.rows(session) == 3
        session.expire_all()
        session.execute(text(damage))
        assert audit.verify(session).broken_at == broken_at


def test_an_empty_chain_is_sound(portal: Portal) -> None:
    with portal.database.session() as session:
        assert audit.verify(session) == audit.Verification(0, GENESIS, None)


def test_the_nightly_check_tells_the_head_and_fails_when_it_must(
    people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    people.signed_in("auditor")
    assert jobs.main(["audit-verify"], people.portal) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (told,) = [line for line in lines if line["event"] == "job.audit_verify"]
    assert len(told["head"]) == 64
    with people.portal.database.session() as session:
        session.execute(text("UPDATE audit_log SET entity = 'x'"))
    assert jobs.main(["audit-verify"], people.portal) == 1


def test_reconciliation_runs_as_a_job(people: People) -> None:
    invoice(people)
    assert jobs.main(["reconciliation"], people.portal) == 0
    with people.portal.database.session() as session:
        session.execute(text("UPDATE invoices SET paid = 1"))
    assert jobs.main(["reconciliation"], people.portal) == 1


NEWEST = ScriptDirectory.from_config(Config("alembic.ini")).get_current_head()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("SELECT 1", 0),
        ("UPDATE alembic_version SET version_num = 'ffffffffffff'", 1),
        ("DELETE FROM alembic_version", 1),
        ("DELETE FROM audit_log", 1),
        ("UPDATE audit_log SET entity = 'x'", 1),
        ("UPDATE invoices SET paid = 1", 1),
    ],
)
def test_what_was_restored_is_looked_into_and_left_as_it_was(
    damage: str, code: int, people: People
) -> None:
    invoice(people)
    with people.portal.database.session() as session:
        session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        session.execute(text("INSERT INTO alembic_version VALUES (:one)"), {"one": NEWEST})
        session.execute(text(damage))
    assert jobs.main(["restore-check"], people.portal) == code
    with people.portal.database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM reconciliation_runs")) == 0


def test_partitions_are_postgresqls(people: People) -> None:
    assert jobs.main(["partitions"], people.portal) == 0


def test_the_first_account_is_made_on_the_terminal(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _prompt: " Root@example.com ")
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "short")
    assert jobs.main(["create-admin"], people.portal) == 1
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "long enough for anybody")
    assert jobs.main(["create-admin"], people.portal) == 0


def test_the_first_account_is_made_where_there_is_no_terminal(
    people: People,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "short")
    assert jobs.main(["hash-password"], people.portal) == 1
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "long enough for anybody")
    assert jobs.main(["hash-password"], people.portal) == 0
    hashed = capsys.readouterr().out.splitlines()[-1]
    for given, code in (("long enough for anybody", 1), (hashed, 0)):
        told = settings.model_copy(
            update={"admin_email": "Root@example.com", "admin_password_hash": given}
        )
        assert jobs.main(["create-admin"], replace(people.portal, settings=told)) == code
    with people.portal.database.session() as session:
        made = session.scalars(select(User).where(User.email == "root@example.com")).one()
        assert passwords.matches("long enough for anybody", made.password_hash)


def test_without_a_secret_there_is_no_account_of_the_service(people: People) -> None:
    assert jobs.main(["service-account"], people.portal) == 1
