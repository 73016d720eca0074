"""What a value can be although it is not known: the working form of `Bounds`.

Bounds are a promise that a policy may pass on, so every step here only ever allows more than is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from msgspec import Struct

from infraguard.model.values import Bounds, Unknown, Value
from infraguard.terraform.evaluation.conversion import to_number
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.numbers import plain
from infraguard.terraform.evaluation.operators import distinct, same

#: Of longer lists of values only their limits are kept.
MAX_AMONG = 100


class Possible(Struct, frozen=True, kw_only=True):
    """The values that are possible: null or not, numbers between inclusive limits, or only those `among` a list.

    `among` is None when there is no list; an empty one leaves nothing but null.
    """

    null: bool = True
    least: float | None = None
    most: float | None = None
    among: tuple[Value, ...] | None = None

    @property
    def none_but_null(self) -> bool:
        """Whether no value is left: what asks for it contradicts itself."""
        crossed = self.least is not None and self.most is not None and self.least > self.most
        return crossed or self.among == ()

    @property
    def limited(self) -> bool:
        return self.least is not None or self.most is not None

    def both(self, other: Possible) -> Possible:
        """The values that both allow."""
        least = max((x for x in (self.least, other.least) if x is not None), default=None)
        most = min((x for x in (self.most, other.most) if x is not None), default=None)
        among = self.among if other.among is None else other.among
        if self.among is not None and other.among is not None:
            among = tuple(x for x in self.among if any(same(x, y) for y in other.among))
        if among is not None:
            among = tuple(x for x in among if _between(x, least, most))
        return Possible(null=self.null and other.null, least=least, most=most, among=among)

    def either(self, other: Possible) -> Possible:
        """The values that one of them allows."""
        null = self.null or other.null
        if self.none_but_null or other.none_but_null:
            left = other if self.none_but_null else self
            return Possible(null=null, least=left.least, most=left.most, among=left.among)
        if self.among is not None and other.among is not None and len(self.among) + len(other.among) <= MAX_AMONG:
            return Possible(null=null, among=tuple(distinct([*self.among, *other.among])))
        (a, b), (c, d) = self.limits(), other.limits()
        least = None if a is None or c is None else min(a, c)
        most = None if b is None or d is None else max(b, d)
        return Possible(null=null, least=least, most=most)

    def limits(self) -> tuple[float | None, float | None]:
        if self.among is None:
            return self.least, self.most
        if any(isinstance(x, (str, bool)) for x in self.among):
            return None, None
        return min(self.among), max(self.among)

    def bounds(self) -> Bounds | None:
        """The bounds of a value that is one of these; None when nothing is proved, or all is excluded."""
        if self.null or self.none_but_null or not (self.among or self.limited):
            return None
        if self.among:
            return Bounds(among=tuple(plain(x) if isinstance(x, (int, float)) else x for x in self.among))
        least, most = (None if limit is None else plain(limit) for limit in (self.least, self.most))
        return Bounds(least=least, most=most)


#: Nothing is known.
ANYTHING = Possible()


def possible(value: Value) -> Possible:
    """What a value can be that is known, or that carries its bounds."""
    if isinstance(value, Unknown):
        bounds = value.bounds
        if bounds is None:
            return Possible(null=not value.is_set)
        return Possible(null=False, least=bounds.least, most=bounds.most, among=bounds.among or None)
    if value is None:
        return Possible(among=())
    if isinstance(value, (str, bool, int, float)):
        return Possible(null=False, among=(value,))
    return ANYTHING


def any_of(values: list[Value]) -> Possible:
    """What a value can be that equals one of these known scalars."""
    if len(values) <= MAX_AMONG:
        return Possible(null=False, among=tuple(distinct(values)))
    if any(isinstance(x, (str, bool)) for x in values):
        return Possible(null=False)
    return Possible(null=False, least=min(values), most=max(values))


def one_of(values: Iterable[Value]) -> Bounds | None:
    """The bounds of a value that is one of these, of which there is at least one."""
    return reduce(Possible.either, map(possible, values)).bounds()


def proved_order(operator: str, left: Value, right: Value) -> bool | None:
    """What a comparison of two values says for certain by what is proved of them; None when that does not decide it."""
    if operator in (">", ">="):
        operator, left, right = {">": "<", ">=": "<="}[operator], right, left
    if operator not in ("<", "<="):
        return None
    (least, most), (low, high) = possible(left).limits(), possible(right).limits()
    strict = operator == "<"
    if most is not None and low is not None and (most < low if strict else most <= low):
        return True
    if least is not None and high is not None and (least >= high if strict else least > high):
        return False
    return None


def proved_equal(left: Value, right: Value) -> bool | None:
    """The same of `==`, for values of which every one that they can be is known."""
    one, other = possible(left), possible(right)
    if one.null or other.null or not one.among or not other.among:
        return None
    found = {same(x, y) for x in one.among for y in other.among}
    return found.pop() if len(found) == 1 else None


def in_words(bounds: Bounds) -> str:
    """The bounds for people: `at least 30 and at most 35`, `one of "a", "b"`."""
    if bounds.among:
        shown = ", ".join(f'"{x}"' if isinstance(x, str) else str(x).lower() for x in bounds.among[:10])
        return f"one of {shown}" if len(bounds.among) > 1 else shown
    limits = (("at least", bounds.least), ("at most", bounds.most))
    return " and ".join(f"{words} {limit}" for words, limit in limits if limit is not None)


def _between(value: Value, least: float | None, most: float | None) -> bool:
    if least is None and most is None:
        return True
    try:
        number = to_number(value)
    except EvaluationError:
        return False
    return (least is None or number >= least) and (most is None or number <= most)
