"""Conditions compiled once to closures; asking one gives a trace, whose truth is True, False or None for unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec.structs import replace

from infraguard.evaluation import kleene
from infraguard.evaluation.compare import compare
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import first_unknown, lookup
from infraguard.evaluation.predicates import predicate_named
from infraguard.evaluation.relations import elsewhere, items, references_at, refers
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.wording import shortfall
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Resource, Source
from infraguard.model.findings import Trace
from infraguard.model.policy import Combine, Compare, Condition, Predicate, Quantify, Related
from infraguard.model.values import ABSENT, Default, Denied, Unknown, known
from infraguard.readers.patterns import pattern

#: The account in an ARN.
_OWNER: Final = pattern(r"arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):")
#: Asks a condition of an item.
Judge = Callable[[Item, World], Trace]


def compile_condition(condition: Condition) -> Judge:
    """The closure of a condition. Raises `PolicyError` where a predicate's name or arguments have no meaning."""
    return _COMPILERS[type(condition)](condition)


def _compile_compare(condition: Compare) -> Judge:
    path, operator = condition.path, condition.operator

    def judge(item: Item, world: World) -> Trace:
        value = lookup(item.value, path)
        operand = world.operand(condition.operand)
        truth = compare(operator, value, operand, world.now)
        why = why_unread(first_unknown(value)) if truth is None else {}
        return Trace(
            operator=operator,
            truth=truth,
            path=item.join(path),
            expected=operand,
            observed=None if value is ABSENT else known(value),
            origin=value.origin if isinstance(value, Default) else "absent" if value is ABSENT else "",
            location=item.place(path),
            **why,
        )

    return judge


def _compile_combine(condition: Combine) -> Judge:
    judges = [compile_condition(part) for part in condition.conditions]
    operator = condition.operator
    combine = COMBINATIONS[operator]

    def judge(item: Item, world: World) -> Trace:
        children = tuple(part(item, world) for part in judges)
        return Trace(operator=operator, truth=combine(child.truth for child in children), children=children)

    return judge


def _compile_quantify(condition: Quantify) -> Judge:
    path, operator = condition.path, condition.operator
    part = compile_condition(condition.condition)

    def judge(item: Item, world: World) -> Trace:
        value = known(lookup(item.value, path))
        shown = Trace(operator=operator, truth=None, path=item.join(path), location=item.place(path))
        if isinstance(value, (Unknown, Denied)):
            return replace(shown, truth=None, **why_unread(value))
        entries = [] if value is ABSENT else value if isinstance(value, list) else [value]
        children = tuple(
            part(Item(item.resource, entry, item.join(f"{path}.{index}" if path else str(index))), world)
            for index, entry in enumerate(entries)
        )
        return replace(shown, truth=_quantified(operator, [child.truth for child in children]), children=children)

    return judge


#: What all candidates of a relation together say, and each of them.
_Answer = tuple[Truth, tuple[Trace, ...]]


def _asking(condition: Related) -> Callable[[Item, World], _Answer]:
    """Asks the condition of all that may be related to an item."""
    where = compile_condition(condition.where) if condition.where else None
    by, via, operator = condition.by, condition.via, condition.operator

    def candidates(item: Item, unit: Unit) -> Iterable[Resource]:
        if by:
            return unit.referring(condition.kinds, by, item.resource)
        return unit.named(condition.kinds).by(item.resource, item.join(via)) if via else ()

    def relation(candidate: Resource, item: Item) -> tuple[Truth, dict[str, Any]]:
        """Whether the two are related, and what could not be read when that is unknown."""
        if not (by or via):
            return not elsewhere(candidate, item.resource), {}
        holder, path, target = (candidate, by, item.resource) if by else (item.resource, item.join(via), candidate)
        linked = refers(holder, path, target)
        return linked, why_unread(first_unknown(lookup(holder.attributes, path))) if linked is None else {}

    def asked(item: Item, world: World) -> _Answer:
        children = []
        truths: list[Truth] = []
        every = candidates(item, world.unit) if by or via else world.everything.resources(condition.kinds)
        for candidate in every:
            linked, doubt = relation(candidate, item)
            if linked is False:
                continue
            child = where(Item.whole(candidate), world.of(candidate)) if where else None
            holds = child.truth if child else True
            truths.append(_of_related(operator, linked, holds, certain=candidate.perhaps is None))
            doubt = doubt or why_unread(candidate.perhaps)
            children.append(_related_trace(candidate, truths[-1], child, doubt))
        truth = _quantified(operator, truths) if operator != "each" else kleene.every(truths)
        return truth, tuple(children)

    return asked


