"""The generated portal on a real PostgreSQL and a real Redis: migrations, money, and the audit log."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.templates.conftest import Say, in_project, locked_python
from tests.templates.servers import postgres, redis, run_alembic
from tests.templates.test_service import installed
from tests.tools import run, run_ok


def _folder(project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(project, tmp_path / project.name))


@pytest.mark.parametrize("version", ["3.11", pytest.param("3.10", marks=pytest.mark.slow)])
def test_migrations_go_up_down_and_up_and_are_what_the_models_say(
    version: str, odd_project: Path, service_python: Path, tmp_path: Path, say: Say
) -> None:
    """With both versions of SQLAlchemy that the locks hold: the one for Python 3.10 has 2.0."""
    python = service_python if version == "3.11" else locked_python(version, installed(version))
    sqlalchemy = run_ok(str(python), "-c", "import sqlalchemy; print(sqlalchemy.__version__)").stdout.strip()
    assert sqlalchemy.startswith("2.1." if version == "3.11" else "2.0.")
    folder = _folder(odd_project, tmp_path)
    with postgres() as url:
        env = {**in_project(folder, python), "DATABASE_URL": url, "DATABASE_SSLMODE": "disable"}
        for step in (["upgrade", "head"], ["check"], ["downgrade", "base"], ["upgrade", "head"], ["check"]):
            run_alembic(python, folder, env, *step)
        steps = "alembic upgrade, check, downgrade, upgrade, check, PostgreSQL"
        say(f"{steps}, SQLAlchemy {sqlalchemy}", "no new upgrade operations")
        run_ok(str(python), "-m", "pytest", "-q", "tests/migrations", cwd=folder, env=env)


def test_a_model_that_no_migration_makes_is_noticed(project: Path, service_python: Path, tmp_path: Path) -> None:
    folder = _folder(project, tmp_path)
    model = folder / "src/consulting_portal/models/people.py"
    text = model.read_text("utf-8")
    line = "    billing_email: Mapped[str] = mapped_column(String(254))\n"
    assert line in text
    model.write_text(text.replace(line, f"{line}    nickname: Mapped[str | None]\n"), "utf-8")
    with postgres() as url:
        env = {
            **in_project(folder, service_python),
            "DATABASE_URL": url,
            "DATABASE_SSLMODE": "disable",
        }
        run_alembic(service_python, folder, env, "upgrade", "head")
        done = run(str(service_python), "-m", "alembic", "check", cwd=folder, env=env)
    assert done.returncode != 0
    assert "nickname" in done.stdout + done.stderr


def test_the_sql_can_be_read_before_it_is_applied_and_locks_nothing_for_long(
    project: Path, service_python: Path, tmp_path: Path, say: Say
) -> None:
    folder = _folder(project, tmp_path)
    env = in_project(folder, service_python)
    sql = run_alembic(service_python, folder, env, "upgrade", "head", "--sql")
    (folder / "migrations.sql").write_text(sql, "utf-8")
    squawk = str(service_python.parent / "squawk")
    run_ok(squawk, "--pg-version", "15", "migrations.sql", cwd=folder)
    say("squawk, SQL of all migrations", "nothing found")
    blocking = f"{sql}\nSET lock_timeout = '5s';\nCREATE INDEX slow ON payments (amount);\n"
    (folder / "blocking.sql").write_text(blocking, "utf-8")
    assert run(squawk, "--pg-version", "15", "blocking.sql", cwd=folder).returncode == 1


def test_a_month_of_a_firm_on_real_servers(project: Path, service_python: Path, tmp_path: Path) -> None:
    folder = _folder(project, tmp_path)
    with postgres() as url, redis() as redis_url:
        env = {
            **in_project(folder, service_python),
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
        }
        command = ("-m", "pytest", "-q", "-rs", "tests/integration/test_portal.py")
        done = run_ok(str(service_python), *command, cwd=folder, env=env)
    assert "skipped" not in done.stdout


@pytest.mark.parametrize("which", ["project", "odd_project"])
def test_without_servers_its_tests_say_what_they_need(
    which: str, request: pytest.FixtureRequest, service_python: Path, tmp_path: Path
) -> None:
    folder = _folder(request.getfixturevalue(which), tmp_path)
    command = ("-m", "pytest", "-q", "-rs", "tests/integration")
    done = run_ok(
        str(service_python),
        *command,
        cwd=folder,
        env=in_project(folder, service_python),
    )
    assert "DATABASE_URL names no PostgreSQL" in done.stdout
    assert "BASE_URL names no deployment" in done.stdout
