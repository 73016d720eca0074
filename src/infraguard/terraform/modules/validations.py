"""What the `validation` blocks of a variable prove of it, whatever value it will be given.

Terraform refuses to plan with a value for which a condition does not hold, or cannot be worked out; so what follows
from all conditions holds of every value that it accepts.
"""

from __future__ import annotations

from functools import reduce

from infraguard.model.values import Value
from infraguard.terraform.declarations import Declared
from infraguard.terraform.evaluation.possible import ANYTHING, Possible, any_of, possible
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.evaluation.values import is_list
from infraguard.terraform.modules.settle import settled
from infraguard.terraform.syntax.nodes import Binary, Call, Conditional, Literal, Node, Traversal, Tuple, Unary

#: Of longer conditions the rest is taken to prove nothing.
MAX_PARTS = 200
#: Each comparison, read from right to left, and its opposite.
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "bool": (bool,), "number": (int, float)}
#: Numbers between which a double and Terraform's numbers agree.
_EXACT = 2**53


def validated(declared: Declared, type_name: str, scope: Scope, *, null: bool) -> Possible:
    """What a variable can be, of a primitive type or of any other; `null` says whether it may be null."""
    start = Possible(null=null, among=(True, False)) if type_name == "bool" else Possible(null=null)
    blocks = [block for block in declared.body.blocks if block.type == "validation"]
    conditions = [block.body.attributes["condition"].value for block in blocks if "condition" in block.body.attributes]
    proof = _Proof(declared.block.labels[0], scope)
    found = reduce(Possible.both, (proof.of(condition, holds=True) for condition in conditions), start)
    if found.among is None or type_name not in _TYPES:
        return found
    fitting = tuple(x for x in found.among if isinstance(x, _TYPES[type_name]) and _is_bool(x) == (type_name == "bool"))
    return Possible(null=found.null, least=found.least, most=found.most, among=fitting)


def _is_bool(value: Value) -> bool:
    return isinstance(value, bool)


class _Proof:
    """Reads conditions on one variable. What it does not understand proves nothing."""

    def __init__(self, name: str, scope: Scope) -> None:
        self._name = name
        self._scope = scope
        self._left = MAX_PARTS

    def of(self, node: Node, *, holds: bool) -> Possible:
        """What the variable can be when a condition holds, or when it does not."""
        self._left -= 1
        if self._left < 0:
            return ANYTHING
        match node:
            case Literal(value=bool(value)):
                return ANYTHING if value is holds else Possible(null=False, among=())
            case Unary(operator="!"):
                return self.of(node.operand, holds=not holds)
            case Binary(operator="&&" | "||"):
                return self._joined([node.left, node.right], every=node.operator == "&&", holds=holds)
            case Call(name="alltrue" | "anytrue", arguments=(Tuple() as conditions,)):
                return self._joined(conditions.items, every=node.name == "alltrue", holds=holds)
            case Binary():
                return self._comparison(node, holds=holds)
            case Conditional():
                return self._conditional(node, holds=holds)
            case Call(name="contains", arguments=(listed, wanted)) if holds and self._is_subject(wanted):
                return _one_of(settled(listed, self._scope))
        return Possible(null=False, among=(holds,)) if self._is_subject(node) else ANYTHING

    def _joined(self, conditions: list[Node] | tuple[Node, ...], *, every: bool, holds: bool) -> Possible:
        parts = [self.of(condition, holds=holds) for condition in conditions]
        return reduce(Possible.both if every is holds else Possible.either, parts) if parts else ANYTHING

    def _conditional(self, node: Conditional, *, holds: bool) -> Possible:
        then = self.of(node.condition, holds=True).both(self.of(node.then, holds=holds))
        return then.either(self.of(node.condition, holds=False).both(self.of(node.otherwise, holds=holds)))

    def _comparison(self, node: Binary, *, holds: bool) -> Possible:
        operator, other = node.operator, node.right
        if operator not in _MIRRORED:
            return ANYTHING
        if not self._is_subject(node.left):
            if not self._is_subject(node.right):
                return ANYTHING
            operator, other = _MIRRORED[operator], node.left
        return _compared(operator if holds else _OPPOSITE[operator], settled(other, self._scope))

    def _is_subject(self, node: Node) -> bool:
        return isinstance(node, Traversal) and node.root == "var" and node.steps == (self._name,)


def _compared(operator: str, value: Value) -> Possible:
    """What stands in this relation to a value. Limits that Terraform leaves out are let in."""
    if operator == "==":
        return possible(value)
    if operator == "!=":
        return Possible(null=False) if value is None else ANYTHING
    other = possible(value)
    limits = other.limits()
    limit = limits[0] if operator in (">", ">=") else limits[1]
    if limit is None or abs(limit) > _EXACT:
        return Possible(null=False)
    return Possible(null=False, least=limit) if operator in (">", ">=") else Possible(null=False, most=limit)


def _one_of(values: Value) -> Possible:
    """What is contained in a list whose items are all known and no collections."""
    if not is_list(values) or not all(isinstance(x, (str, bool, int, float)) for x in values):
        return ANYTHING
    return any_of(values)
