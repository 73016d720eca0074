"""A database that was restored from a backup, on a real PostgreSQL, with a password that was rotated since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.emulator.server import Emulator
from tests.templates.conftest import in_project
from tests.templates.servers import postgres, run_alembic
from tests.tools import run, run_ok

#: What a restored database is: the tables of today's migrations, a log that somebody wrote to, an account of the
#: service, and a server that asks for its password.
RESTORED = """
from sqlalchemy import text
from consulting_portal import audit
from consulting_portal.portal import make_portal
from consulting_portal.settings import get_settings

portal = make_portal(get_settings())
with portal.database.session() as session:
    audit.append(session, None, "user.created", "user", "1", {})
    hba = session.execute(text("SHOW hba_file")).scalar_one()
    rules = "host all portal_service 127.0.0.1/32 scram-sha-256'||chr(10)||'host all postgres 127.0.0.1/32 trust"
    session.execute(text(f"COPY (SELECT regexp_split_to_table('{rules}', chr(10))) TO '{hba}'"))
    session.execute(text("SELECT pg_reload_conf()"))
portal.database.close()
"""


class Case(NamedTuple):
    """The passwords that the secret had, the last of them now, and what the task is told of its database."""

    passwords: list[str]
    restored: bool = True


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    started = Emulator()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def restored_database(project: Path, service_python: Path, emulator: Emulator) -> Iterator[str]:
    """The address of one whose account has the password `of-the-backup`. What looks into it leaves it as it is."""
    with postgres() as url:
        env = {**in_project(project, service_python), **emulator.environment}
        env |= {"DATABASE_URL": url, "DATABASE_SSLMODE": "disable"}
        env["SERVICE_SECRET_ARN"] = _secret(emulator.client("secretsmanager"), ["an earlier one", "of-the-backup"])
        run_alembic(service_python, project, env, "upgrade", "head")
        run_ok(str(service_python), "-m", "consulting_portal.jobs", "service-account", cwd=project, env=env)
        run_ok(str(service_python), "-c", RESTORED, env=env)
        yield url.replace("postgres@", "portal_service@")


@pytest.mark.parametrize(
    ("case", "code"),
    [
        pytest.param(Case(["of-the-backup"], restored=False), 0, id="not rotated since"),
        pytest.param(Case(["of-the-backup", "rotated"]), 0, id="rotated since"),
        pytest.param(Case(["of-the-backup", "rotated"], restored=False), 1, id="only the newest may be tried"),
        pytest.param(Case(["of-the-backup", "rotated", "again"]), 1, id="rotated twice"),
    ],
)
def test_it_is_looked_into_with_the_password_of_its_day(
    case: Case, code: int, restored_database: str, emulator: Emulator, project: Path, service_python: Path
) -> None:
    emulator.reset()
    env = {
        **in_project(project, service_python),
        **emulator.environment,
        "DATABASE_URL": restored_database,
        "DATABASE_SSLMODE": "disable",
        "DATABASE_SECRET_ARN": _secret(emulator.client("secretsmanager"), case.passwords),
        "DATABASE_IS_RESTORED": json.dumps(case.restored),
    }
    done = run(str(service_python), "-m", "consulting_portal.jobs", "restore-check", cwd=project, env=env)
    assert done.returncode == code, done.stderr
    if code:
        assert "password authentication failed" in done.stderr
    else:
        assert '"problems": []' in done.stdout
    for password in case.passwords:
        assert password not in done.stdout + done.stderr


def _secret(client: Any, passwords: list[str]) -> str:
    """A secret that had these passwords, one after the other."""
    first, *later = ({"username": "portal_service", "password": password} for password in passwords)
    arn: str = client.create_secret(Name="service", SecretString=json.dumps(first))["ARN"]
    for one in later:
        client.put_secret_value(SecretId=arn, SecretString=json.dumps(one))
    return arn
