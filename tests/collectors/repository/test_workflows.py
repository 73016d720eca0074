"""Workflows: what GitHub would make of them, without running anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infraguard.collectors.repository.actions.matrix import MAX_JOBS, combinations
from infraguard.collectors.repository.actions.triggers import triggers
from infraguard.collectors.repository.actions.workflows import KINDS as WORKFLOW_KINDS
from infraguard.model.evidence import Evidence, GapReason, Resource
from infraguard.model.values import Unknown

Files = Mapping[str, str | bytes]
Collect = Callable[[Files], Evidence]
Only = Callable[[str, Files], Resource]
PATH = ".github/workflows/w.yml"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("push", {"push": {}}),
        (["push", "pull_request"], {"push": {}, "pull_request": {}}),
        (
            {"push": {"branches": ["main"], "branches-ignore": "dev"}, "pull_request": None},
            {"push": {"branches": ["main"], "branches_ignore": ["dev"]}, "pull_request": {}},
        ),
        ({"schedule": [{"cron": "17 4 * * 1"}]}, {"schedule": ["17 4 * * 1"]}),
        (
            {"workflow_call": {"inputs": {"a": {"type": "string"}}}},
            {"workflow_call": {"inputs": {"a": {"type": "string"}}}},
        ),
    ],
)
def test_triggers_in_all_shapes(on: Any, expected: dict[str, Any]) -> None:
    assert triggers(on, PATH, 1) == expected


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ({"a": [1, 2], "b": ["x"]}, [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]),
        ({"a": [1, 2], "exclude": [{"a": 2}]}, [{"a": 1}]),
        ({"a": [1, 2], "include": [{"a": 2, "b": 3}]}, [{"a": 1}, {"a": 2, "b": 3}]),
        ({"a": [1], "include": [{"a": 5, "b": 3}]}, [{"a": 1}, {"a": 5, "b": 3}]),
        ({"a": [1, 2], "include": [{"b": 3}]}, [{"a": 1, "b": 3}, {"a": 2, "b": 3}]),
        ({"a": [1], "include": [{"b": 3}, {"a": 1, "b": 4}]}, [{"a": 1, "b": 4}]),
        ({"include": [{"a": 1}, {"a": 2}]}, [{"a": 1}, {"a": 2}]),
        ({"a": [{"k": 1}]}, [{"a": {"k": 1}}]),
        ({"a": []}, []),
    ],
)
def test_matrix_as_github_expands_it(matrix: Any, expected: list[dict[str, Any]]) -> None:
    assert combinations(matrix) == expected


def test_the_example_of_githubs_documentation_for_include() -> None:
    matrix = {
        "fruit": ["apple", "pear"],
        "animal": ["cat", "dog"],
        "include": [
            {"color": "green"},
            {"color": "pink", "animal": "cat"},
            {"fruit": "apple", "shape": "circle"},
            {"fruit": "banana"},
            {"fruit": "banana", "animal": "cat"},
        ],
    }
    assert combinations(matrix) == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


@pytest.mark.parametrize(
    "matrix",
    [
        "${{ fromJSON(needs.plan.outputs.matrix) }}",
        {"a": "${{ fromJSON('[1]') }}"},
        {"a": [1, "${{ github.ref }}"]},
        {"a": 1},
        {"a": list(range(MAX_JOBS + 1))},
        {str(axis): list(range(100)) for axis in range(100)},
    ],
    ids=["expression", "axis", "value", "no list", "too many", "explosion"],
)
def test_a_matrix_that_cannot_be_told_is_unknown_with_a_remedy(matrix: Any) -> None:
    found = combinations(matrix)
    assert isinstance(found, Unknown)
    assert found.reason
    assert found.remedy


def test_the_workflow_itself(only: Only) -> None:
    text = "name: Test\non: [push]\npermissions: {}\nenv: {A: b}\njobs: {a: {runs-on: x}}\n"
    workflow = only("workflow", {PATH: text})
    assert workflow.id == PATH
    assert workflow.attributes == {"name": "Test", "triggers": {"push": {}}, "permissions": {}, "env": {"A": "b"}}
    assert workflow.places["permissions"].line == 3


JOB = """on: push
jobs:
  test:
    name: Tests
    needs: lint
    runs-on: ${{ matrix.os }}
    environment: {name: production, url: x}
    continue-on-error: ${{ matrix.os == 'b' }}
    timeout-minutes: 5
    strategy:
      matrix: {os: [a, b], python-version: ["3.10", 3.10, "3.12"]}
    steps:
      - uses: actions/setup-python@v6
        with: {python-version: "${{ matrix.python-version }}"}
