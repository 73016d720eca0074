"""Functions over sets, and those that look for items in lists."""

from __future__ import annotations

from itertools import product

from infraguard.model.values import Value
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.numbers import COUNTED, Whole
from infraguard.terraform.evaluation.operators import as_set, distinct, same
from infraguard.terraform.evaluation.unify import unified
from infraguard.terraform.evaluation.values import MAX_ITEMS, SetValue, joined, unknowns_in
from infraguard.terraform.functions.signature import Function, anything, items, ordered


def contains(values: list[Value], wanted: Value) -> bool:
    """Whether an item equals the value, types included."""
    return any(same(value, wanted) for value in values)


def _contains(values: list[Value], wanted: Value) -> Value:
    """The same of a list of which items may not be known: they do not matter where another one is equal."""
    unknowns = unknowns_in([values, wanted])
    return joined(unknowns, is_set=True) if unknowns and not contains(values, wanted) else contains(values, wanted)


def _index(values: list[Value], wanted: Value) -> Value:
    for position, value in enumerate(values):
        if unknowns := unknowns_in([value, wanted]):
            return joined(unknowns, is_set=True)
        if same(value, wanted):
            return Whole(position, COUNTED)
    raise EvaluationError("the item is not in the list")


def _to_set(value: Value) -> SetValue | None:
    return None if value is None else as_set(unified(items(value)))


def _alike(lists: tuple[list[Value], ...]) -> list[list[Value]]:
    """The items of all lists as one type has them."""
    items = iter(unified([value for values in lists for value in values]))
    return [[next(items) for _ in values] for values in lists]


def _union(*lists: list[Value]) -> SetValue:
    return as_set([value for values in _alike(lists) for value in values])


def _intersection(*lists: list[Value]) -> SetValue:
    first, *others = _alike(lists)
    return as_set([value for value in first if all(contains(other, value) for other in others)])


def _subtract(*lists: list[Value]) -> SetValue:
    values, removed = _alike(lists)
    return as_set([value for value in values if not contains(removed, value)])


def _product(*lists: list[Value]) -> list[Value]:
    if len(lists) < 2:
        raise EvaluationError("at least two lists are required")
    size = 1
    for values in lists:
        size *= len(values)
    if size > MAX_ITEMS:
        raise Exhausted(f"a product of {size} items")
    combined: list[Value] = [list(combination) for combination in product(*lists)]
    return as_set(combined) if any(isinstance(values, SetValue) for values in lists) else combined


FUNCTIONS = {
    "contains": Function(_contains, (items, anything), looks_only_at_the_top=True),
    "distinct": Function(lambda values: distinct(unified(values)), (items,)),
    "index": Function(_index, (ordered, anything), looks_only_at_the_top=True),
    "setintersection": Function(_intersection, (items,), rest=items),
    "setproduct": Function(_product, rest=items, looks_only_at_the_top=True),
    "setsubtract": Function(_subtract, (items, items)),
    "setunion": Function(_union, (items,), rest=items, looks_only_at_the_top=True),
    "toset": Function(_to_set, (anything,), looks_only_at_the_top=True),
}
