"""Variables that are given as text, as Terraform takes them from `TF_VAR_` names of its environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown
from infraguard.terraform.evaluation.types import read_type
from infraguard.terraform.modules.module import Module
from infraguard.terraform.modules.variables import Argument
from infraguard.terraform.syntax import parse_expression
from infraguard.terraform.syntax.nodes import Literal, Node

_PRIMITIVE = ("string", "number", "bool")


def given_as_text(module: Module, texts: Mapping[str, str]) -> Iterator[tuple[str, Argument]]:
    """The arguments of the variables that a module declares.

    The text is taken as it is for a variable of a primitive type or of none, and else as an expression.
    """
    for name, text in texts.items():
        declared = module.declared.variables.get(name)
        if declared is not None:
            wanted = declared.body.attributes.get("type")
            is_plain = wanted is None or read_type(wanted.value).kind in _PRIMITIVE
            yield name, Argument(Literal(0, text) if is_plain else _expression(name, text), module.scope)


def _expression(name: str, text: str) -> Node:
    try:
        return parse_expression(text, f"TF_VAR_{name}")
    except SyntaxProblem as problem:
        reason = f"the value given for var.{name} is no expression: {problem}"
        return Literal(0, Unknown(reason=reason, depends_on=(f"var.{name}",), remedy="mend the value"))
