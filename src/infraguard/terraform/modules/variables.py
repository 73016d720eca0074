"""The value of a variable: what it is given, or its default, converted to its type."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from infraguard.model.values import Unknown, Value
from infraguard.terraform.declarations import Declared
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.possible import in_words, possible
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.modules.settle import settled
from infraguard.terraform.modules.types import Conversion, read_type
from infraguard.terraform.modules.validations import validated
from infraguard.terraform.syntax.nodes import Node


class Argument(Struct, frozen=True):
    """What a variable is given: an expression and the scope it stands in."""

    node: Node
    scope: Scope


def variable_value(declared: Declared, name: str, given: Argument | None, scope: Scope, remedy: str) -> Value:
    """The value of a declared variable; `name` is its full name, `remedy` what to do when it has none."""
    value = _converted(declared, name, given, scope, remedy)
    return _proved(value, declared, scope) if isinstance(value, Unknown) else value


def _proved(unknown: Unknown, declared: Declared, scope: Scope) -> Unknown:
    """The unknown with what its type and its validation blocks prove of every value that Terraform would take."""
    wanted = declared.body.attributes.get("type")
    kind = read_type(wanted.value).kind if wanted else "any"
    found = validated(declared, kind, scope, null=not _refuses_null(declared, scope)).both(possible(unknown))
    bounds = found.bounds()
    if bounds is None:
        return replace(unknown, is_set=unknown.is_set or not found.null, bounds=None)
    reason = unknown.reason if unknown.bounds == bounds else f"{unknown.reason}, and must be {in_words(bounds)}"
    return replace(unknown, reason=reason, is_set=True, bounds=bounds)


def _converted(declared: Declared, name: str, given: Argument | None, scope: Scope, remedy: str) -> Value:
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
