"""Asking `terraform console`, and the table of its answers.

`python -m tests.terraform.console [FILE]` records `console.json` anew, and adds the expressions of a file, one a line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infraguard.model.values import Value
from tests.terraform.planning import SETTINGS
from tests.tools import TERRAFORM, tool

TABLE = Path(__file__).with_name("console.json")
#: An expression with its value, or alone where Terraform reports an error.
Answer = list[Value]


def answers() -> list[Answer]:
    """The table as it was recorded."""
    table: list[Answer] = json.loads(TABLE.read_text("utf-8"))
    return table


def ask(expressions: Iterable[str]) -> list[Answer]:
    """What Terraform answers to each expression, as `jsonencode` writes it. Infinity is an error there."""
    program = tool("terraform", "install Terraform 1.10 or newer", TERRAFORM)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda expression: _asked(program, expression), expressions))


def _asked(program: str, expression: str) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "terraform.tfrc")
        settings.write_text(SETTINGS, "utf-8")
        done = subprocess.run(
            [program, "console"],
            cwd=folder,
            env={**os.environ, "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"},
            input=f"jsonencode({expression})\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    if done.returncode != 0:
        return [expression]
    if not done.stdout.startswith('"'):
        raise ValueError(f"the console gives no value for {expression}: {done.stdout!r}")
    return [expression, json.loads(json.loads(done.stdout.replace("$${", "${").replace("%%{", "%{")))]


def main() -> None:
    more = Path(sys.argv[1]).read_text("utf-8").splitlines() if len(sys.argv) > 1 else []
    wanted = dict.fromkeys([*(answer[0] for answer in answers()), *(line for line in more if line.strip())])
    lines = (json.dumps(answer) for answer in ask(wanted))
    TABLE.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


if __name__ == "__main__":
    main()
