"""Python projects, and the settings that coverage.py and pytest would read in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from infraguard.collectors.repository.python.coverage_settings import coverage_settings
from infraguard.model.evidence import Evidence, GapReason, Resource
from infraguard.model.values import Unknown
from infraguard.readers.tree import DiskTree

Files = Mapping[str, str | bytes]
Collect = Callable[[Files], Evidence]
Only = Callable[[str, Files], Resource]

COVERAGE_FILES = {
    ".coveragerc": "[report]\nfail_under = 10\n",
    ".coveragerc.toml": "[report]\nfail_under = 20\n",
    "setup.cfg": "[coverage:report]\nfail_under = 30\n",
    "tox.ini": "[coverage:report]\nfail_under = 40\n",
    "pyproject.toml": "[tool.coverage.report]\nfail_under = 50\n",
}


@pytest.mark.parametrize(
    "files",
    [
        COVERAGE_FILES,
        {name: text for name, text in COVERAGE_FILES.items() if name != ".coveragerc"},
        {name: COVERAGE_FILES[name] for name in ("setup.cfg", "tox.ini", "pyproject.toml")},
        {name: COVERAGE_FILES[name] for name in ("tox.ini", "pyproject.toml")},
        {"pyproject.toml": COVERAGE_FILES["pyproject.toml"]},
        {},
        {".coveragerc": "", "pyproject.toml": COVERAGE_FILES["pyproject.toml"]},
        {".coveragerc": "[coverage:report]\nfail_under = 60\n"},
        {".coveragerc.toml": "[tool.coverage.report]\nfail_under = 61.5\n"},
        {"setup.cfg": "[report]\nfail_under = 1\n", "pyproject.toml": COVERAGE_FILES["pyproject.toml"]},
        {"setup.cfg": "[coverage:run]\nbranch = yes\n", "pyproject.toml": COVERAGE_FILES["pyproject.toml"]},
        {"pyproject.toml": "[tool.coverage]\nreport = {fail_under = '70', precision = 2}\nrun = {branch = true}\n"},
        {"tox.ini": "[coverage:report]\nfail_under: 33\nprecision=1\n[coverage:run]\nbranch = 1\n"},
    ],
)
def test_coverage_itself_reads_the_same(files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COVERAGE_RCFILE", raising=False)
    monkeypatch.chdir(tmp_path)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    reference = Coverage(data_file=None)
    ours = coverage_settings(DiskTree(tmp_path), ".").values
    assert ours.get("fail_under", 0) == reference.get_option("report:fail_under")
    assert ours.get("precision", 0) == reference.get_option("report:precision")
    assert ours.get("branch", False) == reference.get_option("run:branch")


PYPROJECT = """[project]
name = "portal"
requires-python = ">=3.11"

[tool.coverage.run]
branch = true

[tool.coverage.report]
precision = 2
fail_under = 80

