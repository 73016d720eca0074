"""Nested blocks, with dynamic blocks written out."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.operators import as_set
from infraguard.terraform.evaluation.scope import Origin, Scope
from infraguard.terraform.evaluation.values import BlockValue, Lazy, SetValue, is_list, joined, pairs
from infraguard.terraform.modules.fitting import argument
from infraguard.terraform.modules.instances import MAX_INSTANCES
from infraguard.terraform.modules.settle import settled
from infraguard.terraform.provider_schema.shapes import NO_NESTING, NO_SHAPE, Nesting, Shape, nesting
from infraguard.terraform.syntax.nodes import Body, Literal, Traversal

#: Arguments that tell Terraform what to do, and say nothing of the resource.
META_ARGUMENTS = frozenset({"count", "for_each", "provider", "depends_on"})
#: Nested blocks of the same sort, at the top of a resource.
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})


class Nested(Struct, frozen=True):
    """A nested block and the scope its arguments stand in. `unknown` says why a dynamic block cannot be written out."""

    type: str
    body: Body
    scope: Scope
    at: int
    unknown: Unknown | None = None


def nested_blocks(body: Body, scope: Scope, *, leaving_out: frozenset[str] = frozenset()) -> Iterator[Nested]:
    """The nested blocks of a body; those of dynamic blocks one for each item.

    At the top of a resource the blocks of `META_BLOCKS` are to be left out. Deeper they are the resource's own: the
    rules of a backup plan have a `lifecycle`.
    """
    for block in body.blocks:
        if block.type == "dynamic" and len(block.labels) == 1:
            yield from _dynamic(block.labels[0], block.body, scope, block.at)
        elif block.type not in leaving_out:
            yield Nested(block.type, block.body, scope, block.at)


def nested_values(body: Body, scope: Scope, block_type: str, shape: Shape = NO_SHAPE, address: str = "") -> Value:
    """The blocks of one type, as `in_place_of_blocks` has them. `address` is what they stand in."""
    found = [block for block in nested_blocks(body, scope) if block.type == block_type]
    return _values(found, nesting(shape, block_type), f"{address}.{block_type}")


def _values(found: list[Nested], nested: Nesting, address: str) -> Value:
    values = [
        block.unknown or _block_value(block, nested.shape, f"{address}[{index}]") for index, block in enumerate(found)
    ]
    together = in_place_of_blocks(values, nested)
    return as_set(together) if nested.kind == "set" and is_list(together) else together


def in_place_of_blocks(values: list[Value], nested: Nesting = NO_NESTING) -> Value:
    """The list of blocks, nothing for none, and an unknown alone for a dynamic block that cannot be written out.

    Where there is at most one, it stands alone.
    """
    if not values:
        return None
    alone = len(values) == 1 and (not nested.kind or isinstance(values[0], Unknown))
    return values[0] if alone else values


def _block_value(block: Nested, shape: Shape, address: str) -> BlockValue:
    """The arguments and nested blocks of a block as one object. What is null is absent."""
    values = {
        name: argument(settled(attribute.value, block.scope), shape, f"{address}.", name)
        for name, attribute in block.body.attributes.items()
    }
    blocks: dict[str, list[Nested]] = {}
    for inner in nested_blocks(block.body, block.scope):
        blocks.setdefault(inner.type, []).append(inner)
    nested = {name: _values(found, nesting(shape, name), f"{address}.{name}") for name, found in blocks.items()}
    known = {name: value for name, value in values.items() if value is not None} | nested
    return BlockValue(known, address, shape.nullable, is_guessed=shape is NO_SHAPE)


def _dynamic(block_type: str, body: Body, scope: Scope, at: int) -> Iterator[Nested]:
    content = next((block for block in body.blocks if block.type == "content"), None)
    for_each = body.attributes.get("for_each")
    if content is None or for_each is None:
        reason = f"the dynamic block {block_type} has no for_each or no content"
        yield Nested(block_type, body, scope, at, Unknown(reason=reason, remedy="give it both"))
        return
    name, node = _iterator(body, block_type), for_each.value
    collection = _collection(settled(node, scope))
    if isinstance(collection, Unknown):
        inner = scope.within(
            {name: {"key": collection, "value": collection}}, {name: Origin(node, scope, None, keyed=False)}
        )
        yield Nested(block_type, content.body, inner, at, collection)
        return
    has_keys = not isinstance(collection, SetValue)
    for key, value in pairs(collection):
        origin = Origin(node, scope, key if has_keys else None, keyed=isinstance(collection, dict))
        yield Nested(block_type, content.body, scope.within({name: {"key": key, "value": value}}, {name: origin}), at)


def _collection(value: Value) -> Value:
    """What a dynamic block goes over, or why that is not known."""
    if isinstance(value, Lazy):
        value = value.whole()
    if isinstance(value, Unknown):
        return joined([value])
    if not isinstance(value, dict) and not is_list(value):
        return Unknown(reason="for_each of a dynamic block is no collection", remedy="give a list, a set or a map")
    if len(value) > MAX_INSTANCES:
        reason = f"a dynamic block of more than {MAX_INSTANCES} items"
        return Unknown(reason=reason, remedy="scan a Terraform plan")
    return value


def _iterator(body: Body, block_type: str) -> str:
    iterator = body.attributes.get("iterator")
    if iterator is not None and isinstance(iterator.value, Traversal):
        return iterator.value.root
    if iterator is not None and isinstance(iterator.value, Literal):
        return str(iterator.value.value)  # in JSON
    return block_type
