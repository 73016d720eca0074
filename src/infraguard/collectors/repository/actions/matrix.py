"""The combinations of a job's matrix, and expressions over them."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable
from typing import Any

from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

#: GitHub runs no more jobs from one matrix.
MAX_JOBS = 256
EXPRESSION = pattern(r"\$\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_OF_MATRIX = pattern(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}\Z")


def combinations(matrix: Any) -> list[dict[str, Any]] | Unknown:
    """What each job of the matrix gets, after `exclude` and `include`, by GitHub's rules for both.

    Unknown when a part of it is an expression that only a run can tell.
    """
    if has_expression(matrix):
        return decided_at_run_time(matrix)
    axes = {key: value for key, value in matrix.items() if key not in ("include", "exclude")}
    if not all(isinstance(values, list) for values in axes.values()):
        return Unknown("an axis of the matrix is not a list", remedy="give each axis of the matrix as a list")
    if math.prod(len(values) for values in axes.values()) > MAX_JOBS:
        return Unknown(f"the matrix has more than {MAX_JOBS} jobs", remedy="GitHub refuses it: make the matrix smaller")
    found = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())] if axes else []
    found = [job for job in found if not any(_matches(job, rule) for rule in _rules(matrix, "exclude"))]
    return _with_included(found, _rules(matrix, "include"), frozenset(axes))


def _with_included(
    jobs: list[dict[str, Any]], included: Iterable[dict[str, Any]], axes: frozenset[str]
) -> list[dict[str, Any]]:
    """An `include` extends the jobs whose axes it agrees with; one that agrees with none is a job of its own."""
    extended = [dict(job) for job in jobs]
    added: list[dict[str, Any]] = []
    for extra in included:
        fitting = [job for job in extended if all(job[key] == value for key, value in extra.items() if key in axes)]
        for job in fitting:
            job.update(extra)
        if not fitting:
            added.append(extra)
    return extended + added


def _rules(matrix: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rules = matrix.get(key)
    return [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def _matches(job: dict[str, Any], rule: dict[str, Any]) -> bool:
    return all(key in job and job[key] == value for key, value in rule.items())


def has_expression(value: Any) -> bool:
    """Whether any text in it, at any depth, is to be worked out by GitHub when the job runs."""
    if isinstance(value, dict):
        return any(has_expression(item) for item in value.values())
    if isinstance(value, list):
        return any(has_expression(item) for item in value)
    return isinstance(value, str) and "${{" in value


def decided_at_run_time(value: Any) -> Unknown:
    """The value of something with an expression in it; `depends_on` has the expressions."""
    names = tuple(dict.fromkeys(match[1] for match in EXPRESSION.finditer(str(value))))
    return Unknown(
        "decided when the workflow runs",
        depends_on=names,
        remedy="write the value in the workflow, or judge the run instead of the file",
    )


def values_of(value: Any, jobs: list[dict[str, Any]] | Unknown) -> list[Any] | Unknown:
    """The values that a text takes over the jobs of the matrix, each once: one without an expression."""
    if not has_expression(value):
        return [value]
    match = _OF_MATRIX.match(value) if isinstance(value, str) else None
    if match is None or isinstance(jobs, Unknown):
        return decided_at_run_time(value)
    taken = [job[match[1]] for job in jobs if match[1] in job]
    return [item for index, item in enumerate(taken) if item not in taken[:index]]
