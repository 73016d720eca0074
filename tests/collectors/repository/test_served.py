"""The web applications of a repository, what runs with each, and which of them a set-up is for."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.application import family
from infraguard.collectors.repository.nature.served import served
from infraguard.collectors.repository.python.imports import imports_of
from infraguard.collectors.repository.python.reach import import_graph, reached_from
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
BASIC = "import logging\nlogging.basicConfig()\n"


def _tree(files: dict[str, str]) -> MemoryTree:
    return MemoryTree({path: text.encode() for path, text in files.items()})


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"main.py": FASTAPI}, ["main.py"]),
        ({"main.py": "x = 1\n"}, []),
        ({"tests/app.py": FASTAPI}, []),
        ({"app.py": f"import sub\n{FASTAPI}", "sub.py": FASTAPI}, ["app.py"]),
        (
            {"a/setup.py": "", "a/app.py": FASTAPI, "b/requirements.txt": "", "b/app.py": FASTAPI},
            ["a/app.py", "b/app.py"],
        ),
        ({"app.py": FASTAPI, "old.py": FASTAPI, "Dockerfile": 'CMD ["uvicorn", "app:app"]\n'}, ["app.py"]),
        ({"app.py": FASTAPI, "old.py": FASTAPI}, []),
        ({"app.py": FASTAPI, "build/lib/app.py": FASTAPI}, ["app.py"]),
        (
            {
                "web/manage.py": "",
                "web/site/wsgi.py": "from django.core.wsgi import get_wsgi_application\nx = get_wsgi_application()\n",
                "web/site/asgi.py": "from django.core.asgi import get_asgi_application\nx = get_asgi_application()\n",
                "web/site/settings.py": 'ROOT_URLCONF = "site.urls"\n',
            },
            ["web/site/asgi.py"],
        ),
    ],
)
def test_applications_that_are_served(files: dict[str, str], found: list[str]) -> None:
    assert sorted(each.path for each in served(_tree(files))) == found


def test_a_program_comes_to_all_that_it_imports_in_one_statement() -> None:
    text = "import a, b.c as d; x = 1\nfrom .e import (\n    f,  # (one)\n    g as h,\n)\nfrom . import *\n"
    files = {"p/main.py": text, **dict.fromkeys(("p/a.py", "b/c.py", "p/e/f.py", "p/e/g.py", "p/__init__.py"), "")}
    assert set(imports_of(_tree(files), "p/main.py")) == files.keys() - {"p/main.py"}


@pytest.mark.parametrize(
    ("files", "reached"),
    [
        ({"app.py": "import a.b\n", "a/__init__.py": "", "a/b.py": "", "a/c.py": ""}, {"a/__init__.py", "a/b.py"}),
        (
            {"app.py": "from a import (  # all\n    b,\n    c as d,\n)\n", "a/b.py": "", "a/c.py": ""},
            {"a/b.py", "a/c.py"},
        ),
        (
            {"app.py": "from a import (\n    b,  # (all of it\n    c,\n)\n", "a/b.py": "", "a/c.py": ""},
            {"a/b.py", "a/c.py"},
        ),
        ({"app.py": "import a\n", "a/__init__.py": "from .b import x\n", "a/b.py": ""}, {"a/__init__.py", "a/b.py"}),
        ({"app.py": "import logging\n", "core/logging.py": ""}, set()),
        ({"app.py": "import core.logging\n", "core/logging.py": ""}, {"core/logging.py"}),
        ({"app.py": "import log\n", "pkg/__init__.py": "", "pkg/log.py": ""}, set()),
        ({"app.py": "import shared.log\n", "libs/shared/src/shared/log.py": ""}, {"libs/shared/src/shared/log.py"}),
        ({"app.py": "import log\n", "log.py": "", "other/log.py": ""}, {"log.py"}),
        ({"app.py": 'run("pkg.main:app")\n', "pkg/main.py": ""}, {"pkg/main.py"}),
        ({"app.py": 'mount(target="src/chat.py")\n', "src/chat.py": ""}, {"src/chat.py"}),
        ({"app.py": "import a\n", "a.py": "import app\n"}, {"a.py"}),
    ],
)
def test_what_a_module_comes_to(files: dict[str, str], reached: set[str]) -> None:
    tree = _tree(files)

    assert reached_from(import_graph(tree), "app.py") == {"app.py", *reached}


def _whose(files: dict[str, str]) -> object:
    setups = [each for each in family.FAMILY.read(_tree(files)).resources if each.kind == "log_setup"]
    return setups[0].attributes.get("applications", "not told")


@pytest.mark.parametrize(
    ("files", "whose"),
    [
        ({"log.py": BASIC}, "not told"),
        ({"app.py": f"import log\n{FASTAPI}", "log.py": BASIC}, ["app.py"]),
        ({"app.py": FASTAPI, "log.py": BASIC}, ["app.py"]),
        ({"app.py": FASTAPI, "run.py": f"import app\n{BASIC}"}, ["app.py"]),
        ({"app.py": FASTAPI, "log.py": BASIC, "worker.py": "import log\n"}, []),
        ({"app.py": FASTAPI, "purge.py": f'{BASIC}if __name__ == "__main__":\n    main()\n'}, []),
        ({"app.py": FASTAPI, "purge.py": f"{BASIC}def handler(event: dict, context):\n    pass\n"}, []),
        (
            {"a/setup.py": "", "a/app.py": FASTAPI, "b/setup.py": "", "b/app.py": FASTAPI, "b/log.py": BASIC},
            ["b/app.py"],
        ),
        (
            {
                "app.py": "from fastapi import FastAPI\n\ndef make():\n    set_up()\n    return FastAPI()\n\n"
                "import logging\n\ndef set_up():\n    logging.basicConfig()\n",
                "other.py": "from app import make\n",
            },
            ["app.py"],
        ),
    ],
)
def test_whose_a_set_up_is(files: dict[str, str], whose: object) -> None:
    assert _whose(files) == whose


def test_what_only_a_run_imports_is_unknown() -> None:
    loads = f"from importlib import import_module\n{FASTAPI}import_module(name)\n"
    whose = _whose({"app.py": loads, "plugin.py": BASIC, "worker.py": "import plugin\n"})

    assert isinstance(whose, Unknown)
    assert "imported by a name that only a run tells" in whose.reason