"""


def test_a_job(only: Only) -> None:
    job = only("workflow_job", {PATH: JOB})
    attributes = dict(job.attributes)
    continued = attributes.pop("continue_on_error")
    assert isinstance(continued, Unknown)
    assert continued.depends_on == ("matrix.os == 'b'",)
    assert len(attributes.pop("matrix")) == 6
    assert attributes == {
        "workflow": PATH,
        "job_id": "test",
        "events": ["push"],
        "name": "Tests",
        "needs": ["lint"],
        "runs_on": ["a", "b"],
        "environment": "production",
        "timeout_minutes": 5,
        "python_versions": ["3.10", "3.1", "3.12"],
    }
    assert job.location.line == 3
    assert job.places["runs_on"].line == 6
    assert job.references["workflow"] == (PATH,)


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ("{runs-on: x}", None),
        ("{strategy: {matrix: {python: ['3.11']}}}", ["3.11"]),
        ("{steps: [{uses: actions/setup-python@v6, with: {python-version: '3.12'}}]}", ["3.12"]),
        ('{steps: [{uses: actions/setup-python@v6, with: {python-version: "3.11\\n3.12\\n"}}]}', ["3.11", "3.12"]),
        ("{steps: [{uses: actions/setup-python@v6, with: {python-version-file: .python-version}}]}", Unknown),
        ("{steps: [{uses: actions/setup-python@v6, with: {python-version: '${{ env.P }}'}}]}", Unknown),
        ("{steps: [{uses: actions/setup-python@v6}]}", None),
    ],
)
def test_python_versions_of_a_job(only: Only, job: str, expected: Any) -> None:
    found = only("workflow_job", {PATH: f"on: push\njobs: {{t: {job}}}\n"}).attributes.get("python_versions")
    if expected is Unknown:
        assert isinstance(found, Unknown)
        assert found.remedy
    else:
        assert found == expected


STEPS = """on: push
env: {A: workflow, B: workflow}
defaults: {run: {shell: bash, working-directory: app}}
jobs:
  test:
    env: {B: job, C: job}
    steps:
      - uses: actions/checkout@abc
        with: {persist-credentials: false}
      - name: Run
        env: {C: step}
        if: always()
        continue-on-error: true
        run: |
          set -x
          uv run pytest | tee log
      - id: ps
        run: Write-Host hi
        shell: pwsh
      - run: echo "unterminated
      - run: make
      - run: make
