"""The wall-clock budget of reading an account."""

from __future__ import annotations

import time
from collections.abc import Callable


def deadline(budget: float, clock: Callable[[], float] = time.monotonic) -> Callable[[], None]:
    """A function that raises `OutOfTime`, an error of botocore's family, once `budget` seconds have passed."""
    end = clock() + budget

    def check() -> None:
        if clock() >= end:
            raise _out_of_time(budget)

    return check


def _out_of_time(budget: float) -> Exception:
    from botocore.exceptions import BotoCoreError

    class OutOfTime(BotoCoreError):
        """A call that the budget has left no time for."""

        fmt = "the scan's budget of {budget:g} seconds is spent"

    return OutOfTime(budget=budget)
