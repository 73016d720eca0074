"""What a condition says of an item, and how many comparisons make it say so, without the trace that shows them.

Of all that `some` asks for, one is shown: the one that does, or that is the nearest to doing so. A repository has
thousands of sections of documents, and their traces took half the time of judging one of 110,000 lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from infraguard.evaluation.compare import compare
from infraguard.evaluation.conditions import COMBINATIONS, compile_condition
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.wording import shortfall
from infraguard.evaluation.world import Item, World
from infraguard.model.policy import Combine, Compare, Condition

#: The truth of a trace, and its `shortfall`: a plain tuple, since a named one takes as long to make as a comparison.
Weight = tuple[Truth, int]
Weigh = Callable[[Item, World], Weight]
_HOLDS: Final[Weight] = (True, 1)


def compile_weighing(condition: Condition | None) -> Weigh:
    """Weighs a condition: the same as making its trace and counting; where there is none, it holds."""
    if condition is None:
        return lambda _item, _world: _HOLDS
    if isinstance(condition, Compare):
        return _weighing_compare(condition)
    if isinstance(condition, Combine):
        return _weighing_combine(condition)
    judge = compile_condition(condition)

    def weigh(item: Item, world: World) -> Weight:
        trace = judge(item, world)
        return trace.truth, shortfall(trace)

    return weigh


def _weighing_compare(condition: Compare) -> Weigh:
    path, operator, operand = condition.path, condition.operator, condition.operand

    def weigh(item: Item, world: World) -> Weight:
        return compare(operator, lookup(item.value, path), world.operand(operand), world.now), 1

    return weigh


def _weighing_combine(condition: Combine) -> Weigh:
    parts = [compile_weighing(part) for part in condition.conditions]
    combine, is_not = COMBINATIONS[condition.operator], condition.operator == "not"

    def weigh(item: Item, world: World) -> Weight:
        weights = [part(item, world) for part in parts]
        truth = combine([part_truth for part_truth, _ in weights])
        return truth, sum([size for part_truth, size in weights if is_not or part_truth is truth]) or 1

    return weigh
