"""The wall-clock budget of reading an account."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self


class Deadline:
    """The time that is left. Leaving it as a context ends it, so that calls still under way are not tried again."""

    def __init__(self, budget: float) -> None:
        self._budget = budget
        self._end = time.monotonic() + budget

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end = 0.0

    def check(self) -> None:
        """Raise `OutOfTime`, an error of botocore's family, once the time is up."""
        if time.monotonic() >= self._end:
            raise _out_of_time(self._budget)


def _out_of_time(budget: float) -> Exception:
    from botocore.exceptions import BotoCoreError

    class OutOfTime(BotoCoreError):
        """A call that the budget has left no time for."""

        fmt = "the scan's budget of {budget:g} seconds is spent"

    return OutOfTime(budget=budget)
