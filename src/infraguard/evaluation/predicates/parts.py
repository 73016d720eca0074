"""Whether the parts of a repository are judged alike: each by the tools that the others are judged by."""

from __future__ import annotations

from typing import Any, Final

from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, Value, known

RUN: Final = "tool_run"


def same_part_runs(item: Item, world: World, *, tools: Value) -> Trace:
    """Whether one of the tools runs in the folder where this one does, around it, or below it."""
    folder = str(known(lookup(item.value, "working_directory")))
    wanted = tools if isinstance(tools, list) else [tools]
    near = [
        run for run in world.unit.resources((RUN,)) if _meet(folder, str(run.attributes.get("working_directory", ".")))
    ]
    names = [known(lookup(run.attributes, "tool")) for run in near]
    unread = next((name for name in names if isinstance(name, (Unknown, Denied))), None)
    truth: Truth = any(name in wanted for name in names if isinstance(name, str))
    why: dict[str, Any] = {}
    if not truth and (unread is not None or world.unit.gaps((RUN,))):
        truth, why = None, why_unread(unread) or why_gaps(world.unit.gaps((RUN,)))
    return Trace(
        operator="same_part_runs",
        truth=truth,
        path=item.join("working_directory"),
        expected=wanted,
        observed=folder,
        location=item.resource.location,
        **why,
    )


def _meet(one: str, other: str) -> bool:
    """Whether two folders are the same, or one lies in the other."""
    return "." in (one, other) or f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
