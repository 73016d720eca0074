"""A tool is run as its owners run it, as far as their settings are data, and what they silence is said."""

from __future__ import annotations

import json

import pytest

from infraguard.collectors.tools.environment import VARIABLE
from infraguard.collectors.tools.findings import read_output
from infraguard.collectors.tools.run import run_tool
from infraguard.collectors.tools.settings import Settings, settings_of
from infraguard.collectors.tools.table import TOOLS
from infraguard.readers.tree import MemoryTree

PYPROJECT = '[tool.bandit]\nskips = ["B605"]\nexclude_dirs = ["tests"]\n'
SHELL = "import os\nos.system(input())\n"
TWO = "FROM python:latest\nRUN cd /tmp\n"
WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{uses: a/b@v1}]\n"
SQL = "ALTER TABLE a ADD COLUMN b int NOT NULL;\n"
BUCKET = 'resource "aws_s3_bucket" "a" {}\n'


@pytest.mark.parametrize(
    ("tool", "files", "words", "copied", "said"),
    [
        ("bandit", {}, (), (), ()),
        ("bandit", {"pyproject.toml": "[tool.ruff]\n"}, (), (), ()),
        (
            "bandit",
            {"pyproject.toml": PYPROJECT},
            ("--configfile", "pyproject.toml"),
            ("pyproject.toml",),
            ("pyproject.toml leaves out B605, tests",),
        ),
        (
            "bandit",
            {"bandit.yaml": "tests: [B602]\n"},
            ("--configfile", "bandit.yaml"),
            ("bandit.yaml",),
            ("bandit.yaml asks for B602 alone",),
        ),
        (
            "bandit",
            {".bandit": "[bandit]\nskips = B101,B605\nexclude = ./tests\noutput_file = /etc/passwd\n"},
            ("--skip", "B101,B605", "--exclude", "./tests"),
            (),
            (".bandit leaves out B101, B605, ./tests",),
        ),
        (
            "checkov",
            {".checkov.yaml": "skip-check: [CKV_AWS_18, CKV_AWS_21]\nexternal-checks-dir: [evil]\n"},
            ("--skip-check", "CKV_AWS_18,CKV_AWS_21"),
            (),
            (".checkov.yaml leaves out CKV_AWS_18, CKV_AWS_21",),
        ),
        ("checkov", {".checkov.yaml": "external-checks-git: [https://evil]\nbc-api-key: x\n"}, (), (), ()),
        (
            "hadolint",
            {".hadolint.yaml": "ignored: [DL3007]\noverride: {info: [DL3008]}\n"},
            (),
            (".hadolint.yaml",),
            (".hadolint.yaml leaves out DL3007, DL3008",),
        ),
        (
            "zizmor",
            {".github/zizmor.yml": "rules: {unpinned-uses: {disable: true}, artipacked: {ignore: [a.yml:3]}}\n"},
            (),
            (".github/zizmor.yml",),
            (".github/zizmor.yml leaves out unpinned-uses, a.yml:3",),
        ),
        (
            "squawk",
            {".squawk.toml": 'excluded_rules = ["adding-not-nullable-field"]\nexcluded_paths = ["old/*"]\n'},
            (),
            (".squawk.toml",),
            (".squawk.toml leaves out adding-not-nullable-field, old/*",),
        ),
        ("pip-audit", {"pyproject.toml": PYPROJECT}, (), (), ()),
        ("bandit", {"pyproject.toml": "[tool"}, (), (), ()),
        ("hadolint", {".hadolint.yaml": "a: [\n"}, (), (".hadolint.yaml",), ()),
        ("zizmor", {"zizmor.yml": "- a\n"}, (), ("zizmor.yml",), ()),
    ],
)
def test_what_a_tool_is_given(
    tool: str, files: dict[str, str], words: tuple[str, ...], copied: tuple[str, ...], said: tuple[str, ...]
) -> None:
    assert settings_of(tool, MemoryTree(files), ()) == Settings(words, copied, said)


@pytest.mark.parametrize(
    ("tool", "path", "text", "said"),
    [
        ("bandit", "a.py", "a()  # nosec B605 - why\nb()  #nosec\n", "2 places are marked `# nosec`, in a.py"),
        (
            "hadolint",
            "Dockerfile",
            "# hadolint ignore=DL3007\nFROM a\n",
            "1 place is marked `hadolint ignore`, in Dockerfile",
        ),
        (
            "zizmor",
            "a.yml",
            "uses: a/b@v1 # zizmor: ignore[unpinned-uses]\n",
            "1 place is marked `zizmor: ignore`, in a.yml",
        ),
        ("squawk", "a.sql", "-- squawk-ignore ban-drop-column\n", "1 place is marked `squawk-ignore`, in a.sql"),
        ("checkov", "a.tf", "#checkov:skip=CKV_AWS_18:why\n", "1 place is marked `checkov:skip`, in a.tf"),
    ],
)
def test_marks_in_files_are_counted(tool: str, path: str, text: str, said: str) -> None:
    assert settings_of(tool, MemoryTree({path: text}), (path,)).switched_off == (said,)


def test_a_long_list_is_cut() -> None:
    data = ", ".join(f'"B{number}"' for number in range(20))
    (said,) = settings_of(
        "bandit", MemoryTree({"pyproject.toml": f"[tool.bandit]\nskips = [{data}]\n"}), ()
    ).switched_off
    assert said.endswith("B7 and 12 more")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tool", "files", "settings"),
    [
        ("bandit", {"a.py": SHELL}, {"pyproject.toml": PYPROJECT}),
        ("bandit", {"a.py": SHELL}, {".bandit": "[bandit]\nskips = B605\n"}),
        ("bandit", {"tests/a.py": SHELL}, {"pyproject.toml": '[tool.bandit]\nexclude_dirs = ["tests"]\n'}),
        ("bandit", {"tests/a.py": SHELL}, {".bandit": "[bandit]\nexclude = ./tests\n"}),
        ("hadolint", {"Dockerfile": TWO}, {".hadolint.yaml": "ignored: [DL3007, DL3003]\n"}),
        (
            "zizmor",
            {".github/workflows/a.yml": WORKFLOW},
            {".github/zizmor.yml": "rules: {unpinned-uses: {disable: true}}\n"},
        ),
        (
            "squawk",
            {"a.sql": SQL},
            {".squawk.toml": 'excluded_rules = ["adding-not-nullable-field", "adding-required-field"]\n'},
        ),
        ("checkov", {"main.tf": BUCKET}, {".checkov.yaml": "skip-check: [CKV_AWS_18, CKV_AWS_21]\n"}),
    ],
)
def test_the_real_tools_mind_them(
    tool: str,
    files: dict[str, str],
    settings: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path_factory.getbasetemp() / "tools"))
    before, after = rules(tool, files), rules(tool, {**files, **settings})
    assert before - after, (before, after)


def rules(tool: str, files: dict[str, str]) -> set[str]:
    output = run_tool(TOOLS[tool], MemoryTree(files), lambda _: None)
    assert output.gaps == ()
    json.loads(output.content)
    read = read_output(tool, output.version, output.content)
    return {finding.rule for result in read.results for finding in result.findings}
