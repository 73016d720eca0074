"""The events of a workflow, whichever of its three shapes `on` has."""

from __future__ import annotations

from typing import Any

from infraguard.model.errors import SyntaxProblem


def triggers(on: Any, file: str, line: int) -> dict[str, Any]:
    """Events by name with their filters, each filter a list, with `_` for `-` in its name (`branches_ignore`).

    An event without filters has an empty mapping; `schedule` has the list of its cron lines.
    Raises `SyntaxProblem` for what GitHub would not take.
    """
    if isinstance(on, str):
        return {on: {}}
    if isinstance(on, list) and all(isinstance(event, str) for event in on):
        return {event: {} for event in on}
    if isinstance(on, dict):
        return {event: _filters(event, value) for event, value in on.items()}
    raise SyntaxProblem("`on` must be an event, a list of events or a mapping", file=file, line=line)


def _filters(event: str, value: Any) -> Any:
    if event == "schedule":
        entries = value if isinstance(value, list) else []
        return [entry.get("cron", "") for entry in entries if isinstance(entry, dict)]
    if not isinstance(value, dict):
        return {}
    return {
        key.replace("-", "_"): [item] if isinstance(item, (str, int, float)) else item for key, item in value.items()
    }
