"""Conditions of jobs whose inputs are known: what a caller gives, or whoever starts the workflow chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from infraguard.collectors.repository.actions.expressions import Grade, condition_of
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern

_INPUT: Final = pattern(r"(?<![\w.])(github\.event\.)?inputs\.([\w-]+)")
_NOTHING: Final[Mapping[str, str]] = {}


def may_run(job: Resource, inputs: Mapping[str, Any], chosen: Mapping[str, str] = _NOTHING) -> bool:
    """Whether a called job runs for what its caller gives: `if: inputs.command == 'apply'` is false for a plan."""
    return condition_of(str(condition_under(job, inputs, chosen)), {}).grade is not Grade.NEVER


def is_met(condition: Any, inputs: Mapping[str, Any]) -> bool:
    """Whether a condition may hold for the inputs that a caller gives."""
    return condition_of(str(under(condition, inputs)), {}).grade is not Grade.NEVER


def condition_under(job: Resource, inputs: Mapping[str, Any], chosen: Mapping[str, str] = _NOTHING) -> Any:
    """The condition of a job with the inputs written out that its caller gives, and those chosen by hand."""
    return under(job.attributes.get("if", True), inputs, chosen)


def under(condition: Any, inputs: Mapping[str, Any], chosen: Mapping[str, str] = _NOTHING) -> Any:
    """A condition with the inputs written out that are known."""
    told = {name.lower(): _quoted(value) for name, value in inputs.items() if "${{" not in str(value)}
    told |= {f"github.event.{name.lower()}": _quoted(value) for name, value in chosen.items()}
    if isinstance(condition, bool) or not told:
        return condition
    return _INPUT.sub(lambda found: told.get(f"{found[1] or ''}{found[2]}".lower(), found[0]), str(condition))


def _quoted(value: Any) -> str:
    """A value as an expression has it."""
    return str(value).lower() if isinstance(value, bool) else "'" + str(value).replace("'", "''") + "'"
