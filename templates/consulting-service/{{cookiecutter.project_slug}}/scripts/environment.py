"""One environment of the service: how the scripts reach it, wait for it and say what they do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aws_cli import Aws, ScriptError, aws

PROJECT = "{{ cookiecutter.project_slug }}"
#: Seconds between two looks at the same thing.
PAUSE = 15


@dataclass(frozen=True)
class Environment:
    """One environment. Tests put something else in the place of AWS, the clock and the log."""

    name: str
    call: Aws = aws
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    say: Callable[[str], None] = field(default=lambda text: print(text, flush=True))

    @property
    def cluster(self) -> str:
        """The ECS cluster of the environment, and the prefix of everything else in it."""
        return f"{PROJECT}-{self.name}"

    def wait(self, what: str, seconds: float, done: Callable[[], bool]) -> None:
        """Wait for something, and fail when it takes too long."""
        end = self.now() + seconds
        while not done():
            if self.now() >= end:
                raise ScriptError(f"waited {seconds:.0f} seconds for {what}")
            self.sleep(PAUSE)
