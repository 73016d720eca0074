"""Weighing a condition says the same as making its trace and counting in it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from infraguard.evaluation.conditions import compile_condition
from infraguard.evaluation.weighing import compile_weighing
from infraguard.evaluation.wording import shortfall
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Source
from infraguard.model.policy import Combine, Compare, Condition, Quantify
from infraguard.model.values import Unknown
from tests.evaluation.build import NOW, resource

_NAMES = st.sampled_from(["a", "b", "list"])
_VALUES = st.one_of(st.integers(0, 3), st.just(Unknown("not known", ("x",))), st.lists(st.integers(0, 3), max_size=3))
_COMPARISONS: st.SearchStrategy[Condition] = st.builds(
    Compare, _NAMES, st.sampled_from(["equals", "at_least", "not_equals", "exists", "contains"]), st.integers(0, 3)
)


def _larger(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Combine, st.sampled_from(["all", "any"]), several),
        st.builds(Combine, st.just("not"), st.tuples(parts)),
        st.builds(Quantify, st.just("list"), st.sampled_from(["each", "some", "none"]), parts),
    )


@given(st.recursive(_COMPARISONS, _larger, max_leaves=8), st.dictionaries(_NAMES, _VALUES))
def test_the_weight_is_the_truth_of_the_trace_and_its_shortfall(condition: Condition, attributes: Any) -> None:
    item = Item.whole(resource("document", "README.md", **attributes))
    world = World(Unit(Source.REPO, ".", None, ()), {}, NOW)
    trace = compile_condition(condition)(item, world)
    assert compile_weighing(condition)(item, world) == (trace.truth, shortfall(trace))


def test_where_there_is_no_condition_it_holds() -> None:
    item = Item.whole(resource("document", "README.md"))
    assert compile_weighing(None)(item, World(Unit(Source.REPO, ".", None, ()), {}, NOW)) == (True, 1)
