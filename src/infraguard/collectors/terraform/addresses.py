"""What addresses and paths mean in a module: the resource, the argument, and where a call gives it."""

from __future__ import annotations

from collections.abc import Iterator

from infraguard.model.values import Location, Value
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.modules.blocks import nested_blocks
from infraguard.terraform.modules.calls import NotHere
from infraguard.terraform.modules.module import Module
from infraguard.terraform.modules.resource import ResourceInstance
from infraguard.terraform.modules.variables import Argument
from infraguard.terraform.syntax.nodes import Attribute, Node, Traversal


def find_resource(module: Module, address: str) -> tuple[Module, ResourceInstance | None]:
    """The innermost module that an address leads into, and the resource of that address in it."""
    for name in module.declared.modules:
        called = module.call(name) if address.startswith(f"{module.prefix}module.{name}") else None
        for _, child in called.items if called and not isinstance(called, NotHere) else ():
            if address.startswith(child.prefix):
                return find_resource(child, address)
    for name in module.declared.resources:
        members = module.resource(name) if address.startswith(module.prefix + name) else None
        for _, item in members.items if members else ():
            if item.address == address:
                return module, item
    return module, None


def argument_at(item: ResourceInstance, path: str) -> tuple[Attribute, Scope, Location] | None:
    """The argument that gives a path of a resource its value, through nested blocks."""
    body, scope, steps = item.declared.body, item.scope, path.split(".")
    top = steps[0]
    while steps:
        name = steps.pop(0)
        if attribute := body.attributes.get(name):
            return attribute, scope, item.declared.place(top, attribute.value.at, attribute.end)
        blocks = [block for block in nested_blocks(body, scope) if block.type == name]
        index = int(steps.pop(0)) if steps and steps[0].isdecimal() else 0
        if index >= len(blocks):
            return None
        body, scope = blocks[index].body, blocks[index].scope
    return None


def place_in_call(module: Module, name: str, given: Argument) -> Location:
    """Where the call of a module gives this argument."""
    caller = given.scope.module
    if not isinstance(caller, Module):
        return Location()
    rest = module.address.removeprefix(f"{caller.prefix}module.")
    call = next(call for call in caller.declared.modules if rest == call or rest.startswith(f"{call}["))
    return caller.declared.modules[call].place(name, given.node.at)


def traversals(part: Value) -> Iterator[Traversal]:
    """Every name in an expression, in the order written."""
    if isinstance(part, Traversal):
        yield part
    if isinstance(part, Node):
        part = tuple(getattr(part, field) for field in part.__struct_fields__)
    if isinstance(part, tuple):
        for inner in part:
            yield from traversals(inner)
