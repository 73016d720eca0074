"""What the provider takes in a resource, a data source or a nested block: names and their types, read from its schema.

A shape is written as words. `name:TYPE` is an argument, `name=TYPE` a nested block; a string needs no type. Types are
`n` number, `b` bool, `a` anything, `#5` an object or block of the fifth shape, and `l`, `s` and `m` before another one
for a list, a set and a map of it. After a name `^` says that the provider may fill it in, `!` that it is written only,
and `*` that it is sensitive.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from msgspec import Struct

from infraguard.terraform.evaluation.types import ANY, Field, Type
from infraguard.terraform.provider_schema import schema

_PRIMITIVES: Final = {"": Type("string"), "n": Type("number"), "b": Type("bool"), "a": ANY}
_COLLECTIONS: Final = {"l": "list", "s": "set", "m": "map"}


class Shape(Struct, frozen=True):
    """The arguments of a body with their types, and its nested blocks as they are written in the schema.

    `nullable` are arguments that are null, or have a default of the provider, when they are left out; others are
    filled in by AWS.
    """

    arguments: dict[str, Type]
    blocks: dict[str, str]
    nullable: frozenset[str]
    write_only: frozenset[str]
    sensitive: frozenset[str] = frozenset()


class Nesting(Struct, frozen=True):
    """Nested blocks of one type: a `list` or a `set` of them, or nothing where there is at most one."""

    kind: str
    shape: Shape


NO_SHAPE: Final = Shape({}, {}, frozenset(), frozenset())
#: How nested blocks are read of which no schema is known.
NO_NESTING: Final = Nesting("list", NO_SHAPE)


@cache
def shape_of(kind: str, *, data: bool = False) -> Shape:
    """What the version of the provider that we know takes in a resource or data source; nothing for other types."""
    known = schema()
    text = (known.data if data else known.types).get(kind)
    return NO_SHAPE if text is None else _shape(text)


def nesting(shape: Shape, block_type: str) -> Nesting:
    """The nested blocks of one type in a body; an argument that takes objects may be written as blocks too."""
    if code := shape.blocks.get(block_type):
        return _nesting(code)
    wanted = shape.arguments.get(block_type)
    if wanted is not None and wanted.items is not None and wanted.items.kind == "object":
        fields = {name: field.type for name, field in wanted.items.fields.items()}
        return Nesting(wanted.kind, Shape(fields, {}, frozenset(), frozenset()))
    return NO_NESTING


@cache
def _nesting(code: str) -> Nesting:
    collection, _, number = code.partition("#")
    return Nesting(_COLLECTIONS.get(collection, ""), _shape(schema().shapes[int(number)]))


@cache
def _shape(text: str) -> Shape:
    arguments: dict[str, Type] = {}
    blocks: dict[str, str] = {}
    marked: dict[str, set[str]] = {"^": set(), "!": set(), "*": set()}
    for word in text.split():
        name, equals, code = word.partition("=")
        if equals:
            blocks[name] = code
            continue
        name, _, code = word.partition(":")
        bare = name.rstrip("^!*")
        for mark in name[len(bare) :]:
            marked[mark].add(bare)
        arguments[bare] = _type(code)
    nullable = frozenset(arguments.keys() - marked["^"])
    return Shape(arguments, blocks, nullable, frozenset(marked["!"]), frozenset(marked["*"]))


@cache
def _type(code: str) -> Type:
    if code in _PRIMITIVES:
        return _PRIMITIVES[code]
    if code[0] == "#":
        fields = _shape(schema().shapes[int(code[1:])]).arguments
        return Type("object", fields={name: Field(each) for name, each in fields.items()})
    return Type(_COLLECTIONS[code[0]], items=_type(code[1:]))