[tool.pytest.ini_options]
addopts = ["--cov", "--cov-fail-under=85"]
"""


def test_a_project_says_where_each_figure_stands(only: Only) -> None:
    project = only("python_project", {"app/pyproject.toml": PYPROJECT})
    assert (project.id, project.location.file) == ("app", "app/pyproject.toml")
    assert project.attributes == {
        "path": "app",
        "name": "portal",
        "requires_python": ">=3.11",
        "coverage_branch": True,
        "coverage_precision": 2,
        "coverage_fail_under": 80.0,
        "coverage_fail_under_source": "app/pyproject.toml:10",
        "coverage_config_file": "app/pyproject.toml",
        "pytest_addopts": ["--cov", "--cov-fail-under=85"],
        "pytest_cov_fail_under": 85.0,
        "pytest_config_file": "app/pyproject.toml",
    }
    assert {key: place.line for key, place in project.places.items()} == {
        "name": 2,
        "requires_python": 3,
        "coverage_branch": 6,
        "coverage_precision": 9,
        "coverage_fail_under": 10,
        "pytest_addopts": 13,
        "pytest_cov_fail_under": 13,
    }


@pytest.mark.parametrize(
    ("files", "addopts", "file"),
    [
        ({"pytest.ini": "[pytest]\naddopts = -q 'a b'\n"}, ["-q", "a b"], "pytest.ini"),
        ({"pytest.ini": "", "pyproject.toml": "[tool.pytest.ini_options]\naddopts='-q'\n"}, [], "pytest.ini"),
        ({"pyproject.toml": "[tool.pytest]\naddopts=['-q']\n"}, ["-q"], "pyproject.toml"),
        ({"tox.ini": "[pytest]\naddopts = -q\n", "setup.cfg": "[tool:pytest]\naddopts = -v\n"}, ["-q"], "tox.ini"),
        ({"tox.ini": "[tox]\n", "setup.cfg": "[tool:pytest]\naddopts =\n  -v\n  -x\n"}, ["-v", "-x"], "setup.cfg"),
        ({"pytest.toml": "[pytest]\naddopts = ['-q']\n", "pytest.ini": "[pytest]\n"}, ["-q"], "pytest.toml"),
        ({"setup.cfg": "[metadata]\nname = x\n"}, [], None),
    ],
)
def test_options_that_pytest_adds(only: Only, files: Files, addopts: list[str], file: str | None) -> None:
    attributes = only("python_project", {"setup.py": "", **files}).attributes
    assert attributes["pytest_addopts"] == addopts
    assert attributes.get("pytest_config_file") == file


def test_projects_come_in_the_order_of_their_paths(collect: Collect) -> None:
    """Evidence that is saved twice is the same, whatever Python puts first in a set."""
    folders = [f"jobs/{letter}" for letter in "abcdefghij"]
    files = {f"{folder}/{name}": "" for folder in folders for name in ("requirements.txt", "main.py")}
    assert [each.id for each in collect(files).resources if each.kind == "python_project"] == folders


def test_a_project_inherits_pytests_settings_from_above_but_not_coverages(collect: Collect) -> None:
    files = {"pyproject.toml": PYPROJECT, "pkg/pyproject.toml": "[project]\nname = 'pkg'\n"}
    inner = next(r for r in collect(files).resources if r.id == "pkg")
    assert inner.attributes["pytest_config_file"] == "pyproject.toml"
    assert "coverage_fail_under" not in inner.attributes


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"setup.cfg": "[metadata]\nname = old\n[options]\npython_requires = >=3.8\n"}, ("old", ">=3.8")),
        ({"setup.py": "from setuptools import setup\nsetup(name='s', python_requires='>=3.7')\n"}, ("s", ">=3.7")),
        ({"pyproject.toml": "[tool.poetry]\nname='p'\n[tool.poetry.dependencies]\npython='^3.11'\n"}, ("p", "^3.11")),
        ({"pyproject.toml": "[project]\nname='n'\n", "setup.cfg": "[metadata]\nname = old\n"}, ("n", None)),
        ({"pyproject.toml": "[build-system]\n"}, (None, None)),
        ({"pyproject.toml": "project = 1\n"}, (None, None)),
    ],
)
def test_name_and_versions(only: Only, files: Files, expected: tuple[Any, Any]) -> None:
    attributes = only("python_project", files).attributes
    assert (attributes.get("name"), attributes.get("requires_python")) == expected


def test_what_setup_py_works_out_is_unknown_and_never_run(only: Only) -> None:
    text = "raise SystemExit(1)\nimport setuptools\nsetuptools.setup(name=open('x').read())\n"
    assert isinstance(only("python_project", {"setup.py": text}).attributes["name"], Unknown)


@pytest.mark.parametrize(("value", "unknown"), [("${MIN}", True), ("eighty", True), ("80", False), ("79.5", False)])
def test_a_threshold_that_is_no_number_is_unknown(only: Only, value: str, unknown: bool) -> None:
    files = {"setup.py": "", ".coveragerc": f"[report]\nfail_under = {value}\n"}
    found = only("python_project", files).attributes["coverage_fail_under"]
    assert isinstance(found, Unknown) is unknown
    assert found.remedy if isinstance(found, Unknown) else found == float(value)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("pyproject.toml", "[project\n", 1),
        ("setup.cfg", "name = x\n", 1),
        ("setup.py", "print 'x'\n", 1),
        ("pytest.ini", "[pytest]\naddopts = 'x\n", 2),
        ("tox.ini", "[coverage:report]\n[coverage:report]\n", 2),
        (".coveragerc", b"\xff", 0),
    ],
)
def test_settings_that_do_not_parse_are_a_gap_at_their_line(
    collect: Collect, name: str, text: str | bytes, line: int
) -> None:
    evidence = collect({"a/setup.cfg": "[metadata]\nname = x\n", f"a/{name}": text, "b/setup.py": ""})
    (gap,) = evidence.gaps
    assert gap.reason is GapReason.INVALID
    assert gap.kinds == ("python_project",)
    assert gap.location is not None
    assert (gap.location.file, gap.location.line) == (f"a/{name}", line)
    assert [r.id for r in evidence.resources if r.kind == "python_project"] == ["b"]
