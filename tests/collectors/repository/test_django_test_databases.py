"""The database that tests of a project of Django use, by the settings that they read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from infraguard.collectors.repository.python.django_test_databases import django_test_databases
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree

_MANAGE = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")\n'
_SERVER = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n'
_LITE = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n'
_IF = "if {}:\n    {}else:\n    {}"
_CLASSES = f"class Base:\n    {_LITE}\n\nclass Dev(Base):\n    {_SERVER}"


def _in_memory(files: Mapping[str, str]) -> Any:
    (found,) = django_test_databases(MemoryTree({"manage.py": _MANAGE, **files}))
    value = found.attributes["in_memory"]
    return "unknown" if isinstance(value, Unknown) else value


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"portal/settings.py": _SERVER}, False),
        ({"portal/settings.py": _LITE}, True),
        ({"portal/settings.py": _IF.format("'test' in sys.argv", _LITE, _SERVER)}, True),
        ({"portal/settings.py": _IF.format("os.environ.get('HOST')", _SERVER, _LITE)}, "unknown"),
        ({"portal/settings.py": 'DATABASES = {"default": env.db()}\n'}, "unknown"),
        ({"portal/settings.py": 'DATABASES = {"default": env.db("URL", "sqlite:///db.sqlite3")}\n'}, True),
        ({"portal/settings/__init__.py": "from .base import *\n", "portal/settings/base.py": _SERVER}, False),
        ({"portal/settings.py": _SERVER, "portal/quick.py": _LITE, "tox.ini": "pytest --ds=portal.quick\n"}, True),
        ({"portal/settings.py": _CLASSES, "manage.py": f'{_MANAGE}x["DJANGO_CONFIGURATION"] = "Base"\n'}, True),
        ({"portal/settings.py": _CLASSES, "manage.py": f'{_MANAGE}x["DJANGO_CONFIGURATION"] = "Dev"\n'}, False),
    ],
)
def test_whether_it_is_in_memory(files: Mapping[str, str], expected: Any) -> None:
    assert _in_memory(files) == expected


_GIVEN = 'DATABASES = {{"default": env.db("{}")}}\n'
_WORKFLOW = "jobs: {{test: {{container: {{image: a, env: {{{}}}}}}}}}\n"


@pytest.mark.parametrize(
    ("settings", "given", "expected"),
    [
        (_GIVEN.format("DATABASE_URL"), "DATABASE_URL: 'postgis://a:b@db:5432/c'", False),
        (_GIVEN.format("DATABASE_URL"), "DATABASE_URL: 'sqlite://:memory:'", True),
        (_GIVEN.format("DATABASE_URL"), "OTHER_URL: 'postgres://a:b@db:5432/c'", "unknown"),
        (_GIVEN.format("MAIN_URL"), "MAIN_URL: 'postgres://a:b@db:5432/c'", False),
        (
            'DATABASES = {"default": dj_database_url.config()}\n',
            "DATABASE_URL: 'mysql://a:b@db/c'",
            False,
        ),
    ],
)
def test_the_address_that_a_workflow_gives_tells_it(settings: str, given: str, expected: Any) -> None:
    workflow = _WORKFLOW.format(given)
    assert _in_memory({"portal/settings.py": settings, ".github/workflows/test.yml": workflow}) == expected


@pytest.mark.parametrize("files", [{}, {"portal/settings.py": "DEBUG = False\n"}, {"portal/settings.py": "if\n"}])
def test_settings_that_set_none(files: Mapping[str, str]) -> None:
    assert not list(django_test_databases(MemoryTree({"manage.py": _MANAGE, **files})))
