"""Findings on waivers themselves: those that ran out, those that nothing needs, and comments that are none.

They go by gates of their own, which no policy describes, so that every format and exit code treats them as it treats
any other finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from infraguard.model.evidence import Environment, Source
from infraguard.model.findings import WAIVERS, Finding, GateResult, Severity, Subject, Verdict
from infraguard.model.fingerprints import fingerprint
from infraguard.model.values import Location, Value
from infraguard.suppressions.waivers import Waiver, WaiverMistake


class Problem(NamedTuple):
    """What can be wrong with a waiver: its gate, the gate's title, and what to do."""

    gate: str
    title: str
    remediation: str


EXPIRED = Problem(
    f"{WAIVERS}expired",
    "Waivers are renewed or removed when they run out",
    "Mend what it waives, or have the exception accepted anew with a later day.",
)
UNUSED = Problem(
    f"{WAIVERS}unused",
    "Waivers are removed when nothing needs them",
    "Remove the waiver: it would hide the next mistake in the same place.",
)
INVALID = Problem(
    f"{WAIVERS}invalid",
    "Waivers name a gate, a reason, an owner and a day",
    "Mend the comment, or remove it: as it is, it waives nothing.",
)


def expired(waiver: Waiver) -> Finding:
    """A waiver that ran out: what it covered counts again."""
    return _finding(EXPIRED, waiver, f"ran out on {waiver.expires.isoformat()}")


def unused(waiver: Waiver, why: str) -> Finding:
    """A waiver that nothing needs."""
    return _finding(UNUSED, waiver, f"is of no use: {why}")


def invalid(mistake: WaiverMistake) -> Finding:
    """A comment that waives nothing."""
    return _low(INVALID, str(mistake.location), mistake.location, f"this comment waives nothing: {mistake.why}", {})


def _finding(problem: Problem, waiver: Waiver, what: str) -> Finding:
    name = f"{waiver.gate}@{waiver.subject}"
    message = f"the waiver of {waiver.gate} for {waiver.subject} {what}"
    return _low(problem, name, waiver.location, message, {"owner": waiver.owner, "reason": waiver.reason})


def _low(problem: Problem, name: str, location: Location, message: str, observed: dict[str, Value]) -> Finding:
    """A low finding, since what is not waived counts by itself."""
    return Finding(
        policy=problem.gate,
        source=Source.REPO,
        verdict=Verdict.FAIL,
        severity=Severity.LOW,
        resource=Subject(kind="waiver", id=name, environment=Environment.UNKNOWN, unit="."),
        message=message,
        remediation=problem.remediation,
        fingerprint=fingerprint(problem.gate, Source.REPO, location.file, name, 0),
        location=location,
        observed=observed,
    )


def problem_gates(problems: Iterable[Finding]) -> tuple[GateResult, ...]:
    """One failed gate for each sort of problem that there is."""
    found = {finding.policy for finding in problems}
    return tuple(
        GateResult(
            policy=problem.gate,
            title=problem.title,
            severity=Severity.LOW,
            verdict=Verdict.FAIL,
            sources={Source.REPO.value: Verdict.FAIL},
            drift=False,
        )
        for problem in (EXPIRED, UNUSED, INVALID)
        if problem.gate in found
    )
