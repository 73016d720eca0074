"""Conditions as they are written in policies, to the tree that is judged.

    attribute: 30                       equals
    attribute: absent                   the words `absent` and `exists` stand for themselves
    attribute: {at_least: $days}        one operator or more, all of which must hold
    ingress: {none: {cidr_blocks: {contains: 0.0.0.0/0}}}
    all: [...]   any: [...]   not: ...
    related: {some: aws_sns_topic, via: alarm_actions, where: ...}
    predicate: name                     or {name: ..., argument: ...}

A mapping of several of these holds when all of them do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, cast, get_args

from infraguard.model.nearest import nearest
from infraguard.model.policy import (
    Combine,
    Compare,
    Condition,
    Parameter,
    Predicate,
    Quantifier,
    Quantify,
    Related,
)
from infraguard.policies.cursor import Cursor
from infraguard.policies.operands import read_operand

#: Operators that compare a value with an operand.
OPERATORS: Final = (
    *("equals", "not_equals", "in", "not_in", "matches", "contains"),
    *("at_least", "at_most", "older_than", "within"),
)
#: Words that stand for a test without an operand.
WORDS: Final = ("exists", "absent")
QUANTIFIERS: Final[tuple[Quantifier, ...]] = get_args(Quantifier)


def read_condition(cursor: Cursor, parameters: Mapping[str, Parameter]) -> Condition:
    """The condition written at the cursor. Raises `PolicyError` for what has no meaning."""
    if not isinstance(cursor.data, dict):
        return _test(cursor, "", parameters)
    conditions = [_entry(key, value, parameters) for key, value in cursor.mapping().items()]
    if not conditions:
        cursor.fail("an empty condition holds for everything", "remove it, or say what must hold")
    return conditions[0] if len(conditions) == 1 else Combine("all", tuple(conditions), cursor.at)


def read_related(cursor: Cursor, parameters: Mapping[str, Parameter]) -> Related:
    """`{some: kind, by|via: attribute, where: condition}`."""
    cursor.mapping((*QUANTIFIERS, "by", "via", "where"))
    operator, kinds = read_quantifier(cursor)
    if "by" in cursor.data and "via" in cursor.data:
        cursor.fail_key("via", "`by` and `via` exclude each other")
    where = cursor.get("where")
    by, via = cursor.get("by"), cursor.get("via")
    return Related(
        operator=operator,
        kinds=kinds,
        by=by.text() if by else "",
        via=via.text() if via else "",
        where=read_condition(where, parameters) if where else None,
        at=cursor.at,
    )


def read_quantifier(cursor: Cursor) -> tuple[Quantifier, tuple[str, ...]]:
    """Which of `each`, `some` and `none` stands in a mapping, and the kinds of resource that it names."""
    chosen = [name for name in QUANTIFIERS if name in cursor.data]
    if len(chosen) != 1:
        cursor.fail("one of `each`, `some`, `none` must name the kind of resource")
    return chosen[0], cursor.need(chosen[0]).texts()


def _entry(key: str, value: Cursor, parameters: Mapping[str, Parameter]) -> Condition:
    if key in ("all", "any"):
        operator = cast("Literal['all', 'any']", key)
        return Combine(operator, tuple(read_condition(part, parameters) for part in value.filled_sequence()), value.at)
    if key == "not":
        return Combine("not", (read_condition(value, parameters),), value.at)
    if key == "related":
        return read_related(value, parameters)
    if key == "predicate":
        return _predicate(value, parameters)
    if key in OPERATORS or key in QUANTIFIERS:
        return _operator(key, value, "", parameters)
    return _test(value, key, parameters)


def _predicate(cursor: Cursor, parameters: Mapping[str, Parameter]) -> Predicate:
    if isinstance(cursor.data, str):
        return Predicate(cursor.text(), at=cursor.at)
    name = cursor.mapping().need("name").text()
    arguments = {key: read_operand(value, parameters) for key, value in cursor.items() if key != "name"}
    return Predicate(name, arguments, cursor.at)


def _test(cursor: Cursor, path: str, parameters: Mapping[str, Parameter]) -> Condition:
    """What is written after an attribute's name."""
    if cursor.data in WORDS:
        return Compare(path, cursor.data, None, cursor.at)
    if not isinstance(cursor.data, dict):
        operator = "in" if isinstance(cursor.data, list) else "equals"
        return Compare(path, operator, read_operand(cursor, parameters, operator), cursor.at)
    known = (*OPERATORS, *QUANTIFIERS)
    for key in cursor.data:
        if key not in known:
            alone = f"write `{path}: {key}`" if key in WORDS else ""
            hint = alone or nearest(key, known) or f"known: {', '.join(known)}"
            cursor.fail_key(key, f"unknown operator {key!r}", hint)
    tests = [_operator(key, value, path, parameters) for key, value in cursor.items()]
    if not tests:
        cursor.fail("an operator is expected here", f"known: {', '.join(known)}")
    return tests[0] if len(tests) == 1 else Combine("all", tuple(tests), cursor.at)


def _operator(name: str, value: Cursor, path: str, parameters: Mapping[str, Parameter]) -> Condition:
    if name in QUANTIFIERS:
        return Quantify(path, name, read_condition(value, parameters), value.at)
    return Compare(path, name, read_operand(value, parameters, name), value.at)
