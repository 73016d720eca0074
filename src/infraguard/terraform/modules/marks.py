"""What Terraform marks as sensitive behind the names of a module: variables, locals, outputs and resources."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infraguard.terraform.declarations import BEFORE_NAMES, Declared
from infraguard.terraform.evaluation.conversion import to_bool
from infraguard.terraform.evaluation.evaluator import evaluate
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.marks import CLEAN, DOUBT, Attributes, Certain, Marks, any_of, by_index, fitted
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.evaluation.sensitivity import Sensitivity
from infraguard.terraform.modules.blocks import nested_blocks
from infraguard.terraform.modules.calls import NotHere
from infraguard.terraform.modules.members import Item, Members
from infraguard.terraform.modules.resource import ResourceInstance
from infraguard.terraform.modules.settle import settled
from infraguard.terraform.provider_schema.shapes import NO_SHAPE, Shape, nesting
from infraguard.terraform.syntax.nodes import Body, Node, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from infraguard.terraform.modules.module import Module

_SENSITIVITY = Sensitivity(evaluate)
#: Resources of Terraform itself, of which no schema is needed: nothing that they give is sensitive by itself.
_BUILT_IN = frozenset({"terraform_data"})


def marks_of_name(module: Module, root: str, steps: tuple[Step, ...]) -> tuple[Marks, tuple[Step, ...]]:
    """What is marked behind a name and some of the steps after it, and the steps that are left."""
    taken = 2 if root in BEFORE_NAMES else 1
    names = [str(step) for step in steps[:taken]]
    match root:
        case "var":
            found = _variable(module, names[0])
        case "local":
            local = module.declared.locals.get(names[0])
            found = _named(module, local.attribute.value, module.scope) if local else DOUBT
        case "module":
            called = module.call(names[0])
            found = DOUBT if called is None or isinstance(called, NotHere) else _members(called, _outputs)
        case "path" | "terraform":
            found = CLEAN
        case _:
            members = module.resource(".".join((root, *names)))
            found = _members(members, _resource) if members else DOUBT
    return found, steps[taken:]


def _named(module: Module, node: Node, scope: Scope) -> Marks:
    """The marks of a named value, worked out once; of a name that leads back to itself nothing is certain."""
    marked, key = module.run.marked, (id(node), id(scope))
    if key not in marked:
        marked[key] = DOUBT
        marked[key] = _of(node, scope)
    return marked[key]


def _of(node: Node, scope: Scope) -> Marks:
    """The marks of an expression; where it has no value, nothing is certain."""
    try:
        return _SENSITIVITY.of(node, scope)
    except EvaluationError:
        return DOUBT


def _variable(module: Module, name: str) -> Marks:
    declared, given = module.declared.variables.get(name), module.given.get(name)
    if declared is None:
        return DOUBT
    marks = _named(module, given.node, given.scope) if given else CLEAN
    if given and marks.deep is not False and settled(given.node, given.scope) is None:
        marks = DOUBT  # null may give way to the default, which has no marks
    return fitted(marks, module.variable(name)).under(_declared_so(declared, module.scope))


def _declared_so(declared: Declared, scope: Scope) -> Certain:
    """Whether a variable or an output is declared sensitive."""
    attribute = declared.body.attributes.get("sensitive")
    try:
        return attribute is not None and to_bool(settled(attribute.value, scope))
    except EvaluationError:
        return None


def _members(members: Members[Item], of: Callable[[Item], Marks]) -> Marks:
    """The marks of the instances of a block together."""
    if members.expansion.perhaps is not None or members.expansion.cut:
        return DOUBT
    if len(members.items) == 1 and members.items[0][0].key is None:
        return of(members.items[0][1])
    return Marks(parts={str(instance.key): of(item) for instance, item in members.items})


def _outputs(module: Module) -> Marks:
    return Attributes(find=partial(_output, module))


def _output(module: Module, name: str) -> Marks:
    declared = module.declared.outputs.get(name)
    value = declared.body.attributes.get("value") if declared else None
    if declared is None or value is None:
        return DOUBT
    # Terraform marks what is declared sensitive in most versions, and not in 1.11
    is_plain = _declared_so(declared, module.scope) is False
    return _named(module, value.value, module.scope).under(False if is_plain else None)


def _resource(item: ResourceInstance) -> Marks:
    return Attributes(find=partial(_attribute, item))


def _attribute(item: ResourceInstance, name: str) -> Marks:
    attribute = item.declared.body.attributes.get(name)
    if attribute is None and any(block.type == name for block in nested_blocks(item.declared.body, item.scope)):
        return _blocks(item.declared.body, item.scope, item.shape, name)
    marks = _of(attribute.value, item.scope) if attribute else CLEAN
    return fitted(marks, item.attribute(name)).under(_by_schema(item, name))


def _by_schema(item: ResourceInstance, name: str) -> Certain:
    """Whether the provider calls an attribute sensitive; what of a nested block in it is, is not told apart."""
    if item.declared.block.labels[0] in _BUILT_IN:
        return False
    shape = item.shape
    is_known = name in shape.arguments and not item.is_ephemeral
    return name in shape.sensitive if is_known else None


def _blocks(body: Body, scope: Scope, shape: Shape, block_type: str) -> Marks:
    """The marks of the nested blocks of one type."""
    nested = nesting(shape, block_type)
    if nested.shape is NO_SHAPE:
        return DOUBT
    found = [block for block in nested_blocks(body, scope) if block.type == block_type]
    if any(block.unknown for block in found):
        return DOUBT
    each = [_block(block.body, block.scope, nested.shape) for block in found]
    if nested.kind == "set":
        return Marks(any_of(*(marks.deep for marks in each)))
    return by_index(each) if nested.kind else each[0]


def _block(body: Body, scope: Scope, shape: Shape) -> Marks:
    parts = {name: _of(attribute.value, scope) for name, attribute in body.attributes.items()}
    parts |= {block.type: _blocks(body, scope, shape, block.type) for block in nested_blocks(body, scope)}
    marked = {name: CLEAN.with_here(True) for name in shape.sensitive if name not in parts}
    return Marks(parts={name: marks.under(name in shape.sensitive) for name, marks in parts.items()} | marked)
