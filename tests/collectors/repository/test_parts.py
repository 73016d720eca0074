"""The parts of a repository with several projects, and which of them a command of a workflow is for."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.nature.parts import parts, parts_of, without_left_out
from infraguard.collectors.repository.python.left_out import LeftOut, chosen
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree

SERVICES = {
    "services/api/pyproject.toml": "",
    "services/api/src/api/app.py": "",
    "services/api/tests/test_app.py": "",
    "services/web/requirements.txt": "",
    "services/web/app.py": "",
    "docs/requirements.txt": "",
    "examples/one/pyproject.toml": "",
    "examples/one/app.py": "",
    "tests/test_all.py": "",
}
API, WEB = "services/api", "services/web"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"pyproject.toml": "", "src/app.py": "", "docs/conf.py": ""}, ()),
        ({"pyproject.toml": "", "src/app.py": "", "lib/pyproject.toml": "", "lib/a.py": ""}, (".", "lib")),
        (
            {"pyproject.toml": "", "lib/pyproject.toml": "", "lib/a.py": "", "b/setup.py": "", "b/b.py": ""},
            ("b", "lib"),
        ),
        ({"a/pyproject.toml": "", "a/a.py": "", "b/pyproject.toml": "", "b/test_b.py": ""}, ()),
        ({"main.tf": ""}, ()),
        ({"main.tf": "", **{f"{name}/setup.py": "" for name in "ab"}, "a/a.py": "", "b/b.py": ""}, ("a", "b")),
        ({**SERVICES, "infra/lambda.tf": "", "infra/purge/requirements.txt": "", "infra/purge/a.py": ""}, (API, WEB)),
        (SERVICES, (API, WEB)),
    ],
)
def test_a_part_is_a_project_with_code_of_its_own_beside_others(files: dict[str, str], found: tuple[str, ...]) -> None:
    assert sorted(parts(MemoryTree(files))) == sorted(found)


@pytest.mark.parametrize(
    ("folder", "command", "found"),
    [
        (".", "ruff check", [API, WEB]),
        (".", "ruff check .", [API, WEB]),
        (".", "ruff check services", [API, WEB]),
        (".", "ruff check services/api", [API]),
        (".", "ruff check services/api/src services/web/app.py", [API, WEB]),
        (".", "mypy --config-file=services/api/mypy.ini services/web", [WEB]),
        (".", "mypy --config-file services/api/pyproject.toml services/web", [WEB]),
        (".", "pytest tests", []),
        ("services/api", "ruff check", [API]),
        ("services/api", "ruff check src", [API]),
        ("services/api", "ruff check ../web", [WEB]),
        (".", "pip-audit -r services/web/requirements.txt", [WEB]),
        (".", "mypy services/api $MORE", [API]),
    ],
)
def test_a_command_is_for_the_parts_that_it_is_given_or_stands_in(folder: str, command: str, found: list[str]) -> None:
    seen = parts_of(MemoryTree(SERVICES), folder, command.split())
    assert isinstance(seen, list)
    assert sorted(seen) == sorted(found)


def test_what_only_a_run_tells_is_unknown() -> None:
    seen = parts_of(MemoryTree(SERVICES), ".", ["mypy", "$PART"])
    assert isinstance(seen, Unknown)
    assert seen.depends_on == ("$PART",)


def test_a_single_project_has_no_parts_to_tell_of() -> None:
    assert parts_of(MemoryTree({"pyproject.toml": "", "app.py": ""}), ".", ["mypy", "."]) is None


TWO = {**SERVICES, "services/web/pyproject.toml": ""}
RUFF = "[tool.ruff]\nextend-exclude = [%s]\n"
BANDIT = "[tool.bandit]\nexclude_dirs = ['%s']\n"


@pytest.mark.parametrize(
    ("files", "command", "found"),
    [
        ({}, "ruff check .", [API, WEB]),
        ({"pyproject.toml": RUFF % '"services/web"'}, "ruff check .", [API]),
        ({"pyproject.toml": RUFF % '"web"'}, "ruff check .", [API]),
        ({"pyproject.toml": RUFF % '"services/web/**"'}, "ruff check .", [API]),
        ({"pyproject.toml": RUFF % '"**/migrations"'}, "ruff check .", [API, WEB]),
        ({"ruff.toml": 'exclude = ["*.py"]'}, "ruff format --check", []),
        ({"pyproject.toml": RUFF % '"services/web"'}, "ruff check services/web", [WEB]),
        ({"pyproject.toml": RUFF % '"services/web"'}, "ruff check --force-exclude services/web", []),
        ({"pyproject.toml": RUFF % '"web"', "services/web/ruff.toml": ""}, "ruff check .", [API, WEB]),
        ({}, "ruff check . --extend-exclude services/web", [API]),
        ({"mypy.ini": "[mypy]\nexclude = ^services/web/\n"}, "mypy .", [API]),
        ({"mypy.ini": "[mypy]\nexclude = ^services/web/tests/\n"}, "mypy .", [API, WEB]),
        ({"pyproject.toml": "[tool.mypy]\nexclude = ['web/.*\\.py$']\n"}, "mypy .", [API]),
        ({"setup.cfg": "[mypy]\nexclude = services/(web|api)/\n"}, "mypy .", []),
        ({"other.ini": "[mypy]\nexclude = web\n"}, "mypy --config-file other.ini .", [API]),
        ({"mypy.ini": "not a setting", "setup.cfg": "[mypy]\nexclude = web\n"}, "mypy .", [API, WEB]),
        (
            {"pyproject.toml": "[tool.black]\nextend-exclude = '''\n/(\n  | web\n  | x\n)/\n'''\n"},
            "black --check .",
            [API],
        ),
        ({"setup.cfg": "[isort]\nskip = services/web, build\n"}, "isort --check .", [API]),
        ({".isort.cfg": "[settings]\nskip_glob = services/web/*\n"}, "isort --check .", [API]),
        ({"pylintrc": "[MASTER]\nignore = web\n"}, "pylint services", [API]),
        ({"pyproject.toml": "[tool.pylint.main]\nignore-paths = ['^services/web/.*$']\n"}, "pylint services", [API]),
        ({"pyproject.toml": "[tool.bandit]\nexclude_dirs = ['services']\n"}, "bandit -r .", [API, WEB]),
        ({"pyproject.toml": BANDIT % "services/web"}, "bandit -c pyproject.toml -r .", [API]),
        ({"pyproject.toml": BANDIT % "services/web/tests"}, "bandit -c pyproject.toml -r .", [API, WEB]),
        ({"bandit.yaml": "exclude_dirs: ['services/web']\n"}, "bandit -c bandit.yaml -r services", [API]),
        ({"bandit.yaml": "exclude_dirs: [\n"}, "bandit -c bandit.yaml -r services", [API, WEB]),
        ({".bandit": "[bandit]\nexclude = ./services/web,./build\n"}, "bandit -r .", [API]),
        ({".bandit": "[bandit]\nexclude = ./services/web\n"}, "bandit -r . -x ./services/api", [WEB]),
        ({}, "bandit -r services -x services/web", [API]),
        ({}, "bandit -r . -x services/web", [API, WEB]),  # it calls them ./services/web, where that is not found
        ({}, "bandit -r . --exclude=./services/web,./services/api", []),
        ({}, "bandit -r . -x */web/*", [API]),
    ],
)
def test_a_part_that_the_settings_of_a_tool_leave_out_is_not_looked_at(
    files: dict[str, str], command: str, found: list[str]
) -> None:
    words = command.split()
    tool = "ruff-format" if "format" in words else words[0]
    tree = MemoryTree({**TWO, **files})
    given = parts_of(tree, ".", words)
    assert isinstance(given, list)
    assert without_left_out(tree, tool, ".", words, sorted(given)) == found


def test_an_expression_that_is_not_worked_out_leaves_it_open() -> None:
    tree = MemoryTree({**TWO, "mypy.ini": "[mypy]\nexclude = (web/|api/)+\n"})
    seen = without_left_out(tree, "mypy", ".", ["mypy", "."], [API, WEB])
    assert isinstance(seen, Unknown)
    assert seen.depends_on == ("mypy.ini",)


@pytest.mark.parametrize(
    ("text", "found"), [("(a+)+$", None), ("a*b*c*d*", None), ("[", None), ("^x", False), ("web", True)]
)
def test_an_expression_of_a_repository_takes_no_time(text: str, found: bool | None) -> None:
    assert LeftOut("regex", text, ".", "mypy.ini").holds("services/web/app.py") is found


@pytest.mark.parametrize(
    ("settings", "command", "found"),
    [
        ("[mypy]\nfiles = services/api, scripts/*.py\n", "mypy", ["services/api", "scripts"]),
        ("[mypy]\nfiles = services/api\n", "mypy -p web", []),
        ("[mypy]\n", "mypy", []),
    ],
)
def test_settings_choose_what_a_run_looks_at_that_names_nothing(settings: str, command: str, found: list[str]) -> None:
    tree = MemoryTree({**TWO, "mypy.ini": settings})
    assert chosen(tree, "mypy", ".", command.split()) == found
    seen = parts_of(tree, ".", command.split(), chosen=found)
    assert seen == ([API] if found else [API, WEB])
