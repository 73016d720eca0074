"""Which parts of a value Terraform marks as sensitive, as far as that is certain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

from infraguard.model.values import Value
from infraguard.terraform.evaluation.values import SetValue, is_list

#: Yes, no, or None where neither is certain.
Certain: TypeAlias = bool | None


def any_of(*each: Certain) -> Certain:
    """Whether one of them is true."""
    return True if True in each else None if None in each else False


class Marks(Struct, frozen=True):
    """The marks of one value: `here` its own, `parts` those of its items by key or index.

    What is not among the parts has no mark, unless they are `open`: then it may have one.
    """

    here: Certain = False
    parts: Mapping[str, Marks] = {}
    open: bool = False

    @property
    def deep(self) -> Certain:
        """Whether the value or anything in it is marked."""
        return any_of(self.here, None if self.open else False, *(part.deep for part in self.parts.values()))

    def part(self, key: str) -> Marks:
        """The marks of one item, which has those of what it is in as well."""
        return self.inside(key).under(self.here)

    def inside(self, key: str) -> Marks:
        """The marks that one item has by itself."""
        return self.parts.get(key) or (DOUBT if self.open else CLEAN)

    def some_part(self) -> Marks:
        """The marks of an item, it is not known which."""
        doubtful = self.open or any(part.deep is not False for part in self.parts.values())
        return DOUBT.under(self.here) if doubtful else Marks(self.here)

    def under(self, outer: Certain) -> Marks:
        """These marks, and the one of what the value is in or comes from."""
        here = any_of(self.here, outer)
        return self if here is self.here else self.with_here(here)

    def with_here(self, here: Certain) -> Marks:
        """The same with another mark of the value itself."""
        return Marks(here, self.parts, self.open)


class Attributes(Marks, frozen=True, kw_only=True):
    """The marks of an object whose attributes are looked at when they are asked for."""

    find: Callable[[str], Marks]

    @property
    def deep(self) -> Certain:
        return self.here or None

    def inside(self, key: str) -> Marks:
        return self.find(key)

    def some_part(self) -> Marks:
        return DOUBT.under(self.here)

    def with_here(self, here: Certain) -> Marks:
        return Attributes(here, find=self.find)


CLEAN = Marks()
DOUBT = Marks(None, open=True)


def unknown_marks(here: Certain) -> Marks:
    """The marks of a value that is not known, and that may come to be marked by what is in it."""
    return Marks(here or None, open=True)


def by_index(items: list[Marks], here: Certain = False) -> Marks:
    """The marks of a list."""
    return Marks(here, {str(index): item for index, item in enumerate(items)})


def fitted(marks: Marks, value: Value) -> Marks:
    """The marks of a value after a conversion gave it this form: a set has those of its items itself."""
    if isinstance(value, SetValue):
        return Marks(marks.deep)
    if isinstance(marks, Attributes) or not marks.parts:
        return marks
    each = value.items() if isinstance(value, dict) else enumerate(value) if is_list(value) else ()
    return Marks(marks.here, {str(key): fitted(marks.inside(str(key)), item) for key, item in each}, marks.open)
