"""Applications that migrate when they start, and those that only could."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.application.jobs.startup_migrations import startup_migrations
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree

_MIGRATE = "from alembic import command\n\n\ndef migrate_schema():\n    command.upgrade(config, 'head')\n\n\n"
_LIFESPAN = "@asynccontextmanager\nasync def lifespan(app):\n    {call}\n    yield\n"


def _runs(main: str, **files: str) -> list[object]:
    tree = MemoryTree({"main.py": main, **{name.replace("__", "/") + ".py": text for name, text in files.items()}})
    return [each.attributes["runs"] for each in startup_migrations(tree)]


@pytest.mark.parametrize(
    "main",
    [
        _MIGRATE + _LIFESPAN.format(call="migrate_schema()"),
        _MIGRATE + _LIFESPAN.format(call="await asyncio.to_thread(migrate_schema)"),
        _MIGRATE + "@app.on_event('startup')\ndef prepare():\n    migrate_schema()\n",
        _MIGRATE + "def create():\n    app = Flask(__name__)\n    migrate_schema()\n    return app\n",
        _MIGRATE + "if __name__ == '__main__':\n    migrate_schema()\n    uvicorn.run(app)\n",
        _MIGRATE + "def on_starting(server):\n    migrate_schema()\n",
        _MIGRATE + "app = FastAPI()\nmigrate_schema()\n",
        "from flask_migrate import upgrade\n\n\ndef create():\n    app = Flask(__name__)\n    upgrade()\n",
        "def on_starting(server):\n    subprocess.run(['alembic', 'upgrade', 'head'], check=True)\n",
        "def on_starting(server):\n    call_command('migrate', interactive=False)\n",
    ],
)
def test_an_application_that_migrates_when_it_starts(main: str) -> None:
    assert _runs(main) == [True]


@pytest.mark.parametrize(
    "main",
    [
        _MIGRATE,
        _MIGRATE + "if __name__ == '__main__':\n    migrate_schema()\n",
        _MIGRATE + "migrate_schema()\n",
        _MIGRATE + _LIFESPAN.format(call="if settings.env == 'development':\n        migrate_schema()"),
        _MIGRATE
        + "def create(mode):\n    app = Flask(__name__)\n    if mode == 'migration':\n        migrate_schema()\n",
        _MIGRATE + "@app.post('/admin/migrate')\ndef on_demand():\n    migrate_schema()\n",
        "def on_starting(server):\n    subprocess.run(['alembic', 'current'], check=True)\n",
        "def on_starting(server):\n    call_command('collectstatic')\n",
    ],
)
def test_an_application_that_does_not(main: str) -> None:
    assert _runs(main) == []


def test_a_setting_that_decides() -> None:
    (runs,) = _runs(_MIGRATE + _LIFESPAN.format(call="if settings.MIGRATE:\n        migrate_schema()"))
    assert isinstance(runs, Unknown)
    assert "settings.MIGRATE" in runs.reason


@pytest.mark.parametrize(
    ("test", "runs"),
    [
        ("settings.env != 'test'", True),
        ("settings.environment not in ('test', 'local')", True),
        ("config.entorno != 'pruebas'", True),
        ("settings.env != 'production'", None),
        ("settings.env not in ('test', 'production')", None),
        ("settings.env != 'test' and settings.migrate", None),
    ],
)
def test_what_is_left_out_where_one_only_tries_things_is_done_in_production(test: str, runs: bool | None) -> None:
    (found,) = _runs(_MIGRATE + _LIFESPAN.format(call=f"if {test}:\n        migrate_schema()"))
    assert (None if isinstance(found, Unknown) else found) is runs


def test_the_way_through_other_modules() -> None:
    steps = "from app.schema import migrate_schema\n\n\ndef prepare_database():\n    migrate_schema()\n"
    main = f"from app.steps import prepare_database\n\n\n{_LIFESPAN.format(call='prepare_database()')}"
    assert _runs(main, app__schema=_MIGRATE, app__steps=steps) == [True]


def test_functions_that_call_each_other_end() -> None:
    ring = "def migrate_again():\n    migrate_schema()\n\n\ndef other():\n    migrate_again()\n"
    assert _runs(_MIGRATE.replace("config, 'head')", "config, 'head')\n    migrate_again()") + ring) == []


_OWN = 'def migrate_schemas(cursor):\n    cursor.execute(f"ALTER TABLE {name} ADD COLUMN {column}")\n'


def test_a_way_of_ones_own_to_migrate() -> None:
    prepares = "def init_tables():\n    from app.scripts.changes import migrate_schemas\n    migrate_schemas(cursor)\n"
    main = "from app.db import init_tables\n" + _LIFESPAN.format(call="init_tables()")
    assert _runs(main, app__db=prepares, app__scripts__changes=_OWN) == [True]
    assert _runs("app = FastAPI()\n", app__db=prepares, app__scripts__changes=_OWN) == []


def test_what_is_called_after_migrating_and_changes_no_table() -> None:
    main = "from app.vectors import migrate_tables\n" + _LIFESPAN.format(call="migrate_tables()")
    assert _runs(main, app__vectors="def migrate_tables():\n    index.rebuild()\n") == []
