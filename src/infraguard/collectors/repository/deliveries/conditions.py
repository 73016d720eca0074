"""Conditions of jobs that other workflows call, with what their callers give written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from infraguard.collectors.repository.actions.expressions import Grade, condition_of
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern

_INPUT: Final = pattern(r"\binputs\.([\w-]+)")


def may_run(job: Resource, inputs: Mapping[str, Any]) -> bool:
    """Whether a called job runs for what its caller gives: `if: inputs.command == 'apply'` is false for a plan."""
    return condition_of(str(condition_under(job, inputs)), {}).grade is not Grade.NEVER


def condition_under(job: Resource, inputs: Mapping[str, Any]) -> Any:
    """The condition of a job with the inputs written out that its caller gives."""
    condition = job.attributes.get("if", True)
    told = {name.lower(): _quoted(value) for name, value in inputs.items() if "${{" not in str(value)}
    if isinstance(condition, bool) or not told:
        return condition
    return _INPUT.sub(lambda found: told.get(found[1].lower(), found[0]), str(condition))


def _quoted(value: Any) -> str:
    """A value as an expression has it."""
    return str(value).lower() if isinstance(value, bool) else "'" + str(value).replace("'", "''") + "'"
