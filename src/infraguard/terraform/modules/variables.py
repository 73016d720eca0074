"""The value of a variable: what it is given, or its default, converted to its type."""

from __future__ import annotations

from msgspec import Struct

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.modules.declarations import Declared
from infraguard.terraform.modules.settle import settled
from infraguard.terraform.modules.types import Conversion, read_type
from infraguard.terraform.syntax.nodes import Node


class Argument(Struct, frozen=True):
    """What a variable is given: an expression and the scope it stands in."""

    node: Node
    scope: Scope


def variable_value(declared: Declared, name: str, given: Argument | None, scope: Scope, remedy: str) -> Value:
    """The value of a declared variable; `name` is its full name, `remedy` what to do when it has none."""
    attributes = declared.body.attributes
    default = attributes.get("default")
    if given is None and default is None:
        return Unknown(reason=f"{name} has no value", depends_on=(name,), remedy=remedy)
    value = settled(given.node, given.scope) if given else None
    if default and (given is None or (value is None and _refuses_null(declared, scope))):
        value = settled(default.value, scope)
    wanted = attributes.get("type")
    if wanted is None:
        return value
    try:
        return Conversion(lambda node: settled(node, scope)).convert(value, read_type(wanted.value))
    except EvaluationError as error:
        reason = f"{name} has a value of the wrong type: {error}"
        return Unknown(reason=reason, depends_on=(name,), remedy="give a value of the declared type")


def _refuses_null(declared: Declared, scope: Scope) -> bool:
    nullable = declared.body.attributes.get("nullable")
    return nullable is not None and settled(nullable.value, scope) is False
