"""Expressions to values. Unknown operands give an unknown that says what it depends on, unless it does not matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.calls import call
from infraguard.terraform.evaluation.conversion import to_bool, to_text
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.loops import for_expression, template
from infraguard.terraform.evaluation.operators import ARITHMETIC, apply_unary, calculated, compare, same
from infraguard.terraform.evaluation.possible import one_of, proved_equal, proved_order
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.evaluation.steps import follow
from infraguard.terraform.evaluation.unify import unified
from infraguard.terraform.evaluation.values import Lazy, SetValue, is_list, joined, unknowns_in
from infraguard.terraform.syntax.nodes import (
    Access,
    Binary,
    Broken,
    Call,
    Conditional,
    For,
    Literal,
    Node,
    Object,
    Splat,
    Template,
    Traversal,
    Tuple,
    Unary,
)

#: Terraform calls a list and a tuple different, and a map and an object, whatever their items.
_ALIKE = Unknown(
    reason="a comparison of two collections with the same items depends on their types, which are not told apart",
    is_set=True,
    remedy="compare their lengths or their items, or scan a Terraform plan",
)


def evaluate(node: Node, scope: Scope) -> Value:
    """The value of an expression.

    Raises `EvaluationError` where Terraform would refuse the expression, and `Exhausted` beyond the bounds.
    """
    return _EVALUATORS[type(node)](node, scope)


def _literal(node: Literal, _: Scope) -> Value:
    return node.value


def _broken(node: Broken, _: Scope) -> Value:
    return Unknown(reason=node.why, remedy="mend the syntax; `terraform validate` says the same")


def _traversal(node: Traversal, scope: Scope) -> Value:
    if node.root in scope.names:
        return follow(scope.names[node.root], node.steps, scope, evaluate)
    value, steps = scope.module.lookup(node.root, node.steps)
    return follow(value, steps, scope, evaluate) if steps else value


def _access(node: Access, scope: Scope) -> Value:
    return follow(evaluate(node.source, scope), node.steps, scope, evaluate)


def _splat(node: Splat, scope: Scope) -> Value:
    source = evaluate(node.source, scope)
    if isinstance(source, Unknown):
        return joined([source], is_set=source.is_set)
    if source is None:
        return []
    items = source if is_list(source) else [source]
    return [follow(item, node.steps, scope, evaluate) for item in items]


def _unary(node: Unary, scope: Scope) -> Value:
    operand = evaluate(node.operand, scope)
    if isinstance(operand, Unknown):
        return joined([operand], is_set=operand.is_set)
    return apply_unary(node.operator, operand)


def _binary(node: Binary, scope: Scope) -> Value:
    if node.operator in ("&&", "||"):
        return _logical(node, scope)
    if node.operator in ARITHMETIC:
        return _arithmetic(node, scope)
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if node.operator in ("==", "!="):
        equal = _equal(left, right)
        if isinstance(equal, Unknown) and (proved := proved_equal(left, right)) is not None:
            equal = proved
        if equal is True and isinstance(left, (list, dict)) and not _certainly_alike(node, left):
            return _ALIKE
        return equal if isinstance(equal, Unknown) else equal is (node.operator == "==")
    unknowns = unknowns_in([left, right])
    if unknowns:
        proved = proved_order(node.operator, left, right)
        return joined(unknowns, is_set=True) if proved is None else proved
    return compare(node.operator, left, right)


def _arithmetic(node: Binary, scope: Scope) -> Value:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    unknowns = unknowns_in([left, right])
    return joined(unknowns, is_set=True) if unknowns else calculated(node.operator, left, right)


def _certainly_alike(node: Binary, value: Value) -> bool:
    """Whether what is equal by its items is of one type for certain."""
    return isinstance(value, SetValue) or type(node.left) is type(node.right) in (Tuple, Object)


def _equal(left: Value, right: Value) -> bool | Unknown:
    for one, other in ((left, right), (right, left)):
        if other is None and (isinstance(one, (dict, list, Lazy)) or (isinstance(one, Unknown) and one.is_set)):
            return False
    unknowns = unknowns_in([left, right])
    return joined(unknowns, is_set=True) if unknowns else same(left, right)


def _logical(node: Binary, scope: Scope) -> Value:
    """`&&` and `||`: one operand that decides is enough, whatever the other is."""
    decides = node.operator == "||"
    left = evaluate(node.left, scope)
    if not isinstance(left, Unknown) and to_bool(left) is decides:
        return decides
    right = evaluate(node.right, scope)
    if not isinstance(right, Unknown) and to_bool(right) is decides:
        return decides
    unknowns = [value for value in (left, right) if isinstance(value, Unknown)]
    return joined(unknowns, is_set=True) if unknowns else not decides


def _conditional(node: Conditional, scope: Scope) -> Value:
    condition = evaluate(node.condition, scope)
    if isinstance(condition, Unknown):
        return _either(node, scope, condition)
    chosen, other = (node.then, node.otherwise) if to_bool(condition) else (node.otherwise, node.then)
    value = evaluate(chosen, scope)
    return _fitted(value, other, scope) if _may_change(value, other) else value


def _may_change(value: Value, other: Node) -> bool:
    """Whether the other branch can decide the type of a value; of a string and of null it cannot."""
    return value is not None and not (isinstance(value, str) and isinstance(other, Literal))


def _fitted(value: Value, other: Node, scope: Scope) -> Value:
    """A value in the type that both branches have in common; what is wrong in the other branch does not matter."""
    try:
        beside = evaluate(other, scope)
    except EvaluationError:
        beside = "" if isinstance(other, Template) else None
    except Exhausted:
        if isinstance(value, str):
            return value
        raise
    return unified([value, beside])[0]


def _either(node: Conditional, scope: Scope, condition: Unknown) -> Value:
    """What is known of a conditional whose condition is not: its value, when both branches agree."""
    try:
        then, otherwise = evaluate(node.then, scope), evaluate(node.otherwise, scope)
    except EvaluationError:
        return joined([condition])
    unknowns = unknowns_in([then, otherwise])
    if not unknowns and same(then, otherwise):
        return then
    is_set = all(value.is_set if isinstance(value, Unknown) else value is not None for value in (then, otherwise))
    return replace(joined([condition, *unknowns], is_set=is_set), bounds=one_of([then, otherwise]))


def _tuple(node: Tuple, scope: Scope) -> Value:
    return [evaluate(item, scope) for item in node.items]


def _object(node: Object, scope: Scope) -> Value:
    result: dict[str, Value] = {}
    for key_node, value_node in node.items:
        key = evaluate(key_node, scope)
        if isinstance(key, Unknown):
            return joined([key], is_set=True)
        result[to_text(key)] = evaluate(value_node, scope)
    return result


_EVALUATORS: dict[type[Node], Callable[[Any, Scope], Value]] = {
    Literal: _literal,
    Broken: _broken,
    Traversal: _traversal,
    Access: _access,
    Splat: _splat,
    Unary: _unary,
    Binary: _binary,
    Conditional: _conditional,
    Tuple: _tuple,
    Object: _object,
    For: lambda node, scope: for_expression(node, scope, evaluate),
    Template: lambda node, scope: template(node, scope, evaluate),
    Call: lambda node, scope: call(node, scope, evaluate),
}
