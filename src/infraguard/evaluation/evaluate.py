"""Policies and evidence to findings and gates. Pure: the time and the parameters are passed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from msgspec import Struct

from infraguard.evaluation.checklist import is_about_gates, on_gates
from infraguard.evaluation.compiled import CompiledRule
from infraguard.evaluation.gates import gate_result
from infraguard.evaluation.judged import Nothing
from infraguard.evaluation.predicates import PREDICATES
from infraguard.evaluation.rules import judge_rule
from infraguard.evaluation.world import Configuration, Unit, World, units_of
from infraguard.model.evidence import EVERY_KIND, EVERY_UNIT, ROOTED, Evidence, Gap, Resource, Source
from infraguard.model.findings import Finding, GateResult
from infraguard.model.policy import Condition, Policy, Predicate, Related, Rule, Scope
from infraguard.model.values import Value


class Judgement(Struct, frozen=True, kw_only=True):
    """All findings, and one result a gate, in the order of the policies."""

    findings: tuple[Finding, ...]
    gates: tuple[GateResult, ...]


def evaluate(
    policies: Sequence[Policy],
    evidence: Evidence,
    *,
    now: datetime,
    parameters: Mapping[str, Mapping[str, Value]] = MappingProxyType({}),
    accepted: Callable[[Sequence[Finding]], Sequence[Finding]] = tuple,
) -> Judgement:
    """Judge the evidence. Raises `PolicyError` for a predicate that does not exist.

    Ages are counted from `now`. `parameters` are what a user changed of them, by gate and name. `accepted` marks
    findings that somebody accepted, for gates that are judged on other gates; what is returned is not marked.
    """
    by_policy: dict[str, list[Finding]] = {}
    first = [policy for policy in policies if not is_about_gates(policy)]
    units = _Units(units_of(evidence))
    for policy in first:
        by_policy[policy.id] = _judged(policy, units, now, parameters)
    last = [policy for policy in policies if is_about_gates(policy)]
    if last:
        found = [finding for findings in by_policy.values() for finding in findings]
        units = _Units(units_of(on_gates(evidence, first, accepted(found))))
    for policy in last:
        by_policy[policy.id] = _judged(policy, units, now, parameters)
    findings = [finding for policy in policies for finding in by_policy[policy.id]]
    return Judgement(findings=tuple(findings), gates=gates_over(policies, findings, parameters=parameters))


def _judged(
    policy: Policy, units: _Units, now: datetime, parameters: Mapping[str, Mapping[str, Value]]
) -> list[Finding]:
    """The findings of one policy over these units."""
    values = _values(policy, parameters)
    said: list[Finding | Nothing] = []
    for number, rule in enumerate(policy.rules):
        compiled = CompiledRule.of(policy, number)
        for unit in units.of(rule):
            configuration = unit if isinstance(unit, Configuration) else None
            around = (configuration, units.beside(unit, rule), units.repositories(unit))
            found = judge_rule(compiled, World(unit, values, now, *around))
            if isinstance(found, Nothing):
                said.append(found)
            else:
                said.extend(found)
    return _without_empty_words(said)


def gates_over(
    policies: Sequence[Policy],
    findings: Sequence[Finding],
    *,
    parameters: Mapping[str, Mapping[str, Value]] = MappingProxyType({}),
) -> tuple[GateResult, ...]:
    """One result a gate over all findings, in the order of the policies; what is suppressed does not count."""
    by_policy: dict[str, list[Finding]] = {}
    for finding in findings:
        by_policy.setdefault(finding.policy, []).append(finding)
    return tuple(gate_result(policy, by_policy.get(policy.id, ()), _values(policy, parameters)) for policy in policies)


def _values(policy: Policy, changed: Mapping[str, Mapping[str, Value]]) -> dict[str, Value]:
    """The figures of a policy as they are used."""
    return {**{name: each.default for name, each in policy.parameters.items()}, **changed.get(policy.id, {})}


class _Units:
    """What rules are judged over: each unit of their sources, or all roots of a source together, once."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._every = units
        self._roots: dict[Source, list[Unit]] = {}
        self._of: dict[tuple[tuple[Source, ...], Scope], list[Unit]] = {}

    def of(self, rule: Rule) -> list[Unit]:
        """Those of a rule. Rules of the same sources share them, and so what was looked up in them."""
        key = (rule.sources, rule.scope)
        if key not in self._of:
            self._of[key] = self._found(rule)
        return self._of[key]

    def beside(self, unit: Unit, rule: Rule) -> Sequence[Unit]:
        """The roots of the source of a unit, for rules that are judged in each alone: one list for all of them."""
        if rule.scope != "unit" or unit.source not in ROOTED:
            return ()
        if unit.source not in self._roots:
            self._roots[unit.source] = [other for other in self._every if other.source is unit.source]
        return self._roots[unit.source]

    def repositories(self, unit: Unit) -> tuple[Resource, ...]:
        """The repositories that a unit is of; of an account, or of all roots together, any that was read."""
        every = self._repositories
        mine = [one for one in every if one.unit == "." or f"{unit.name}/".startswith(f"{one.unit}/")]
        return tuple(mine or every)

    @cached_property
    def _repositories(self) -> list[Resource]:
        """Looked up once: rules are judged over every unit, and to look into every unit each time is quadratic."""
        return [one for unit in self._every for one in unit.resources(("repository",))]

    def _found(self, rule: Rule) -> list[Unit]:
        mine = [unit for unit in self._every if unit.source in rule.sources]
        if rule.scope == "unit":
            return mine
        roots = {source: [unit for unit in mine if unit.source is source] for source in sorted(ROOTED)}
        together = [Configuration(source, units, self._unplanned(source)) for source, units in roots.items() if units]
        return [*(unit for unit in mine if unit.source not in ROOTED), *together]

    def _unplanned(self, source: Source) -> list[Unit]:
        """Of plans, the roots of source that no plan was given of; none where nobody knows of which roots they are."""
        planned = {root for unit in self._every if unit.source is source for root in unit.roots}
        return [unit for unit in self._every if unit.source is Source.TF and planned and unit.name not in planned]


