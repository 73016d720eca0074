"""Nested blocks of resources in JSON, which nothing but the provider's schema tells from arguments.

Where it says that something is a block, the object that stands for it becomes one, and so do the `dynamic` blocks in
it. What it does not know stays an argument; one that may hold a dynamic block is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from infraguard.model.values import Unknown
from infraguard.terraform.provider_schema.shapes import Shape, nesting, shape_of
from infraguard.terraform.syntax.json import body_of
from infraguard.terraform.syntax.nodes import Attribute, Block, Body, Literal, Node, Object, Tuple

_DYNAMIC = "dynamic"


def with_blocks(block: Block) -> Block:
    """A resource or data source as native syntax would have it."""
    kind = block.labels[0] if block.labels else ""
    return replace(block, body=_shaped(block.body, shape_of(kind, data=block.type == "data"), kind))


def _shaped(body: Body, shape: Shape, path: str) -> Body:
    """The body with what the schema calls blocks as blocks, in the order in which they are written."""
    attributes: dict[str, Attribute] = {}
    blocks = [_dynamic(each, shape, path) if each.type == _DYNAMIC else each for each in body.blocks]
    for name, attribute in body.attributes.items():
        objects = _objects(attribute.value)
        if name not in shape.blocks or objects is None:
            attributes[name] = attribute if name in shape.arguments else _doubted(attribute, f"{path}.{name}")
            continue
        inner = nesting(shape, name).shape
        blocks += [_block(name, each, inner, f"{path}.{name}") for each in objects]
    return Body(attributes, tuple(sorted(blocks, key=lambda each: each.at)))


def _block(name: str, node: Object, shape: Shape, path: str) -> Block:
    return Block(node.at, name, (), _shaped(body_of(node), shape, path), node.at)


def _dynamic(block: Block, shape: Shape, path: str) -> Block:
    """A dynamic block whose content is read by the schema of what it writes."""
    name = block.labels[0]
    inner, below = nesting(shape, name).shape, f"{path}.{name}"
    written = tuple(replace(each, body=_shaped(each.body, inner, below)) for each in block.body.blocks)
    return replace(block, body=Body(block.body.attributes, written))


def _objects(node: Node) -> list[Object] | None:
    """The objects that an argument consists of; None where it holds anything else."""
    items = node.items if isinstance(node, Tuple) else (node,)
    objects = [item for item in items if isinstance(item, Object)]
    return objects if len(objects) == len(items) else None


def _doubted(attribute: Attribute, path: str) -> Attribute:
    """An argument of which nothing says that it is none but an argument, unknown where it would be more than that."""
    if not any(_holds_dynamic(each) for each in _within(attribute.value)):
        return attribute
    reason = f"{path} may hold a dynamic block, and its schema is not known here"
    unknown = Unknown(reason, (path,), remedy="write it as HCL, or scan a Terraform plan")
    return replace(attribute, value=Literal(attribute.value.at, unknown))


def _within(node: Node) -> Iterator[Object]:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Object):
            yield each
            waiting.extend(value for _, value in each.items)
        elif isinstance(each, Tuple):
            waiting.extend(each.items)


def _holds_dynamic(node: Object) -> bool:
    return any(
        isinstance(key, Literal) and key.value == _DYNAMIC and _objects(value) is not None for key, value in node.items
    )
