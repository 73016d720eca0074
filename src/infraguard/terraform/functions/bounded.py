"""What is proved of the result of a function although its arguments are not all known."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from infraguard.model.values import Bounds, Value
from infraguard.terraform.evaluation.possible import Possible, one_of, possible
from infraguard.terraform.evaluation.values import BlockValue, is_list


def bounds_of(name: str, arguments: list[Value]) -> Bounds | None:
    """The bounds of what a function gives, if it gives anything; None where nothing is proved."""
    return _BOUNDED[name](*arguments) if name in _BOUNDED and arguments else None


def _same(value: Value, *_: Value) -> Bounds | None:
    return possible(value).bounds()


def _lookup(each: Value, *rest: Value) -> Bounds | None:
    if not isinstance(each, dict) or isinstance(each, BlockValue):
        return None
    return one_of([*each.values(), *rest[1:]]) if each or rest[1:] else None


def _element(values: Value, *_: Value) -> Bounds | None:
    return one_of(values) if is_list(values) and values else None


def _coalesce(*values: Value) -> Bounds | None:
    """One of the arguments that are neither null nor empty."""
    some = reduce(Possible.either, map(possible, values))
    among = None if some.among is None else tuple(x for x in some.among if x != "")
    return Possible(null=False, least=some.least, most=some.most, among=among).bounds()


def _greatest(*values: Value) -> Bounds | None:
    limits = [possible(value).limits() for value in values]
    least = max((low for low, _ in limits if low is not None), default=None)
    most = None if any(high is None for _, high in limits) else max(high for _, high in limits if high is not None)
    return Possible(null=False, least=least, most=most).bounds()


def _smallest(*values: Value) -> Bounds | None:
    limits = [possible(value).limits() for value in values]
    least = None if any(low is None for low, _ in limits) else min(low for low, _ in limits if low is not None)
    most = min((high for _, high in limits if high is not None), default=None)
    return Possible(null=False, least=least, most=most).bounds()


_BOUNDED: dict[str, Callable[..., Bounds | None]] = {
    "coalesce": _coalesce,
    "element": _element,
    "lookup": _lookup,
    "max": _greatest,
    "min": _smallest,
    **dict.fromkeys(("tonumber", "tostring", "tobool", "sensitive", "nonsensitive"), _same),
}