def _compile_related(condition: Related) -> Judge:
    asked = _asking(condition)
    by, via, operator = condition.by, condition.via, condition.operator
    #: Where nothing ties the candidates to the item, they say the same to all items of a unit and a region.
    answered: dict[tuple[Unit, str], _Answer] = {}

    def judge(item: Item, world: World) -> Trace:
        if by or via:
            truth, children = asked(item, world)
        else:
            key = (world.everything, item.resource.location.region)
            if key not in answered:
                answered[key] = _deciding(operator, *asked(item, world))
            truth, children = answered[key]
        shown = Trace(
            operator=operator,
            truth=truth,
            path=item.join(via) if via else "",
            expected=" or ".join(condition.kinds),
            location=item.place(via),
            children=children,
        )
        return _weakened(shown, operator, condition, item, world)

    return judge


def _deciding(operator: str, truth: Truth, children: tuple[Trace, ...]) -> _Answer:
    """Of resources of which one is enough, the one that is, or the one that is the nearest to it."""
    if operator != "some" or truth is None or not children:
        return truth, children
    if truth:
        return truth, (next(child for child in children if child.truth is True),)
    return truth, (min(children, key=shortfall),)


def _of_related(operator: str, linked: Truth, holds: Truth, *, certain: bool) -> Truth:
    """What one candidate adds: it counts only if it is linked, and a candidate that may not exist never proves."""
    if operator == "each":
        return True if holds is True else None if linked is None or not certain else holds
    return kleene.every((linked, holds, True if certain else None))


def _weakened(shown: Trace, operator: str, condition: Related, item: Item, world: World) -> Trace:
    """The trace, unknown in place of an answer that resources we have not seen could overturn."""
    if shown.truth is (operator == "some") or (condition.via and _names_nothing(item, condition.via)):
        return shown
    missing = (world.unit if condition.by or condition.via else world.everything).why_missing(condition.kinds)
    if missing:
        return replace(shown, truth=None, **missing)
    if condition.via and operator == "some" and shown.truth is False:
        elsewhere = _leads_elsewhere(item, condition, world)
        if elsewhere:
            return replace(shown, truth=None, **elsewhere)
    return shown


def _names_nothing(item: Item, via: str) -> bool:
    """Whether an attribute certainly names no other resource, so that one we have not seen is none of its."""
    return not any(value != "" for value in items(lookup(item.resource.attributes, item.join(via))))


def _leads_elsewhere(item: Item, condition: Related, world: World) -> dict[str, Any]:
    """Why what `via` names may be outside of what was read; nothing when it is all here."""
    path = item.join(condition.via)
    value = lookup(item.resource.attributes, path)
    unknown = first_unknown(value)
    references = references_at(item.resource, path, value)
    if unknown is not None and (not references or any(".data." in f".{reference}" for reference in references)):
        return why_unread(unknown)
    outside = world.unit.named(condition.kinds).lacks(item.resource, path)
    if world.unit.source not in (Source.TF, Source.PLAN):
        return _of_other_accounts(outside, world.unit.name)
    if not outside:
        return {}
    return {
        "reason": f"{outside[0]} is not in this configuration",
        "remedy": "scan the live account as well, or the configuration that it comes from",
        "depends_on": (outside[0],),
    }


def _of_other_accounts(names: Iterable[str], account: str) -> dict[str, Any]:
    """Why what lies in another account is not known; in this one everything is listed, so that nothing is hidden."""
    for name in names:
        owner = _OWNER.match(name)
        if owner and owner[1] != account:
            return {
                "reason": f"{name} belongs to account {owner[1]}, and only {account} was read",
                "remedy": f"scan account {owner[1]} too, or look it up there",
                "depends_on": (name,),
            }
    return {}


def _related_trace(candidate: Resource, truth: Truth, child: Trace | None, doubt: dict[str, Any]) -> Trace:
    return Trace(
        operator="resource",
        truth=truth,
        path=candidate.id,
        location=candidate.location,
        children=(child,) if child else (),
        **doubt,
    )


def _compile_predicate(condition: Predicate) -> Judge:
    function = predicate_named(condition).judge

    def judge(item: Item, world: World) -> Trace:
        arguments = {name: world.operand(value) for name, value in condition.arguments.items()}
        return function(item, world, **arguments)

    return judge


def _quantified(operator: str, truths: Iterable[Truth]) -> Truth:
    if operator == "each":
        return kleene.every(truths)
    found = kleene.some(truths)
    return kleene.negate(found) if operator == "none" else found


COMBINATIONS: Final[dict[str, Callable[[Iterable[Truth]], Truth]]] = {
    "all": kleene.every,
    "any": kleene.some,
    "not": lambda truths: kleene.negate(next(iter(truths))),
}
_COMPILERS: Final[dict[type, Callable[[Any], Judge]]] = {
    Compare: _compile_compare,
    Combine: _compile_combine,
    Quantify: _compile_quantify,
    Related: _compile_related,
    Predicate: _compile_predicate,
}
