"""A rule with its conditions compiled."""

from __future__ import annotations

from typing import NamedTuple

from infraguard.evaluation.conditions import Judge, compile_condition
from infraguard.evaluation.weighing import Weigh, compile_weighing
from infraguard.model.policy import Policy, Rule


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
