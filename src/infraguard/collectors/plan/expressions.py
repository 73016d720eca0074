"""What the configuration in a plan says of an argument: whether it is set, and which names its expression uses.

Terraform lists the names, and not how they are used: `var.on ? a.arn : b.arn` and `[var.on, a.arn, b.arn]` look alike.
Blocks that `dynamic` makes are not listed at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from msgspec import Struct

from infraguard.readers.patterns import pattern


class Argument(Struct, frozen=True):
    """It is set, by an expression that uses these names. Without any, `constant` is its value, if Terraform tells."""

    references: tuple[str, ...] = ()
    constant: Any = ""


class Nested(Struct, frozen=True):
    """It is set, by nested blocks."""

    blocks: tuple[dict[str, Any], ...] = ()


class _Untold:
    """The type of `UNTOLD`."""


class _NotSet:
    """The type of `NOT_SET`."""


#: The configuration does not tell whether it is set: a dynamic block, or a state, which has no configuration.
UNTOLD: Final = _Untold()
NOT_SET: Final = _NotSet()

_STEP: Final = pattern(r"[.\[]")

Configured: TypeAlias = Argument | Nested | _Untold | _NotSet


def configured(raw: Any) -> Configured:
    """What one entry of `expressions` means."""
    if isinstance(raw, list):
        return Nested(tuple(block for block in raw if isinstance(block, dict)))
    if not isinstance(raw, dict):
        return Argument()
    if raw.keys() <= {"references", "constant_value"} and isinstance(raw.get("references", []), list):
        return Argument(longest(raw.get("references", ())), raw.get("constant_value", ""))
    return Nested((raw,))


def within(outer: Configured, name: str) -> Configured:
    """What is said of a name inside of what `outer` is said of."""
    if outer is NOT_SET:
        return UNTOLD
    if not isinstance(outer, Nested):
        return outer
    found = [configured(block[name]) for block in outer.blocks if name in block]
    if not found:
        return NOT_SET
    if all(isinstance(each, Nested) for each in found):
        return Nested(tuple(block for each in found if isinstance(each, Nested) for block in each.blocks))
    return Argument(tuple(name for each in found if isinstance(each, Argument) for name in each.references))


def each_of(outer: Configured, count: int) -> Configured:
    """What is said of each of `count` blocks. When there are more than are written, some are dynamic."""
    return UNTOLD if isinstance(outer, Nested) and count > len(outer.blocks) else outer


def longest(references: Iterable[Any]) -> tuple[str, ...]:
    """The references without those that only begin others: Terraform lists `a.b.id` and `a.b` for one use."""
    names = tuple(dict.fromkeys(name for name in references if isinstance(name, str)))
    begun = {name[: at.start()] for name in names for at in _STEP.finditer(name)}
    return tuple(name for name in names if name not in begun)
