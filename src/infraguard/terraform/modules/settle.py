"""Evaluation that always gives a value: what fails becomes an unknown with its reason."""

from __future__ import annotations

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.evaluator import evaluate
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.syntax.nodes import Node

_MEND = "mend the expression; `terraform plan` says more"
_SIMPLIFY = "simplify the expression, or scan a Terraform plan"


def settled(node: Node, scope: Scope) -> Value:
    """The value of an expression, or `Unknown` with what is wrong with it."""
    try:
        return evaluate(node, scope)
    except EvaluationError as error:
        return Unknown(reason=f"cannot be evaluated: {error}", remedy=_MEND)
    except Exhausted as error:
        return Unknown(reason=f"too much to evaluate: {error}", remedy=_SIMPLIFY)
    except RecursionError:
        return Unknown(reason="too much to evaluate: expressions lead to each other too deeply", remedy=_SIMPLIFY)
