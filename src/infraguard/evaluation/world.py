"""The evidence as conditions see it: resources by kind within one unit, and what may be missing there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from infraguard.evaluation.index import Named, Referring
from infraguard.evaluation.why import why_gaps
from infraguard.model.evidence import (
    EVERY_KIND,
    EVERY_UNIT,
    Collected,
    Environment,
    Evidence,
    Gap,
    GapReason,
    Resource,
    Source,
)
from infraguard.model.values import Location, Unknown, Value

Made = TypeVar("Made")
#: What files say by themselves, whatever they call: a module that is not here hides resources, and never the root.
_BY_THEMSELVES = ("terraform_root", "terragrunt_environment")


class Unit:
    """One part of a target that is judged on its own, as one source saw it."""

    def __init__(self, source: Source, name: str, collected: Collected | None, gaps: Iterable[Gap]) -> None:
        self.source = source
        self.name = name
        self._collected = collected
        self._gaps = tuple(gaps)
        self._covered = frozenset(collected.kinds if collected else ())
        self._hide_all = all(EVERY_KIND in gap.kinds and gap.unit in (EVERY_UNIT, name) for gap in self._gaps)
        self._by_kind: dict[str, list[Resource]] = {}
        self._referring: dict[tuple[tuple[str, ...], str], Referring] = {}
        self._named: dict[tuple[str, ...], Named] = {}
        self._missing: dict[tuple[str, ...], tuple[Gap, ...]] = {}
        self._why_missing: dict[tuple[str, ...], dict[str, Any]] = {}
        self._made: dict[Hashable, Any] = {}

    @property
    def label(self) -> str:
        """The unit as messages call it."""
        return self.name

    @property
    def roots(self) -> tuple[str, ...]:
        """Of a plan: the units of source that it can be of."""
        return self._collected.roots if self._collected else ()

    @cached_property
    def nothing(self) -> Resource:
        """What a condition on the unit as a whole is asked of."""
        return Resource(kind="", id="", source=self.source, unit=self.name, attributes={}, location=Location())

    @cached_property
    def environments(self) -> frozenset[Environment]:
        """The environments that what is known here is of."""
        return frozenset(resource.environment for found in self._by_kind.values() for resource in found)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives of the resources of the unit, made once for each key."""
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found

    def add(self, resource: Resource) -> None:
        names = self._collected.attributes.get(resource.kind) if self._collected else None
        if names is not None:
            resource = replace(resource, attributes=_OnlyRead(resource.attributes, names))
        self._by_kind.setdefault(resource.kind, []).append(resource)

    def resources(self, kinds: tuple[str, ...]) -> Sequence[Resource]:
        """All resources of these kinds, in the order in which they were collected."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], ())
        return [resource for kind in kinds for resource in self._by_kind.get(kind, ())]

    def referring(self, kinds: tuple[str, ...], path: str, target: Resource) -> Iterator[Resource]:
        """Those of these kinds whose attribute at `path` may name the target."""
        if (kinds, path) not in self._referring:
            self._referring[kinds, path] = Referring(self.resources(kinds), path)
        return self._referring[kinds, path].to(target)

    def named(self, kinds: tuple[str, ...]) -> Named:
        """Those of these kinds by the names that others may use for them."""
        if kinds not in self._named:
            self._named[kinds] = Named(self.resources(kinds))
        return self._named[kinds]

    def gaps(self, kinds: Iterable[str]) -> tuple[Gap, ...]:
        """Why there may be more resources of these kinds than we know: failed reads, and kinds never asked for."""
        wanted = tuple(kinds)
        if wanted not in self._missing:
            self._missing[wanted] = self._gaps_of(wanted)
        return self._missing[wanted]

    def why_missing(self, kinds: tuple[str, ...]) -> dict[str, Any]:
        """The fields of a trace that say which failed reads leave it open; nothing where there are no gaps."""
        if kinds not in self._why_missing:
            gaps = self.gaps(kinds)
            self._why_missing[kinds] = why_gaps(gaps) if gaps else {}
        return self._why_missing[kinds]

    def _gaps_of(self, wanted: tuple[str, ...]) -> tuple[Gap, ...]:
        if self._hide_all and wanted:
            found = list(self._gaps)
        else:
            found = [gap for gap in self._gaps if any(gap.may_hide(kind, self.name) for kind in wanted)]
        if len(wanted) == 1 and wanted[0] in _BY_THEMSELVES:
            found = [gap for gap in found if gap.reason is not GapReason.UNRESOLVED]
        missed = [] if EVERY_KIND in self._covered else [kind for kind in wanted if kind not in self._covered]
        if missed and not found:
            found.append(_never_asked(self.source, self.name, missed))
        return tuple(found)


class Configuration(Unit):
    """All units of one source together, for rules on what may live in another root than what it protects.

    What it says of relations is a superset: they hold within one unit only, which `World.of` gives for a resource.
    `unplanned` are, of plans, the roots of source that were read and that no plan was given of.
    """

    def __init__(self, source: Source, units: Iterable[Unit], unplanned: Sequence[Unit] = ()) -> None:
        super().__init__(source, EVERY_UNIT, None, ())
        self._units = {unit.name: unit for unit in units}
        self._unplanned = unplanned
        self._together: dict[tuple[str, ...], Sequence[Resource]] = {}

    @property
    def label(self) -> str:
        return f"{len(self._units)} roots together" if len(self._units) > 1 else next(iter(self._units), self.name)

    def part(self, name: str) -> Unit:
        """The unit of that name."""
        return self._units[name]

    @cached_property
    def environments(self) -> frozenset[Environment]:
        return frozenset().union(*(unit.environments for unit in self._units.values()))

    def resources(self, kinds: tuple[str, ...]) -> Sequence[Resource]:
        if kinds not in self._together:
            every = (unit.resources(kinds) for unit in self._units.values())
            self._together[kinds] = [resource for found in every for resource in found]
        return self._together[kinds]

    def _gaps_of(self, wanted: tuple[str, ...]) -> tuple[Gap, ...]:
        hidden = [_not_planned(unit, found) for unit in self._unplanned if (found := unit.resources(wanted))]
        return tuple(dict.fromkeys([*(gap for unit in self._units.values() for gap in unit.gaps(wanted)), *hidden]))


class _OnlyRead(dict[str, Value]):
    """Attributes of a resource of which only some are read: a name that is not among them is unknown, not absent."""

    def __init__(self, attributes: dict[str, Value], names: Iterable[str]) -> None:
        super().__init__(attributes)
        self._names = frozenset(names) | attributes.keys()

    def get(self, name: str, default: Value = None) -> Value:
        if name in self._names:
            return super().get(name, default)
        return Unknown(f"{name} is not read from this source", (name,), remedy="judge it on another source")


class World(Struct, frozen=True):
    """What a condition may look at besides its item: the unit, the policy's parameters, and the time.

    `configuration` is set where a rule is judged over all roots together, and `neighbours` are all roots of the source
    where it is judged in each alone. `repositories` are those that the unit is of, or may be of: what they say of the
    service is asked where its code tells what no other source can.
    """

    unit: Unit
    parameters: dict[str, Value]
    now: datetime
    configuration: Configuration | None = None
    neighbours: Sequence[Unit] = ()
    repositories: tuple[Resource, ...] = ()

    @property
    def everything(self) -> Unit:
        """Where things count without a relation to the item: its unit, or all roots together."""
        return self.configuration or self.unit

    def of(self, resource: Resource) -> World:
        """The world as conditions on this resource see it: relations are within its own unit."""
        return replace(self, unit=self.configuration.part(resource.unit)) if self.configuration else self

    def operand(self, operand: Value) -> Value:
        """A literal operand, or the figure that it names."""
        return self.parameters[operand["$"]] if isinstance(operand, dict) and "$" in operand else operand


class Item(Struct, frozen=True):
    """What a condition is asked of: a resource, or a part of one, with the path that leads to the part."""

    resource: Resource
    value: Value
    path: str = ""

    @classmethod
    def whole(cls, resource: Resource) -> Item:
        return cls(resource, resource.attributes)

    def join(self, path: str) -> str:
        """The path of something below the item, from the resource."""
        return f"{self.path}.{path}" if self.path and path else self.path or path

    def place(self, path: str) -> Location:
        """Where the value at a path below the item was read, or the nearest thing around it."""
        full = self.join(path)
        while full:
            if full in self.resource.places:
                return self.resource.places[full]
            full = full.rpartition(".")[0]
        return self.resource.location


def units_of(evidence: Evidence) -> tuple[Unit, ...]:
    """The units of the evidence, those included of which nothing but a gap is known."""
    collected = {(entry.source, entry.unit): entry for entry in evidence.collected}
    names = dict.fromkeys(collected)
    names.update(dict.fromkeys((resource.source, resource.unit) for resource in evidence.resources))
    covered = {source for source, _ in names}
    for gap in evidence.gaps:
        if gap.unit != EVERY_UNIT or gap.source not in covered:
            names[gap.source, gap.unit] = None
    gaps: dict[tuple[Source, str], list[Gap]] = {key: [] for key in names}
    for gap in evidence.gaps:
        concerned = (
            [key for key in names if key[0] is gap.source] if gap.unit == EVERY_UNIT else [(gap.source, gap.unit)]
        )
        for key in concerned:
            gaps[key].append(gap)
    units = {key: Unit(*key, collected.get(key), gaps[key]) for key in names}
    for resource in evidence.resources:
        units[resource.source, resource.unit].add(resource)
    return tuple(units.values())


def _not_planned(root: Unit, found: Sequence[Resource]) -> Gap:
    return Gap(
        source=Source.PLAN,
        scope=f"the plan of {root.name}",
        reason=GapReason.UNRESOLVED,
        detail=f"it was not given, and {found[0].id} is declared there",
        remedy="give the plans of all roots: --plan can be repeated",
        kinds=tuple(sorted({resource.kind for resource in found})),
        location=found[0].location,
    )


def _never_asked(source: Source, unit: str, kinds: list[str]) -> Gap:
    return Gap(
        source=source,
        scope=f"{', '.join(kinds)} of {unit}",
        reason=GapReason.UNSUPPORTED,
        detail=f"{', '.join(kinds)} was not collected",
        remedy="scan again with this policy selected: stored evidence holds only what its scan asked for",
        unit=unit,
        kinds=tuple(kinds),
    )
