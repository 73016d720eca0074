"""Conditions in words: what a page says a rule asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from infraguard.model.policy import Combine, Compare, Condition, Predicate, Quantify, Related, Rule
from infraguard.model.values import Value

_OPERATORS: Final = {
    "equals": "is",
    "not_equals": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "matches": "matches",
    "contains": "contains",
    "at_least": "is at least",
    "at_most": "is at most",
    "older_than": "is older than",
    "within": "is not older than",
    "exists": "is set",
    "absent": "is absent",
}
_QUANTIFIERS: Final = {"each": "every", "some": "at least one", "none": "no"}
_COMBINED: Final = {"all": "all of these", "any": "at least one of these", "not": "not this"}
_INDENT: Final = "  "


def rule_lines(rule: Rule, predicates: Mapping[str, str]) -> Iterator[str]:
    """A rule as nested bullets. `predicates` says in words what each named predicate asks."""
    yield f"- {_QUANTIFIERS[rule.quantifier]} {_kinds(rule.kinds)}"
    if rule.applies:
        yield f"{_INDENT}- applies where there is {_related(rule.applies)}"
        yield from _inner(rule.applies.where, predicates, 2)
    if rule.when:
        yield f"{_INDENT}- counts where"
        yield from _lines(rule.when, predicates, 2)
    if rule.require:
        yield f"{_INDENT}- {'may meet' if rule.quantifier == 'none' else 'must meet'}"
        yield from _lines(rule.require, predicates, 2)


def _lines(condition: Condition, predicates: Mapping[str, str], depth: int) -> Iterator[str]:
    lead = _INDENT * depth + "- "
    if isinstance(condition, Compare):
        yield lead + _compared(condition)
    elif isinstance(condition, Combine):
        if condition.operator != "all":
            yield f"{lead}{_COMBINED[condition.operator]}"
            depth += 1
        for part in condition.conditions:
            yield from _lines(part, predicates, depth)
    elif isinstance(condition, Quantify):
        yield f"{lead}{_QUANTIFIERS[condition.operator]} item of `{condition.path or 'it'}`"
        yield from _lines(condition.condition, predicates, depth + 1)
    elif isinstance(condition, Related):
        yield f"{lead}there is {_related(condition)}"
        yield from _inner(condition.where, predicates, depth + 1)
    else:
        yield lead + _predicate(condition, predicates)


def _inner(condition: Condition | None, predicates: Mapping[str, str], depth: int) -> Iterator[str]:
    if condition is not None:
        yield _INDENT * depth + "- with"
        yield from _lines(condition, predicates, depth + 1)


def _compared(condition: Compare) -> str:
    words = f"`{condition.path or 'it'}` {_OPERATORS[condition.operator]}"
    return words if condition.operand is None else f"{words} {_operand(condition.operand)}"


def _operand(value: Value) -> str:
    if isinstance(value, dict) and "$" in value:
        return f"the parameter `{value['$']}`"
    if isinstance(value, list):
        return ", ".join(f"`{_text(item)}`" for item in value)
    return f"`{_text(value)}`"


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).replace("`", "'").replace("\n", " ")


def _related(related: Related) -> str:
    words = f"{_QUANTIFIERS[related.operator]} {_kinds(related.kinds)}"
    if related.by:
        return f"{words} whose `{related.by}` refers to it"
    return f"{words} that its `{related.via}` refers to" if related.via else words


def _predicate(condition: Predicate, predicates: Mapping[str, str]) -> str:
    words = predicates.get(condition.name, condition.name.replace("_", " "))
    arguments = ", ".join(f"{name} {_operand(value)}" for name, value in condition.arguments.items())
    return f"{words}{f' ({arguments})' if arguments else ''}"


def _kinds(kinds: tuple[str, ...]) -> str:
    return " or ".join(f"`{kind}`" for kind in kinds)
