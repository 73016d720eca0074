"""The parts of a repository with several projects, and which of them a command of a workflow is for."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.nature.parts import parts, parts_of
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
