"""The AWS command line as a function: one call, its answer as data.

The scripts of this folder need nothing but Python and the `aws` program, which GitHub's runners
and most machines of operators have, so that a deployment or a rollback never waits for packages
to be installed.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from typing import Any

#: Calls one operation of a service: ("ecs", "describe-services", {"cluster": "…"}) to the answer.
Aws = Callable[[str, str, "dict[str, Any]"], "dict[str, Any]"]


class ScriptError(Exception):
    """What went wrong, in a sentence for whoever reads the log."""


def aws(service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Call AWS in the region and with the credentials of the environment."""
    command = ["aws", service, operation, "--output", "json"]
    # No shell reads this: the program and its arguments go to it as they are.
    done = subprocess.run(  # noqa: S603
        [*command, "--cli-input-json", json.dumps(parameters)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "AWS_PAGER": ""},
    )
    if done.returncode != 0:
        raise ScriptError(
            f"aws {service} {operation}: {done.stderr.strip() or 'no reason was given'}"
        )
    answer: dict[str, Any] = json.loads(done.stdout or "{}")
    return answer
