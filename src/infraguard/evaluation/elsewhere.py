"""What one root of Terraform asks for and another may hold: alarms are often kept in a root of their own.

Quantifiers never cross roots, so that the alarm of staging does not satisfy the gate of production. A root with nothing
of its own that the alarm could be for, in the same environment, is another matter: its alarm is for some other root,
and nothing tells which.
"""

from __future__ import annotations

from typing import Any

from infraguard.evaluation.compiled import CompiledRule
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Environment


def in_another_root(compiled: CompiledRule, world: World) -> dict[str, Any]:
    """Why it is not known that something is missing, as the reasons of a finding; empty where it certainly is."""
    if compiled.applies is None:
        return {}
    for other in world.neighbours:
        if other is world.unit:
            continue
        there = World(other, world.parameters, world.now)
        if _are_alike(world.unit, other) and compiled.applies(Item.whole(other.nothing), there).truth is False:
            for resource in other.resources(compiled.rule.kinds):
                if _may_be_it(compiled, Item.whole(resource), there):
                    return {
                        "reason": f"{resource.id} of {other.name} may be for this root, and nothing tells",
                        "remedy": "scan the account, or declare it in the root that it is for",
                        "causes": (resource.id,),
                    }
    return {}


def _are_alike(one: Unit, other: Unit) -> bool:
    """Whether another folder may be of the environment of a root; one that names none is judged as production."""
    mine, its = (unit.environments - {Environment.UNKNOWN} for unit in (one, other))
    is_module = not {"module", "modules"}.isdisjoint(other.name.split("/"))  # one that nothing calls makes nothing
    return not is_module and (not its or bool(its & (mine or {Environment.PRODUCTION})))


def _may_be_it(compiled: CompiledRule, item: Item, world: World) -> bool:
    when, _ = compiled.weigh_when(item, world)
    required, _ = compiled.weigh_required(item, world)
    return when is True and required is not False
