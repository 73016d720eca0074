"""Type constraints of variables: conversion of what is given into what is declared."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.conversion import to_bool, to_number, to_text
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.operators import as_set
from infraguard.terraform.evaluation.unify import unified
from infraguard.terraform.evaluation.values import Lazy, is_list, kind_of
from infraguard.terraform.syntax import parse_expression
from infraguard.terraform.syntax.nodes import Call, Literal, Node, Object, Traversal, Tuple


class Type(Struct, frozen=True):
    """A type constraint: a primitive, `any`, or a collection of `items`, `fields` or `elements`."""

    kind: str
    items: Type | None = None
    fields: dict[str, Field] = field(default_factory=dict)
    elements: tuple[Type, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it leaves a type to the value: it is `any`, or has it inside."""
        inner = (self.items, *(field.type for field in self.fields.values()), *self.elements)
        return self.kind == "any" or any(each is not None and each.open for each in inner)


class Field(Struct, frozen=True):
    """An attribute of an object type. `default` is an expression of constants."""

    type: Type
    optional: bool = False
    default: Node | None = None


ANY = Type("any")
_PRIMITIVES = {"string": to_text, "number": to_number, "bool": to_bool}


def read_type(node: Node) -> Type:
    """The type that an expression such as `list(object({...}))` stands for; `any` where it stands for none."""
    if isinstance(node, Traversal) and not node.steps:
        return Type(node.root)
    if isinstance(node, Literal) and isinstance(node.value, str):
        return _written_type(node.value)
    if not isinstance(node, Call) or not node.arguments:
        return ANY
    argument = node.arguments[0]
    if node.name == "object" and isinstance(argument, Object):
        return Type("object", fields={_key(key): _field(value) for key, value in argument.items})
    if node.name == "tuple" and isinstance(argument, Tuple):
        return Type("tuple", elements=tuple(read_type(item) for item in argument.items))
    if node.name in ("list", "set", "map"):
        return Type(node.name, items=read_type(argument))
    return ANY


def _written_type(text: str) -> Type:
    """A type that is written as a string, as JSON has it."""
    if text.isidentifier():
        return Type(text)
    try:
        node = parse_expression(text, "")
    except SyntaxProblem:
        return ANY
    return ANY if isinstance(node, Literal) else read_type(node)


def _key(node: Node) -> str:
    return str(node.value) if isinstance(node, Literal) else ""


def _field(node: Node) -> Field:
    if isinstance(node, Call) and node.name == "optional" and node.arguments:
        default = node.arguments[1] if len(node.arguments) > 1 else None
        return Field(read_type(node.arguments[0]), optional=True, default=default)
    return Field(read_type(node))


class Conversion:
    """Converts values into types. `default` evaluates the default of an optional attribute."""

    def __init__(self, default: Callable[[Node], Value]) -> None:
        self._default = default

    def convert(self, value: Value, wanted: Type) -> Value:
        """The value as the type has it. Raises `EvaluationError` where Terraform would refuse it."""
        if value is None or wanted.kind == "any" or isinstance(value, (Unknown, Lazy)):
            return value
        if wanted.kind in _PRIMITIVES:
            return _PRIMITIVES[wanted.kind](value)
        if wanted.kind in ("list", "set"):
            return self._sequence(value, wanted)
        if wanted.kind == "tuple":
            return self._tuple(value, wanted)
        if not isinstance(value, dict):
            raise EvaluationError(f"a {wanted.kind} is required, not a {kind_of(value)}")
        if wanted.kind == "map":
            return dict(zip(value, self._items(list(value.values()), wanted), strict=True))
        return self._object(value, wanted)

    def _sequence(self, value: Value, wanted: Type) -> Value:
        if not is_list(value):
            raise EvaluationError(f"a {wanted.kind} is required, not a {kind_of(value)}")
        converted = self._items(value, wanted)
        return as_set(converted) if wanted.kind == "set" else converted

    def _items(self, values: list[Value], wanted: Type) -> list[Value]:
        """The items of a collection; with `any` in their type, that is one type for all of them."""
        item = wanted.items or ANY
        converted = [self.convert(value, item) for value in values]
        return unified(converted) if item.open else converted

    def _tuple(self, value: Value, wanted: Type) -> Value:
        if not is_list(value) or len(value) != len(wanted.elements):
            raise EvaluationError(f"a tuple of {len(wanted.elements)} items is required")
        return [self.convert(item, element) for item, element in zip(value, wanted.elements, strict=True)]

    def _object(self, value: dict[str, Value], wanted: Type) -> Value:
        """Only the attributes that the type names, with the defaults of those that may be left out."""
        result: dict[str, Value] = {}
        for name, each in wanted.fields.items():
            item = value.get(name)
            if item is None and each.optional and each.default is not None:
                item = self._default(each.default)
            elif name not in value and not each.optional:
                raise EvaluationError(f'the attribute "{name}" is required')
            result[name] = self.convert(item, each.type)
        return result
