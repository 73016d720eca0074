"""Scripts whose first argument names the function that runs, as `./run test`."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.suites.runners.dispatched import dispatched

RUN = """#!/usr/bin/env bash
set -e

function check {
    fmt:python --check
    pytest
}

fmt:python() {
    black "$@" .
}

function push {
    docker push registry.example/app
}

time "${@}"
"""


def test_only_what_the_named_function_comes_to_is_run() -> None:
    found = dispatched(RUN, ["check"])
    assert "pytest" in found
    assert "black" in found
    assert "docker push" not in found


@pytest.mark.parametrize(
    ("text", "arguments"),
    [(RUN, []), (RUN, ["no-function"]), (RUN.replace('time "${@}"', "check"), ["push"])],
    ids=["no argument", "no such function", "no line that hands the argument on"],
)
def test_otherwise_all_of_it_may_run(text: str, arguments: list[str]) -> None:
    assert dispatched(text, arguments) == text


def test_what_a_default_names_runs_too() -> None:
    assert "docker push" in dispatched(RUN.replace('"${@}"', '"${@:-push}"'), ["push"])