"""


def test_steps(collect: Collect) -> None:
    evidence = collect({PATH: STEPS})
    steps = [resource for resource in evidence.resources if resource.kind == "workflow_step"]
    assert [step.id.partition("#")[2] for step in steps] == [
        "test/actions/checkout",
        "test/Run",
        "test/ps",
        'test/echo "unterminated',
        "test/make",
        "test/make (2)",
    ]
    checkout, run, powershell, broken, *_ = (step.attributes for step in steps)
    assert (checkout["uses"], checkout["with"]) == ("actions/checkout@abc", {"persist-credentials": False})
    assert "commands" not in checkout
    assert run["variables"] == {"A": "workflow", "B": "job", "C": "step"}
    assert (run["shell"], run["working_directory"], run["if"]) == ("bash", "app", "always()")
    assert run["continue_on_error"] is True
    assert run["programs"] == ["set", "uv", "pytest", "tee"]
    assert run["commands"][1] == {"words": ["uv", "run", "pytest"], "line": 2, "ignored": False}
    assert isinstance(powershell["commands"], Unknown)
    assert isinstance(powershell["programs"], Unknown)
    assert "line 1" in broken["commands"].reason
    assert steps[1].references == {"workflow": (PATH,), "job": (f"{PATH}#test",)}
    assert steps[1].places["run"].line == 14


@pytest.mark.parametrize(
    ("shell", "ignored"),
    [("", [True, False]), ("bash", [False, False]), ("sh", [True, False]), ("bash {0}", [True, True])],
)
def test_the_shell_decides_whether_a_pipe_swallows_a_failure(only: Only, shell: str, ignored: list[bool]) -> None:
    text = f"on: push\njobs: {{t: {{steps: [{{run: 'test | tee log; true', shell: '{shell}'}}]}}}}\n"
    commands = only("workflow_step", {PATH: text}).attributes["commands"]
    assert [command["ignored"] for command in commands][:2] == ignored


@pytest.mark.parametrize(
    ("text", "line", "detail"),
    [
        ("- a\n", 1, "a workflow must be a mapping"),
        ("on: push\njobs: [a]\n", 2, "`jobs` must be a mapping"),
        ("jobs: {}\n", 1, "without `on`"),
        ("on: 5\njobs: {a: {}}\n", 1, "`on` must be"),
        ("on: push\njobs:\n  a: x\n", 3, "the job 'a' must be a mapping"),
        ("on: push\njobs:\n  a:\n    steps: {b: c}\n", 4, "`steps` must be a list"),
        ("on: push\njobs:\n\ta: {}\n", 3, "token"),
        ("on: push\non: pull_request\njobs: {a: {}}\n", 2, "'on' stands twice"),
        ("on: push\nenv: {A: 1}\nenv: {A: 2}\njobs: {a: {}}\n", 3, "'A' stands twice"),
        (b"on: push\njobs: {a: \xff}\n", 0, "line 2 is not UTF-8"),
        (b"\0\0", 0, "binary"),
    ],
)
def test_a_bad_workflow_is_a_gap_and_the_rest_is_read(
    collect: Collect, text: str | bytes, line: int, detail: str
) -> None:
    evidence = collect({PATH: text, ".github/workflows/good.yaml": "on: push\njobs: {a: {runs-on: x}}\n"})
    (gap,) = evidence.gaps
    assert detail in gap.detail
    assert gap.reason is GapReason.INVALID
    assert gap.remedy
    assert gap.location is not None
    assert (gap.location.file, gap.location.line) == (PATH, line)
    assert gap.kinds == WORKFLOW_KINDS
    assert [r.id for r in evidence.resources if r.kind == "workflow"] == [".github/workflows/good.yaml"]


def test_a_workflow_that_github_refuses_is_read_and_starts_on_nothing(collect: Collect) -> None:
    text = "on: push\nenv: {A: 1}\nenv: {A: 1, B: 2}\njobs: {a: {runs-on: x, runs-on: x, steps: [{run: pytest}]}}\n"
    evidence = collect({PATH: text})
    workflow, job = (next(r for r in evidence.resources if r.kind == kind) for kind in ("workflow", "workflow_job"))
    assert not [gap for gap in evidence.gaps if gap.scope == PATH]
    assert (workflow.attributes["triggers"], job.attributes["events"]) == ({}, [])
    assert workflow.attributes["env"].keys() == {"A", "B"}


@pytest.mark.parametrize("text", ["", "# later\n", "on: push\n", "on: push\njobs:\n", "on: push\njobs: {}\n"])
def test_a_workflow_without_jobs_runs_nothing_and_hides_nothing(collect: Collect, text: str) -> None:
    evidence = collect({PATH: text, ".github/workflows/good.yaml": "on: push\njobs: {a: {runs-on: x}}\n"})
    assert evidence.gaps == ()
    assert [r.id for r in evidence.resources if r.kind == "workflow"] == [".github/workflows/good.yaml"]


def test_only_files_that_github_reads_are_workflows(collect: Collect) -> None:
    text = "on: push\njobs: {a: {runs-on: x}}\n"
    paths = [".github/workflows/sub/a.yml", "app/.github/workflows/a.yml", ".github/workflows/a.txt", ".github/a.yml"]
    assert "workflow" not in {resource.kind for resource in collect(dict.fromkeys(paths, text)).resources}
