"""Reading that may be refused, as a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from infraguard.model.errors import SyntaxProblem

_Result = TypeVar("_Result")


def attempt(read: Callable[[], _Result]) -> _Result | SyntaxProblem:
    """What reading gives, or the problem it raises; anything else that is raised fails the test."""
    try:
        return read()
    except SyntaxProblem as problem:
        return problem
