"""Following `.name` and `[index]` into a value."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.conversion import to_text, to_whole
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.possible import one_of
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.evaluation.values import BlockValue, Lazy, SetValue, is_list, joined, kind_of
from infraguard.terraform.syntax.nodes import Node, Step

#: The evaluator, which the modules below it are given rather than import.
Evaluate = Callable[[Node, Scope], Value]


def follow(value: Value, steps: tuple[Step, ...], scope: Scope, evaluate: Evaluate) -> Value:
    """What the steps lead to. Raises `EvaluationError` where there is no such item."""
    for step in steps:
        if isinstance(value, Unknown):
            return joined([value], is_set=value.is_set)
        key = evaluate(step, scope) if isinstance(step, Node) else step
        if isinstance(key, Unknown):
            return some_item(value, key)
        value = item(value, key)
    return value


def some_item(value: Value, key: Unknown) -> Unknown:
    """An item of a collection, it is not known which."""
    items = value.values() if isinstance(value, dict) else value if is_list(value) else ()
    bounds = one_of(items) if items and not isinstance(value, BlockValue) else None
    return replace(joined([key], is_set=bounds is not None), bounds=bounds)


def item(value: Value, key: Value) -> Value:
    """One item of a known collection."""
    if isinstance(value, dict):
        name = to_text(key)
        if name not in value and not isinstance(value, BlockValue):
            raise EvaluationError(f'there is no attribute "{name}"')
        return value[name]
    if is_list(value):
        return _element(value, key)
    if isinstance(value, Lazy):
        return value.attribute(to_text(key))
    if value is None:
        raise EvaluationError("null has no attributes")
    raise EvaluationError(f"a {kind_of(value)} has no attributes")


def _element(value: list[Value], key: Value) -> Value:
    if isinstance(value, SetValue):
        raise EvaluationError("a set has no indices")
    if isinstance(key, str) and not key.isdigit() and len(value) == 1:
        (sole,) = value
        if isinstance(sole, BlockValue) and sole.is_guessed:
            return item(sole, key)
    index = to_whole(key)
    if not 0 <= index < len(value):
        raise EvaluationError(f"the index {index} is out of range: there are {len(value)} items")
    return value[index]
