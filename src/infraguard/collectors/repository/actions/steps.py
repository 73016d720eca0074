"""What a step of a workflow does: its action, or the commands of its script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from infraguard.collectors.repository.actions.jobs import literal
from infraguard.collectors.repository.secrets.masking import without_secrets
from infraguard.collectors.repository.suites.programs import programs_of
from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.shell_outcome import outcomes

_AS_WRITTEN = ("id", "name", "uses", "with", "run", "env", "if", "timeout-minutes")
_POSIX = pattern(r"(?:\S*/)?(?:ba|da|k|z)?sh\b")


def labels(steps: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A label for each step of a job that stays when steps are added before it, as far as the steps are named."""
    used: dict[str, int] = {}
    for step in steps:
        run = str(step.get("run", "")).strip().partition("\n")[0]
        name = str(step.get("id") or step.get("name") or str(step.get("uses", "")).partition("@")[0])
        label = (name or without_secrets(run))[:60]
        used[label] = used.get(label, 0) + 1
        yield label if used[label] == 1 else f"{label} ({used[label]})"


def step_attributes(step: dict[str, Any], job: dict[str, Any], workflow: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a step, with what the job and the workflow give it: shell, folder, variables."""
    found = {key.replace("-", "_"): step[key] for key in _AS_WRITTEN if step.get(key) is not None}
    found["continue_on_error"] = literal(step.get("continue-on-error", False))
    variables = {
        key: value
        for holder in (workflow, job, step)
        if isinstance(holder.get("env"), dict)
        for key, value in holder["env"].items()
    }
    if not isinstance(step.get("run"), str):
        return {**found, "variables": variables} if variables else found
    found["shell"] = _setting("shell", step, job, workflow)
    found["working_directory"] = _setting("working-directory", step, job, workflow) or "."
    found["variables"] = variables
    found["commands"] = commands_of(step["run"], found["shell"])
    found["programs"] = _programs(found["commands"])
    return found


def _setting(name: str, step: dict[str, Any], job: dict[str, Any], workflow: dict[str, Any]) -> str:
    """A setting of the step, else the default of the job, else that of the workflow."""
    if isinstance(step.get(name), str):
        return str(step[name])
    for holder in (job, workflow):
        defaults = holder.get("defaults")
        run = defaults.get("run") if isinstance(defaults, dict) else None
        if isinstance(run, dict) and isinstance(run.get(name), str):
            return str(run[name])
    return ""


def commands_of(script: str, shell: str) -> Any:
    """The commands with their words, and whether the failure of each is ignored.

    GitHub runs scripts with `bash -e`, and with `pipefail` only when `shell: bash` is said.
    """
    if shell and not _POSIX.match(shell):
        return Unknown(f"a script for {shell}", remedy="use a POSIX shell, so that its commands can be judged")
    is_template = "{0}" in shell
    try:
        found = outcomes(
            script,
            errexit=not is_template or bool(re.search(r"\s-\w*e", shell)),
            pipefail="pipefail" in shell if is_template else shell == "bash",
        )
    except SyntaxProblem as error:
        return Unknown(f"line {error.line} of the script: {error.why}", remedy="write the script in POSIX shell")
    return [
        {"words": list(command.words), "line": command.line, "ignored": _ignored(command.ignored)} for command in found
    ]


def _ignored(ignored: bool | None) -> Any:
    reason = "the script around it decides what a failure means"
    return Unknown(reason, remedy="let the failure of the command end the step") if ignored is None else ignored


def _programs(commands: Any) -> Any:
    if isinstance(commands, Unknown):
        return commands
    return list(dict.fromkeys(name for command in commands for name in programs_of(command["words"])))
