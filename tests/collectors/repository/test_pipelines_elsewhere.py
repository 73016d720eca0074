"""Pipelines of systems that are not read: what they may run is unknown, never missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from infraguard.model.evidence import Evidence, GapReason
from infraguard.model.values import Unknown

Files = Mapping[str, str | bytes]
Collect = Callable[[Files], Evidence]
WORKFLOW = "on: push\njobs:\n  t:\n    steps:\n      - run: pytest --cov\n"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".gitlab-ci.yml", "test: {script: [make, pytest --cov --cov-fail-under=90]}\n"),
        (".circleci/config.yml", "jobs: {test: {steps: [run: ./ci.sh, run: pytest]}}\n"),
        ("Jenkinsfile", "stage('x') { sh 'tox -e tests' }\n"),
        ("services/api/Jenkinsfile", "@Library('shared')\nsh 'pytest && bandit -r .'\n"),
        ("azure-pipelines.yml", "extends: {template: x}\nsteps: [script: pytest]\n"),
        ("Jenkinsfile", b"\xff\0"),
    ],
)
def test_a_pipeline_that_may_run_the_tests_is_a_gap(collect: Collect, path: str, content: str | bytes) -> None:
    (gap,) = collect({path: content}).gaps
    assert (gap.scope, gap.reason, gap.kinds) == (path, GapReason.UNSUPPORTED, ("test_command", "tool_run"))
    assert gap.remedy


def test_what_no_word_of_a_pipeline_leads_to_is_not_run(collect: Collect) -> None:
    content = "phases: {build: {commands: [pip install -r requirements.txt, pytest app/tests -v, docker build .]}}\n"
    evidence = collect({"app/buildspec.yml": content})
    assert evidence.gaps == ()
    (tests,) = (each for each in evidence.resources if each.kind in ("test_command", "tool_run"))
    assert tests.attributes["measures_coverage"] is False
    assert isinstance(tests.attributes["python_versions"], Unknown)


def test_what_words_of_a_pipeline_lead_to_is_open(collect: Collect) -> None:
    files = {
        ".circleci/config.yml": "jobs: {t: {docker: [image: 'cimg/python:3.10.16'], steps: [run: make test check]}}\n",
        "Makefile": "test:\n\tpytest\ncheck:\n\tblack --check .\n\tpylint app\n",
    }
    evidence = collect(files)
    found = {each.id.rpartition("/")[2]: each.attributes for each in evidence.resources if each.kind == "tool_run"}
    assert set(found) == {"black", "pylint"}
    assert all(isinstance(each[fact], Unknown) for each in found.values() for fact in ("ignored_failure", "pushes"))
    (tests,) = (each for each in evidence.resources if each.kind == "test_command")
    assert tests.attributes["python_versions"] == ["3.10"]


def test_words_of_coverage_leave_the_tests_open(collect: Collect) -> None:
    evidence = collect(
        {".taskcluster.yml": "command: tox\n", "tox.ini": "commands = pytest --cov\n", "taskcluster/x.yml": "test: {}"}
    )
    assert [gap.kinds for gap in evidence.gaps] == [("test_command",)]


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
