"""The fields of a trace that say why something is unknown."""

from __future__ import annotations

from typing import Any, Final

from infraguard.model.evidence import Gap
from infraguard.model.values import Denied, Unknown, Value

#: The operator of a trace that is open whatever is read: what decides it is kept where its source does not look.
NEVER_TOLD: Final = "elsewhere"


def why_unread(value: Value) -> dict[str, Any]:
    """Why a marker could not be read; nothing for a plain value."""
    if isinstance(value, Unknown):
        return {"reason": value.reason, "remedy": value.remedy, "depends_on": value.depends_on}
    if isinstance(value, Denied):
        return {
            "reason": value.reason,
            "remedy": f"allow {value.permission}" if value.permission else "",
            "depends_on": (value.permission or value.reason,),
        }
    return {}


def why_gaps(gaps: tuple[Gap, ...]) -> dict[str, Any]:
    """Which failed reads leave it open."""
    first = gaps[0]
    more = f" (and {len(gaps) - 1} more)" if len(gaps) > 1 else ""
    return {
        "reason": f"{first.scope}: {first.detail}{more}",
        "remedy": first.remedy,
        "depends_on": tuple(dict.fromkeys(f"{gap.source}:{gap.scope}" for gap in gaps)),
    }
