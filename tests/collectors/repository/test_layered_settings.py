"""Engines and settings that are chosen: in layers of Django's settings, and in the branches of a condition."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.collectors.repository.collect import collect_repository
from infraguard.collectors.repository.deliveries.stages import stage_of
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree

_BASE = 'import environ\nenv = environ.Env()\nDATABASES = {"default": env.db("DATABASE_URL")}\n'
_LAYER = 'from .base import *\nDATABASES["default"]["CONN_MAX_AGE"] = {}\n'


def _found(kind: str, files: dict[str, str]) -> list[Resource]:
    evidence = collect_repository(MemoryTree({"requirements.txt": "django\n", **files}))
    return [each for each in evidence.resources if each.kind == kind]


def _pool(layer: str, name: str = "production") -> Any:
    (engine,) = _found("database_engine", {"config/settings/base.py": _BASE, f"config/settings/{name}.py": layer})
    return engine.attributes["pool"]


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        ("60", "persistent"),
        ("0", "none"),
        ("None", "persistent"),
        ('env.int("CONN_MAX_AGE", default=60)', "persistent"),
    ],
)
def test_production_says_how_long_connections_are_kept(age: str, expected: str) -> None:
    assert _pool(_LAYER.format(age)) == expected


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (_LAYER.format('env.int("CONN_MAX_AGE")'), "production"),
        (_LAYER.format("60"), "local"),
        ("from .base import *\n", "production"),
    ],
)
def test_what_production_does_not_say_is_not_known(layer: str, name: str) -> None:
    assert isinstance(_pool(layer, name), Unknown)


def test_settings_may_say_it_themselves() -> None:
    text = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n'
    files = {"portal/settings.py": f'{text}DATABASES["default"]["CONN_MAX_AGE"] = 60\n'}
    (engine,) = _found("database_engine", files)
    assert engine.attributes["pool"] == "persistent"


def test_an_address_that_a_start_script_puts_together_asks_for_no_tls() -> None:
    start = 'export DATABASE_URL="postgis://${DB_USER}:${DB_PASSWORD}@${DB_HOST}:5432/${DB_NAME}"\nexec "$@"\n'
    (engine,) = _found("database_engine", {"config/settings/base.py": _BASE, "docker/entrypoint": start})
    assert engine.attributes["tls"] == "prefer"


_ENGINES = """from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

if {test}:
    engine = create_engine(URL, poolclass=NullPool)
else:
    engine = create_engine(URL, pool_size=5)
"""


@pytest.mark.parametrize(
    ("test", "pools"),
    [
        ('settings.env == "testing" or "sqlite" in URL', ["queue"]),
        ("settings.serverless", ["none", "queue"]),
        ('"sqlite" not in URL', ["none", "queue"]),
        ('settings.env != "test"', ["none", "queue"]),
    ],
)
def test_an_engine_that_only_tests_have_is_left_out(test: str, pools: list[str]) -> None:
    found = _found("database_engine", {"app/db.py": _ENGINES.format(test=test), "app/main.py": "import app.db\n"})
    assert [each.attributes["pool"] for each in found] == pools


def test_sessions_of_django_are_found_in_lists_that_are_joined() -> None:
    text = 'DJANGO = ["django.contrib.sessions", "django.contrib.auth"]\nINSTALLED_APPS = DJANGO + ["portal"]\n'
    (store,) = _found("session_store", {"portal/settings.py": text})
    assert store.attributes["store"] == "database"


def test_volumes_that_an_override_declares_are_declared() -> None:
    files = {
        "docker-compose.yml": "services: {postgres: {restart: always}, api: {build: .}}\n",
        "docker-compose.override.yml": "services: {postgres: {image: 'postgres:15', "
        "volumes: ['data:/var/lib/postgresql/data']}}\nvolumes: {data: {}}\n",
    }
    found = {each.attributes["name"]: each.attributes for each in _found("compose_service", files)}
    assert found["postgres"]["data_volume"] == "named"


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("docker build -f docker/production/django/Dockerfile .", ""),
        ("docker build --file=docker/production/Dockerfile --target prod .", "production"),
        ("docker build -f Dockerfile.prod .", "production"),
    ],
)
def test_the_folder_of_a_dockerfile_is_no_environment(text: str, stage: str) -> None:
    assert stage_of(text) == stage
