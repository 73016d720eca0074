"""One rule over one unit of evidence, to findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from infraguard.evaluation import kleene
from infraguard.evaluation.conditions import Judge, compile_condition
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.weighing import Weigh, compile_weighing
from infraguard.evaluation.wording import decisive, fill, observation, requirement, show
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Environment, Resource, Source
from infraguard.model.findings import Finding, Subject, Trace, Verdict
from infraguard.model.fingerprints import fingerprint
from infraguard.model.policy import Policy, Rule

_VERDICTS: dict[Truth, Verdict] = {True: Verdict.PASS, False: Verdict.FAIL, None: Verdict.UNKNOWN}
_HOLDS = Trace(operator="all", truth=True)
_BY_A_PERSON = "nothing that was read decides it, and no person has stated it"


class CompiledRule(NamedTuple):
    """A rule with its conditions compiled, and what findings need to know of its policy."""

    policy: Policy
    rule: Rule
    number: int
    when: Judge | None
    person: Judge | None
    require: Judge | None
    applies: Judge | None
    #: The same of candidates for `some`, which need no trace.
    weigh_when: Weigh
    weigh_required: Weigh

    @classmethod
    def of(cls, policy: Policy, number: int) -> CompiledRule:
        rule = policy.rules[number]
        return cls(
            policy,
            rule,
            number,
            when=compile_condition(rule.when) if rule.when else None,
            person=compile_condition(rule.person) if rule.person else None,
            require=compile_condition(rule.require) if rule.require else None,
            applies=compile_condition(rule.applies) if rule.applies else None,
            weigh_when=compile_weighing(rule.when),
            weigh_required=compile_weighing(rule.require),
        )


class Nothing(NamedTuple):
    """That a rule has nothing to say of a unit, and why. It is a finding where its policy says nothing more of it.

    `of_what_is_here` where it looked at something and found that it is not meant, which tells more than that there is
    nothing.
    """

    compiled: CompiledRule
    world: World
    reason: str
    of_what_is_here: bool = False

    def finding(self) -> Finding:
        return _about_unit(self.compiled, self.world, Verdict.NOT_APPLICABLE, reason=self.reason)


def judge_rule(compiled: CompiledRule, world: World) -> list[Finding] | Nothing:
    """The findings of one rule in one unit, including the unknown that missing evidence leaves."""
    unit, rule = world.unit, compiled.rule
    applies = compiled.applies(Item.whole(unit.nothing), world) if compiled.applies else _HOLDS
    if applies.truth is False:
        return _not_meant(compiled, world, applies)
    if _is_of_others(compiled.policy, rule, unit):
        return Nothing(compiled, world, f"nothing here is for {', '.join(compiled.policy.environments)}")
    every, missing = unit.resources(rule.kinds), unit.why_missing(rule.kinds)
    if missing and _is_elsewhere(compiled.policy, unit.environments):
        missing = {}
    if rule.quantifier == "some":
        one = _judge_some(compiled, world, every, applies)
        if not missing or (isinstance(one, Finding) and one.verdict is Verdict.PASS):
            return one if isinstance(one, Nothing) else [one]
        return [_about_unit(compiled, world, Verdict.UNKNOWN, **_named(missing))]
    found = [_judge_one(compiled, world, resource, applies) for resource in every]
    if missing:
        found = [finding for finding in found if finding.resource.id]
        return [*found, _about_unit(compiled, world, Verdict.UNKNOWN, **_named(missing))]
    return found or Nothing(compiled, world, f"there is no {' or '.join(rule.kinds)} here")


def _is_of_others(policy: Policy, rule: Rule, unit: Unit) -> bool:
    """Whether what makes the rule speak is there in environments only that its gate is not for."""
    if rule.quantifier != "some" or not policy.environments:
        return False
    asking = unit.resources(rule.applies.kinds) if rule.applies else ()
    found = frozenset(resource.environment for resource in asking) if asking else unit.environments
    return _is_elsewhere(policy, found)


def _is_elsewhere(policy: Policy, environments: frozenset[Environment]) -> bool:
    """Whether there are environments, and the gate is for none of them: what is missing there is missed by nobody."""
    return bool(environments) and not any(_is_meant(policy, environment) for environment in environments)


def _not_meant(compiled: CompiledRule, world: World, applies: Trace) -> Nothing:
    """That a rule does not apply: none of what it needs is here, or what is here is not meant."""
    kinds = compiled.rule.applies.kinds if compiled.rule.applies else ()
    seen = "; ".join(f"{path} is {show(value)}" for path, value in observation(applies).items())
    reason = f"there is no {' or '.join(kinds)} here{f' that it is about: {seen}' if seen else ''}"
    return Nothing(compiled, world, reason, of_what_is_here=bool(seen))


def _judge_one(compiled: CompiledRule, world: World, resource: Resource, applies: Trace) -> Finding:
    """`each` and `none`: the finding for one of the resources that the rule is about."""
    if not _in_environment(compiled.policy, resource):
        reason = f"{resource.environment}, and the gate is for {', '.join(compiled.policy.environments)}"
        return _about(compiled, world, resource, Verdict.NOT_APPLICABLE, _HOLDS, reason=reason)
    item, within = Item.whole(resource), world.of(resource)
    when = compiled.when(item, within) if compiled.when else _HOLDS
    if when.truth is False:
        return _about(compiled, world, resource, Verdict.NOT_APPLICABLE, when, reason=_excluded(when))
    person = compiled.person(item, within) if compiled.person else None
    if person and person.truth is True:
        return _about(compiled, world, resource, Verdict.MANUAL, person, reason=_BY_A_PERSON)
    trace = _required(compiled, item, within)
    doubts = (applies.truth, when.truth, None if resource.perhaps else True)
    truth = trace.truth
    if truth is False and kleene.every(doubts) is None:
        truth = None
    return _about(compiled, world, resource, _VERDICTS[truth], trace, **_reasons(truth, resource, trace, when, applies))


def _required(compiled: CompiledRule, item: Item, world: World) -> Trace:
    """What `require` says of an item; for `none`, the opposite of what it says."""
    trace = compiled.require(item, world) if compiled.require else _HOLDS
    if compiled.rule.quantifier != "none":
        return trace
    return Trace(operator="not", truth=kleene.negate(trace.truth), children=(trace,))


class _Candidate(NamedTuple):
    """A resource that may be the one that `some` asks for: whether it is, and how many comparisons say so.

    `is_meant` where `when` certainly picks it: a fail never shows one of which that is not known.
    """

    truth: Truth
    size: int
    resource: Resource
    is_meant: bool


def _judge_some(compiled: CompiledRule, world: World, every: Sequence[Resource], applies: Trace) -> Finding | Nothing:
    """`some`: one finding for the unit, about the resource that decides it, or that is the nearest to doing so."""
    meant = [resource for resource in every if _in_environment(compiled.policy, resource)]
    if every and not meant:
        return Nothing(compiled, world, f"nothing here is for {', '.join(compiled.policy.environments)}")
    judged = [found for resource in meant if (found := _candidate(compiled, world, resource))]
    truth = kleene.some(candidate.truth for candidate in judged)
    if truth is False and applies.truth is None:
        truth = None
    deciding = [candidate for candidate in judged if candidate.truth is truth] or judged
    if truth is False:
        deciding = [candidate for candidate in deciding if candidate.is_meant]
    if not deciding:
        reasons = {} if truth is False else _unread(applies)
        message = "" if reasons else compiled.rule.absence or compiled.rule.message
        lacking = _lacking(applies, world)
        return _about_unit(compiled, world, _VERDICTS[truth], message=message, lacking=lacking, **reasons)
    resource = min(deciding, key=lambda candidate: candidate.size).resource
    item, within = Item.whole(resource), world.of(resource)
    when = compiled.when(item, within) if compiled.when else _HOLDS
    trace = _required(compiled, item, within)
    return _about(compiled, world, resource, _VERDICTS[truth], trace, **_reasons(truth, resource, trace, when, applies))


def _candidate(compiled: CompiledRule, world: World, resource: Resource) -> _Candidate | None:
    """The resource as a candidate; None for one that the rule is not about."""
    item, within = Item.whole(resource), world.of(resource)
    when, _ = compiled.weigh_when(item, within)
    if when is False:
        return None
    required, size = compiled.weigh_required(item, within)
    doubt = None if resource.perhaps else True
    return _Candidate(kleene.every((when, required, doubt)), size, resource, is_meant=when is True)


def _lacking(applies: Trace, world: World) -> Trace | None:
    """The resource for which a rule asks for one that is not there. What a repository lacks, no file of it lacks."""
    return None if world.unit.source is Source.REPO else next(iter(applies.children), None)


def _in_environment(policy: Policy, resource: Resource) -> bool:
    return _is_meant(policy, resource.environment)


def _is_meant(policy: Policy, environment: Environment) -> bool:
    """A gate for production judges a resource of unknown environment as production."""
    if not policy.environments or environment in policy.environments:
        return True
    return environment is Environment.UNKNOWN and Environment.PRODUCTION in policy.environments


def _excluded(when: Trace) -> str:
    seen = (f"{path} is {show(value)}" for path, value in observation(when).items())
    return "; ".join(seen) or "not meant"


def _reasons(truth: Truth, resource: Resource, trace: Trace, when: Trace, applies: Trace) -> dict[str, Any]:
    """Why a finding is unknown, from the leaves that could not be read."""
    if truth is not None:
        return {}
    if resource.perhaps and trace.truth is not None:
        doubt = resource.perhaps
        return {"reason": f"it may not exist: {doubt.reason}", "remedy": doubt.remedy, "causes": doubt.depends_on}
    return _unread(next((asked for asked in (trace, when, applies) if asked.truth is None), trace))


def _unread(trace: Trace) -> dict[str, Any]:
    unread = [leaf.trace for leaf in decisive(trace) if leaf.trace.reason]
    if not unread:
        return {"reason": "its evidence is incomplete", "remedy": "see the gaps"}
    first = unread[0]
    causes = tuple(dict.fromkeys(cause for leaf in unread for cause in leaf.depends_on or (leaf.reason,)))
    return {"reason": first.reason, "remedy": first.remedy or None, "causes": causes}


def _named(why: dict[str, Any]) -> dict[str, Any]:
    return {"reason": why["reason"], "remedy": why["remedy"], "causes": why["depends_on"]}


def _about(
    compiled: CompiledRule, world: World, resource: Resource, verdict: Verdict, trace: Trace, **reasons: Any
) -> Finding:
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


def _about_unit(
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
