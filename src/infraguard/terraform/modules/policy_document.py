"""The JSON of `data.aws_iam_policy_document`, which Terraform writes from its blocks without asking AWS anything."""

from __future__ import annotations

from typing import Final

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.documents import with_json
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.evaluation.values import is_list
from infraguard.terraform.modules.blocks import nested_values
from infraguard.terraform.syntax.nodes import Body

KIND: Final = "aws_iam_policy_document"
#: Attributes that hold the document.
TEXTS: Final = ("json", "minified_json")
#: Arguments by which a document takes over statements of others.
_OTHERS: Final = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
_LISTS: Final = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def document(unknown: Unknown, body: Body, scope: Scope) -> Unknown:
    """The unknown text of the data source, with the statements that its blocks declare.

    Its spelling is Terraform's business and stays unknown. Statements of other documents are unknown ones here.
    """
    statements = nested_values(body, scope, "statement")
    found = statements if is_list(statements) else [] if statements is None else [statements]
    written = [_statement(each) if isinstance(each, dict) else each for each in found]
    if any(name in body.attributes for name in _OTHERS):
        written.append(unknown)
    return with_json(unknown, {"Statement": written})


def _statement(block: dict[str, Value]) -> dict[str, Value]:
    effect = block.get("effect")
    statement: dict[str, Value] = {"Effect": "Allow" if effect is None else effect}
    statement.update({name: block[key] for key, name in _LISTS.items() if block.get(key) is not None})
    for key, name in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if block.get(key) is not None:
            statement[name] = _principals(block[key])
    if block.get("condition") is not None:
        statement["Condition"] = _conditions(block["condition"])
    return statement


def _principals(blocks: Value) -> Value:
    """Names by the type of principal."""
    if not is_list(blocks):
        return blocks
    if any(not isinstance(each, dict) or not isinstance(each.get("type"), str) for each in blocks):
        return next((each for each in blocks if isinstance(each, Unknown)), _unknown_part("a principal"))
    return {each["type"]: each.get("identifiers") for each in blocks}


def _conditions(blocks: Value) -> Value:
    """Values by test and variable."""
    if not is_list(blocks):
        return blocks
    written: dict[str, dict[str, Value]] = {}
    for each in blocks:
        if not isinstance(each, dict) or not all(isinstance(each.get(key), str) for key in ("test", "variable")):
            return each if isinstance(each, Unknown) else _unknown_part("a condition")
        written.setdefault(each["test"], {})[each["variable"]] = each.get("values")
    return written


def _unknown_part(what: str) -> Unknown:
    return Unknown(f"{what} of the policy document is not known", remedy="give it known values, or scan a plan")