def _without_empty_words(said: Sequence[Finding | Nothing]) -> list[Finding]:
    """The findings, and that there is nothing here where no other of the same source says more of the unit."""
    speaking = {(found.source, found.resource.unit) for found in said if isinstance(found, Finding)}
    speaking_sources = {source for source, _ in speaking}
    silent: dict[tuple[Source, str], int] = {}
    kept: list[Finding] = []
    for each in said:
        if isinstance(each, Finding):
            kept.append(each)
            continue
        unit = each.world.unit
        key = (unit.source, unit.name)
        if key in speaking or (unit.name == EVERY_UNIT and unit.source in speaking_sources):
            continue
        if key not in silent:
            silent[key] = len(kept)
            kept.append(each.finding())
        elif each.of_what_is_here:
            kept[silent[key]] = each.finding()
    return kept


def needed_kinds(policies: Sequence[Policy], source: Source) -> frozenset[str]:
    """The kinds of resources that judging these policies on a source looks at: what its collector must bring."""
    return frozenset(
        kind
        for policy in policies
        if not is_about_gates(policy)
        for rule in policy.rules
        if source in rule.sources
        for kind in (*rule.kinds, *(kind for condition in rule.conditions() for kind in _looked_at(condition)))
    )


def concerning(gaps: Sequence[Gap], policies: Sequence[Policy]) -> tuple[Gap, ...]:
    """The gaps that keep something from these policies: a file that only others look at is no gap of theirs."""
    kinds = {source: needed_kinds(policies, source) for source in {gap.source for gap in gaps}}
    return tuple(gap for gap in gaps if EVERY_KIND in gap.kinds or kinds[gap.source].intersection(gap.kinds))


def _looked_at(condition: Condition) -> tuple[str, ...]:
    """The kinds that a condition by itself looks at, besides that of its item."""
    if isinstance(condition, Related):
        return condition.kinds
    return PREDICATES[condition.name].reads if isinstance(condition, Predicate) and condition.name in PREDICATES else ()
