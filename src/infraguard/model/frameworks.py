"""A framework as data: an outside catalogue of requirements, mapped one-way onto gates."""

from __future__ import annotations

from msgspec import Struct, field

from infraguard.model.findings import Covers
from infraguard.model.policy import At
from infraguard.model.values import Value


class Requirement(Struct, frozen=True, kw_only=True):
    """One requirement of a framework, and the gates that speak for it.

    `title` is our own short name of it. `left` says what no gate shows, and who or what does. `demands` are figures
    that the requirement itself names, by gate and parameter, where they ask for more than the gate does by itself.
    """

    id: str
    title: str
    gates: tuple[str, ...] = ()
    covers: Covers = "none"
    left: str = ""
    demands: dict[str, dict[str, Value]] = field(default_factory=dict)
    at: At = At()


class Framework(Struct, frozen=True, kw_only=True):
    """An outside catalogue. `name` is how the command line calls it."""

    name: str
    title: str
    publisher: str
    version: str
    scope: str
    reference: str
    requirements: tuple[Requirement, ...]
    at: At = At()

    def gates(self) -> tuple[str, ...]:
        """Every gate that some requirement names, each once, sorted."""
        return tuple(sorted({gate for requirement in self.requirements for gate in requirement.gates}))

    def requirements_of(self, gate: str) -> tuple[str, ...]:
        """The ids of the requirements that a gate speaks for, in the order of the catalogue."""
        return tuple(requirement.id for requirement in self.requirements if gate in requirement.gates)
