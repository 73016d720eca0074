"""Findings of a rule that was judged: on a resource, on the absence of one, or that it has nothing to say."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from infraguard.evaluation.compiled import CompiledRule
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.why import NEVER_TOLD
from infraguard.evaluation.wording import decisive, fill, observation, requirement, show
from infraguard.evaluation.world import World
from infraguard.model.evidence import Environment, Resource
from infraguard.model.findings import Finding, Subject, Trace, Verdict
from infraguard.model.fingerprints import fingerprint


class Nothing(Struct, frozen=True):
    """That a rule has nothing to say of a unit, and why. It is a finding where its policy says nothing more of it.

    `of_what_is_here` where it looked at something and found that it is not meant, which tells more than that there is
    nothing.
    """

    compiled: CompiledRule
    world: World
    reason: str
    of_what_is_here: bool = False

    def finding(self) -> Finding:
        return about_unit(self.compiled, self.world, Verdict.NOT_APPLICABLE, reason=self.reason)


def not_meant(compiled: CompiledRule, world: World, applies: Trace) -> Nothing:
    """That a rule does not apply: none of what it needs is here, or what is here is not meant."""
    kinds = compiled.rule.applies.kinds if compiled.rule.applies else ()
    seen = "; ".join(f"{path} is {show(value)}" for path, value in observation(applies).items())
    reason = f"there is no {' or '.join(kinds)} here{f' that it is about: {seen}' if seen else ''}"
    return Nothing(compiled, world, reason, of_what_is_here=bool(seen))


def excluded(when: Trace) -> str:
    """Why `when` leaves a resource out: what it saw of it."""
    seen = (f"{path} is {show(value)}" for path, value in observation(when).items())
    return "; ".join(seen) or "not meant"


def reasons_of(truth: Truth, resource: Resource, trace: Trace, when: Trace, applies: Trace) -> dict[str, Any]:
    """Why a finding is unknown, from the leaves that could not be read."""
    if truth is not None:
        return {}
    if resource.perhaps and trace.truth is not None:
        doubt = resource.perhaps
        return {"reason": f"it may not exist: {doubt.reason}", "remedy": doubt.remedy, "causes": doubt.depends_on}
    return unread(next((asked for asked in (trace, when, applies) if asked.truth is None), trace))


def unread(trace: Trace) -> dict[str, Any]:
    """Why a trace is unknown, and what all it depends on."""
    every = [leaf.trace for leaf in decisive(trace) if leaf.trace.reason]
    # What is never told here is open in any case: what could be read, and was not, is what can be mended first.
    leaves = [leaf for leaf in every if leaf.operator != NEVER_TOLD] or every
    if not leaves:
        return {"reason": "its evidence is incomplete", "remedy": "see the gaps"}
    first = leaves[0]
    causes = tuple(dict.fromkeys(cause for leaf in leaves for cause in leaf.depends_on or (leaf.reason,)))
    return {"reason": first.reason, "remedy": first.remedy or None, "causes": causes}


def named(why: dict[str, Any]) -> dict[str, Any]:
    """The fields of a finding for those of a trace that say why something is unknown."""
    return {"reason": why["reason"], "remedy": why["remedy"], "causes": why["depends_on"]}


def about(
    compiled: CompiledRule, world: World, resource: Resource, verdict: Verdict, trace: Trace, **reasons: Any
) -> Finding:
    """A finding on a resource, at the place that decided it."""
    policy, unit = compiled.policy, world.unit
    deciding = next((leaf.trace for leaf in decisive(trace) if leaf.trace.location and not leaf.of), None)
    return Finding(
        policy=policy.id,
        source=unit.source,
        verdict=verdict,
        severity=policy.severity,
        resource=Subject(kind=resource.kind, id=resource.id, environment=resource.environment, unit=resource.unit),
        message=_message(compiled, world, resource, verdict, trace, reasons.get("reason")),
        remediation=policy.remediation,
        fingerprint=fingerprint(policy.id, unit.source, resource.unit, resource.id, compiled.number),
        location=deciding.location if deciding and verdict is not Verdict.NOT_APPLICABLE else resource.location,
        observed=observation(trace) if verdict is not Verdict.NOT_APPLICABLE else {},
        required=requirement(trace) if verdict is not Verdict.NOT_APPLICABLE else "",
        trace=trace,
        **reasons,
    )


def _message(
    compiled: CompiledRule, world: World, resource: Resource, verdict: Verdict, trace: Trace, reason: str | None
) -> str:
    if verdict is Verdict.FAIL:
        return fill(compiled.rule.message, resource, trace, world.parameters)
    if verdict is Verdict.PASS:
        seen = ", ".join(f"{path} is {show(value)}" for path, value in observation(trace).items() if path)
        return f"{resource.id}: {seen}" if seen else f"{resource.id} is as required"
    return f"{resource.id}: {reason}"


def about_unit(
    compiled: CompiledRule,
    world: World,
    verdict: Verdict,
    *,
    message: str = "",
    lacking: Trace | None = None,
    **reasons: Any,
) -> Finding:
    """A finding on the absence of a resource, at what lacks it, where that is one that the message may name."""
    policy, rule, unit = compiled.policy, compiled.rule, world.unit
    figures = world.parameters if lacking is None else {**world.parameters, "id": lacking.path}
    text = fill(message, None, None, figures) if message else f"{unit.label}: {reasons.get('reason')}"
    return Finding(
        policy=policy.id,
        source=unit.source,
        verdict=verdict,
        severity=policy.severity,
        resource=Subject(kind=rule.kinds[0], id="", environment=Environment.UNKNOWN, unit=unit.name),
        message=text,
        remediation=policy.remediation,
        fingerprint=fingerprint(policy.id, unit.source, unit.name, "", compiled.number),
        location=lacking.location if lacking else None,
        **reasons,
    )
