"""Functions over lists and maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.conversion import to_bool, to_number, to_text
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.numbers import COUNTED, Whole, add
from infraguard.terraform.evaluation.unify import unified
from infraguard.terraform.evaluation.values import MAX_ITEMS, SetValue, is_list, joined, kind_of, unknowns_in
from infraguard.terraform.functions.characters import characters
from infraguard.terraform.functions.sets import contains
from infraguard.terraform.functions.signature import (
    Convert,
    Function,
    anything,
    booleans,
    items,
    mapping,
    mapping_or_null,
    number,
    ordered,
    some,
    text,
    texts,
    whole,
)

#: Terraform's own bound on `range`.
MAX_RANGE = 1024


def _length(value: Value) -> int:
    if isinstance(value, str):
        value = characters(value)
    if isinstance(value, (str, dict)) or is_list(value):
        return Whole(len(value), COUNTED)
    raise EvaluationError(f"a list, map or string is required, not {kind_of(value)}")


def _merge(*maps: dict[str, Value] | None) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for each in maps:
        result.update(each or {})
    return result


def _concat(*lists: list[Value]) -> list[Value]:
    if not lists or any(isinstance(values, SetValue) for values in lists):
        raise EvaluationError("one or more lists are required, and no sets")
    return [value for values in lists for value in values]


def _flatten(values: list[Value]) -> list[Value]:
    result: list[Value] = []
    waiting: list[Iterator[Value]] = [iter(values)]
    while waiting:
        for value in waiting[-1]:
            if is_list(value):
                waiting.append(iter(value))
                break
            result.append(value)
            if len(result) > MAX_ITEMS:
                raise Exhausted("a list grows too long")
        else:
            waiting.pop()
    return result


def _element(values: list[Value], index: int) -> Value:
    if not values or isinstance(values, SetValue):
        raise EvaluationError("a list that is not empty is required, and no set")
    if index < 0 and index % len(values):
        raise Exhausted("an index below zero is one of a list, and an error of a tuple, which are not told apart")
    return values[index % len(values)]


def _lookup(each: dict[str, Value], key: str, *default: Value) -> Value:
    if key in each:
        return each[key]
    if not default:
        raise EvaluationError(f'there is no key "{key}", and no default')
    return default[0]


def _one(values: list[Value]) -> Value:
    if len(values) > 1:
        raise EvaluationError("the list has more than one item")
    return values[0] if values else None


def _coalesce(*values: Value) -> Value:
    for value in unified(list(values)):
        if value is not None and value != "":
            return value
    raise EvaluationError("all arguments are null or empty")


def _coalesce_list(*lists: list[Value]) -> list[Value]:
    for values in lists:
        if values:
            return values
    raise EvaluationError("all lists are empty")


def _slice(values: list[Value], start: int, end: int) -> list[Value]:
    if not 0 <= start <= end <= len(values):
        raise EvaluationError(f"{start} to {end} is out of range: there are {len(values)} items")
    return values[start:end]


def _range(*limits: float) -> list[Value]:
    if not 1 <= len(limits) <= 3:
        raise EvaluationError("one to three numbers are required")
    start, end = (0, limits[0]) if len(limits) == 1 else limits[:2]
    step = limits[2] if len(limits) == 3 else (1 if end >= start else -1)
    if end != start and (step == 0 or (end > start) != (step > 0)):
        raise EvaluationError("the step leads away from the limit")
    if all(isinstance(limit, int) for limit in (start, end, step)):
        if abs(int(end) - int(start)) > MAX_RANGE * (abs(int(step)) or 1):
            raise EvaluationError(f"more than {MAX_RANGE} values")
        return [
            Whole(each, COUNTED) if len(limits) == 1 else each for each in range(int(start), int(end), int(step) or 1)
        ]
    result: list[Value] = []
    while (start < end) if step > 0 else (start > end):
        if len(result) == MAX_RANGE:
            raise EvaluationError(f"more than {MAX_RANGE} values")
        result.append(start)
        start = add(start, step)
    return result


def _all_true(values: list[bool | Unknown]) -> Value:
    """Whether all are true; one that is false decides where none before it is unknown."""
    first = next((value for value in values if value is not True), True)
    return joined([first], is_set=True) if isinstance(first, Unknown) else first


def _any_true(values: list[bool | Unknown]) -> Value:
    unknowns = [value for value in values if isinstance(value, Unknown)]
    return joined(unknowns, is_set=True) if unknowns and True not in values else True in values


def _sort(values: list[Value]) -> list[Value]:
    """The texts in their order; with one that is not known there are as many, and none has its place."""
    unknowns = unknowns_in(values)
    return [joined(unknowns, is_set=True)] * len(values) if unknowns else [*sorted(texts(values))]


def _zipmap(keys: list[str], values: list[Value]) -> dict[str, Value]:
    if len(keys) != len(values):
        raise EvaluationError(f"there are {len(keys)} keys and {len(values)} values")
    return dict(zip(keys, values, strict=True))


def _compact(values: list[Value]) -> list[str]:
    return [to_text(value) for value in values if value is not None and value != ""]


def _chunks(values: list[Value], size: int) -> list[Value]:
    if size < 0:
        raise EvaluationError("the size must not be negative")
    return [values[start : start + size] for start in range(0, len(values), size)] if size else [values]


def _match_keys(values: list[Value], keys: list[Value], wanted: list[Value]) -> list[Value]:
    if len(values) != len(keys):
        raise EvaluationError("the list of keys must be as long as the list of values")
    return [value for value, key in zip(values, keys, strict=True) if contains(wanted, key)]


def _transpose(each: dict[str, Value]) -> dict[str, Value]:
    result: dict[str, list[str]] = {}
    for key in sorted(each):
        for name in texts(each[key]):
            result.setdefault(name, []).append(key)
    return {name: sorted(result[name]) for name in sorted(result)}


def _to_list(value: Value) -> list[Value] | None:
    return None if value is None else unified(list(items(value)))


def _to_map(value: Value) -> dict[str, Value] | None:
    if value is None:
        return None
    each = mapping(value)
    return dict(zip(each, unified(list(each.values())), strict=True))


def _top(run: Callable[..., Value], *parameters: Convert, rest: Convert | None = None) -> Function:
    """A function that is right although items of its arguments are unknown."""
    return Function(run, parameters, rest=rest, looks_only_at_the_top=True)


FUNCTIONS = {
    "alltrue": _top(_all_true, booleans),
    "anytrue": _top(_any_true, booleans),
    "chunklist": _top(_chunks, items, whole),
    "coalesce": Function(_coalesce, rest=anything),
    "coalescelist": _top(_coalesce_list, rest=ordered),
    "compact": Function(_compact, (items,)),
    "concat": _top(_concat, rest=items),
    "element": _top(_element, items, whole),
    "ephemeralasnull": _top(lambda value: value, anything),
    "flatten": _top(_flatten, items),
    "keys": _top(sorted, mapping),
    "length": _top(_length, some),
    "lookup": _top(_lookup, mapping, text, rest=anything),
    "matchkeys": Function(_match_keys, (items, items, items)),
    "merge": _top(_merge, rest=mapping_or_null),
    "nonsensitive": _top(lambda value: value, anything),
    "one": _top(_one, items),
    "range": Function(_range, rest=number),
    "reverse": _top(lambda values: values[::-1], items),
    "sensitive": _top(lambda value: value, anything),
    "slice": _top(_slice, ordered, whole, whole),
    "sort": _top(_sort, items),
    "tobool": Function(lambda value: None if value is None else to_bool(value), (anything,)),
    "tolist": _top(_to_list, anything),
    "tomap": _top(_to_map, anything),
    "tonumber": Function(lambda value: None if value is None else to_number(value), (anything,)),
    "transpose": Function(_transpose, (mapping,)),
    "values": _top(lambda each: [each[key] for key in sorted(each)], mapping),
    "zipmap": _top(_zipmap, texts, ordered),
}
