"""Functions over sets, and those that look for items in lists."""

from __future__ import annotations

from itertools import product

from infraguard.model.values import Value
from infraguard.terraform.evaluation.conversion import to_text
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.operators import as_set, distinct, same
from infraguard.terraform.evaluation.values import MAX_ITEMS, SetValue
from infraguard.terraform.functions.signature import Function, anything, items


def contains(values: list[Value], wanted: Value) -> bool:
    """Whether an item equals the value, types included."""
    return any(same(value, wanted) for value in values)


def _index(values: list[Value], wanted: Value) -> int:
    for position, value in enumerate(values):
        if same(value, wanted):
            return position
    raise EvaluationError("the item is not in the list")


def alike(values: list[Value]) -> list[Value]:
    """The items as strings when strings stand among numbers or booleans: a collection has items of one type."""
    scalars = {type(value) for value in values if isinstance(value, (str, bool, int, float))}
    if str in scalars and len(scalars) > 1:
        return [to_text(value) if isinstance(value, (bool, int, float)) else value for value in values]
    return values


def _to_set(value: Value) -> SetValue | None:
    return None if value is None else as_set(alike(items(value)))


def _union(first: list[Value], *others: list[Value]) -> SetValue:
    return as_set([value for values in (first, *others) for value in values])


def _intersection(first: list[Value], *others: list[Value]) -> SetValue:
    return as_set([value for value in first if all(contains(other, value) for other in others)])


def _subtract(values: list[Value], removed: list[Value]) -> SetValue:
    return as_set([value for value in values if not contains(removed, value)])


def _symmetric(left: list[Value], right: list[Value]) -> SetValue:
    return _union(_subtract(left, right), _subtract(right, left))


def _product(*lists: list[Value]) -> list[Value]:
    if len(lists) < 2:
        raise EvaluationError("at least two lists are required")
    size = 1
    for values in lists:
        size *= len(values)
    if size > MAX_ITEMS:
        raise Exhausted(f"a product of {size} items")
    combined: list[Value] = [list(combination) for combination in product(*lists)]
    return SetValue(combined) if all(isinstance(values, SetValue) for values in lists) else combined


FUNCTIONS = {
    "contains": Function(contains, (items, anything)),
    "distinct": Function(distinct, (items,)),
    "index": Function(_index, (items, anything)),
    "setintersection": Function(_intersection, (items,), rest=items),
    "setproduct": Function(_product, rest=items),
    "setsubtract": Function(_subtract, (items, items)),
    "setunion": Function(_union, (items,), rest=items),
    "setsymmetricdifference": Function(_symmetric, (items, items)),
    "toset": Function(_to_set, (anything,)),
}
