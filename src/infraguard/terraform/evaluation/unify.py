"""Values brought to one type: the branches of a conditional, and the items of a list, a set or a map.

Numbers and booleans beside strings become strings; what has no type in common is refused. Lists and tuples are not
told apart: lists of the same length are taken as tuples, whose items fit one by one. A list beside a set becomes a
set of its items.
"""

from __future__ import annotations

from collections.abc import Iterator

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.conversion import to_text
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.operators import as_set
from infraguard.terraform.evaluation.values import Lazy, SetValue, is_list, kind_of


def unified(values: list[Value]) -> list[Value]:
    """The values as one type has them. Raises `EvaluationError` when they have none in common."""
    kinds = {_kind(value) for value in values} - {""}
    if len(kinds) > 1 and not kinds <= {"string", "number", "bool"}:
        raise EvaluationError(f"{' and '.join(sorted(kinds))} have no type in common")
    if kinds == {"number", "bool"}:
        raise EvaluationError("bool and number have no type in common")
    if "string" in kinds:
        return [to_text(value) if _kind(value) in ("number", "bool") else value for value in values]
    if kinds == {"list"}:
        return _lists(values)
    return _objects(values) if kinds == {"object"} else values


def _kind(value: Value) -> str:
    """The name of the type; empty where anything fits, as with null and with what is not known."""
    if value is None or isinstance(value, (Unknown, Lazy)):
        return ""
    return "list" if is_list(value) else kind_of(value)


def _lists(values: list[Value]) -> list[Value]:
    lists = [value for value in values if is_list(value)]
    if len({len(value) for value in lists}) == 1 and not any(isinstance(value, SetValue) for value in lists):
        columns = [unified(list(column)) for column in zip(*lists, strict=True)]
        rows: Iterator[list[Value]] = iter([list(row) for row in zip(*columns, strict=True)] or [[] for _ in lists])
        return [next(rows) if is_list(value) else value for value in values]
    items = iter(unified([item for value in lists for item in value]))
    filled = [[next(items) for _ in value] if is_list(value) else value for value in values]
    sets = [value for value in lists if isinstance(value, SetValue)]
    if not sets:
        return filled
    own = iter(unified([item for value in sets for item in value]))
    return [
        as_set([next(own) for _ in value] if isinstance(value, SetValue) else other) if is_list(value) else value
        for value, other in zip(values, filled, strict=True)
    ]


def _objects(values: list[Value]) -> list[Value]:
    objects = [value for value in values if type(value) is dict]
    if len({frozenset(value) for value in objects}) == 1:
        columns = {key: iter(unified([value[key] for value in objects])) for key in objects[0]}
        return [{key: next(columns[key]) for key in value} if type(value) is dict else value for value in values]
    items = iter(unified([item for value in objects for item in value.values()]))
    return [{key: next(items) for key in value} if type(value) is dict else value for value in values]
