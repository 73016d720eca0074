"""Pipelines of systems that are not read: what they may run is unknown, never missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from infraguard.model.evidence import Evidence, GapReason

Files = Mapping[str, str | bytes]
Collect = Callable[[Files], Evidence]
WORKFLOW = "on: push\njobs:\n  t:\n    steps:\n      - run: pytest --cov\n"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".gitlab-ci.yml", "test: {script: [make, pytest --cov --cov-fail-under=90]}\n"),
        (".circleci/config.yml", "jobs: {test: {steps: [run: ./ci.sh, run: pytest]}}\n"),
        ("Jenkinsfile", "stage('x') { sh 'tox -e tests' }\n"),
        ("services/api/Jenkinsfile", "sh 'pytest && bandit -r .'\n"),
        ("azure-pipelines.yml", "extends: {template: x}\nsteps: [script: pytest]\n"),
        ("Jenkinsfile", b"\xff\0"),
    ],
)
def test_a_pipeline_that_may_run_the_tests_is_a_gap(collect: Collect, path: str, content: str | bytes) -> None:
    (gap,) = collect({path: content}).gaps
    assert (gap.scope, gap.reason, gap.kinds) == (path, GapReason.UNSUPPORTED, ("test_command", "tool_run"))
    assert gap.remedy


def test_a_pipeline_that_leads_to_no_tool_leaves_only_the_tests_open(collect: Collect) -> None:
    content = "phases: {build: {commands: [pip install -r requirements.txt, pytest app/tests -v, docker build .]}}\n"
    (gap,) = collect({"app/buildspec.yml": content}).gaps
    assert gap.kinds == ("test_command",)


@pytest.mark.parametrize(
    "files",
    [
        {".gitlab-ci.yml": "build: {script: [docker build .]}\n"},
        {"docs/.gitlab-ci.yml": "test: {script: [pytest]}\n"},
        {".gitlab-ci.yml": "test: {script: [pytest]}\n", ".github/workflows/t.yml": WORKFLOW},
    ],
)
def test_what_decides_nothing_is_no_gap(collect: Collect, files: Files) -> None:
    assert collect(files).gaps == ()
