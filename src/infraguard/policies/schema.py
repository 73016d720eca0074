"""One policy file to one `Policy`, with every mistake named at its place."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from infraguard.model.errors import PolicyError, SyntaxProblem
from infraguard.model.evidence import Environment, Source
from infraguard.model.findings import Severity
from infraguard.model.policy import Parameter, Policy, Rule
from infraguard.policies.conditions import QUANTIFIERS, read_condition, read_related
from infraguard.policies.cursor import Cursor
from infraguard.readers.yaml import read_document

_POLICY_KEYS: Final = (
    *("title", "severity", "environments", "parameters", "rules", "manual"),
    *("why", "remediation", "fix", "references"),
)
_RULE_KEYS: Final = ("sources", *QUANTIFIERS, "when", "applies", "require", "message", "absence")
_PARAMETER_KEYS: Final = ("type", "default", "tighter", "description")
_TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    "integer": int,
    "number": (int, float),
    "string": str,
    "boolean": bool,
    "list": list,
}
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_NAME: Final = re.compile(r"\$?[A-Za-z_][\w.]*\Z")


def read_policy(text: str, file: str, policy_id: str) -> Policy:
    """The policy written in a file. Raises `PolicyError` with file, line and column."""
    try:
        document = read_document(text, file)
    except SyntaxProblem as error:
        raise PolicyError(error.why, file=file, line=error.line, column=error.column, hint=error.hint) from error
    cursor = Cursor(document, file).mapping(_POLICY_KEYS)
    parameters = _parameters(cursor.get("parameters"))
    names = frozenset(parameters)
    rules = cursor.get("rules")
    manual = cursor.get("manual")
    if (rules is None) == (manual is None):
        cursor.fail("a policy has `rules`, or is `manual: true`")
    fix, references, environments = cursor.get("fix"), cursor.get("references"), cursor.get("environments")
    return Policy(
        id=policy_id,
        title=cursor.need("title").text(),
        severity=Severity(cursor.need("severity").choice(Severity)),
        why=cursor.need("why").text(),
        remediation=cursor.need("remediation").text(),
        rules=tuple(_rule(rule, names) for rule in rules.sequence()) if rules else (),
        environments=tuple(Environment(e.choice(Environment)) for e in environments.sequence()) if environments else (),
        parameters=parameters,
        fix=fix.text() if fix else "",
        references=references.texts() if references else (),
        manual=bool(manual and manual.data),
        at=cursor.at,
    )


def value_fits(type_name: str, value: Any) -> bool:
    """Whether a value may stand for a parameter of this type. A boolean is no number."""
    return isinstance(value, _TYPES[type_name]) and (type_name == "boolean" or not isinstance(value, bool))


def _parameters(cursor: Cursor | None) -> dict[str, Parameter]:
    if cursor is None:
        return {}
    result = {}
    for name, entry in cursor.mapping().items():
        entry.mapping(_PARAMETER_KEYS)
        type_name = entry.need("type").choice(_TYPES)
        default = entry.need("default")
        if not value_fits(type_name, default.data):
            default.fail(f"the default is no {type_name}")
        tighter, description = entry.get("tighter"), entry.get("description")
        result[name] = Parameter(
            type=cast("Any", type_name),
            default=default.data,
            tighter=cast("Any", tighter.choice(("higher", "lower", "fewer"))) if tighter else "",
            description=description.text() if description else "",
            at=entry.at,
        )
    return result


def _rule(cursor: Cursor, parameters: frozenset[str]) -> Rule:
    cursor.mapping(_RULE_KEYS)
    chosen = [name for name in QUANTIFIERS if name in cursor.data]
    if len(chosen) != 1:
        cursor.fail("a rule has one of `each`, `some`, `none` with the kind of resource")
    quantifier = cast("Any", chosen[0])
    require, when, applies = cursor.get("require"), cursor.get("when"), cursor.get("applies")
    if require is None and quantifier == "each":
        cursor.fail("`each` needs `require`: what must hold for each of them")
    absence = cursor.get("absence")
    if absence and quantifier != "some":
        cursor.fail_key("absence", "`absence` has a meaning beside `some` only")
    return Rule(
        sources=tuple(Source(source.choice(Source)) for source in cursor.need("sources").sequence()),
        quantifier=quantifier,
        kinds=cursor.need(quantifier).texts(),
        require=read_condition(require, parameters) if require else None,
        message=_message(cursor.need("message")),
        absence=_message(absence) if absence else "",
        when=read_condition(when, parameters) if when else None,
        applies=read_related(applies, parameters) if applies else None,
        at=cursor.at,
    )


def _message(cursor: Cursor) -> str:
    text = cursor.text()
    for name in _PLACEHOLDER.findall(text):
        if not _NAME.match(name):
            cursor.fail(f"{{{name}}} names no attribute or parameter")
    return text
