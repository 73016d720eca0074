"""The instances of one block together: as a value, and by the steps of a reference."""

from __future__ import annotations

from functools import cached_property
from typing import Generic, TypeVar

from msgspec import Struct

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.values import Lazy
from infraguard.terraform.modules.instances import Expansion, Instance

Item = TypeVar("Item", bound=Lazy)


class Members(Struct, Generic[Item], frozen=True, dict=True):
    """The instances of a resource or of a module call; `address` has no index."""

    address: str
    items: tuple[tuple[Instance, Item], ...]
    expansion: Expansion

    @property
    def is_indexed(self) -> bool:
        """Whether a reference names an instance by an index: with count and for_each."""
        return any(instance.key is not None or not instance.decided for instance, _ in self.items)

    @cached_property
    def value(self) -> Value:
        """One object, a list of objects for count, or an object of them for for_each."""
        if self.expansion.perhaps is not None or self.expansion.cut:
            return self._undecided()
        if len(self.items) == 1 and self.items[0][0].key is None:
            return self.items[0][1]
        if self.expansion.by_count:
            return [item for _, item in self.items]
        return {str(instance.key): item for instance, item in self.items}

    def matching(self, key: object) -> tuple[Item, ...]:
        """The instance with this key, or all of them when none has it or the key is not known."""
        chosen = self._by_key.get(key) if isinstance(key, (str, int)) else None
        return self._all if chosen is None else (chosen,)

    @cached_property
    def _all(self) -> tuple[Item, ...]:
        return tuple(item for _, item in self.items)

    @cached_property
    def _by_key(self) -> dict[str | int, Item]:
        return {instance.key: item for instance, item in self.items if instance.key is not None}

    def _undecided(self) -> Unknown:
        why = self.expansion.perhaps or Unknown(reason=f"{self.address} has too many instances")
        depends_on = (*why.depends_on, self.address)
        reason = f"the instances of {self.address} are not known: {why.reason}"
        return Unknown(reason=reason, depends_on=depends_on, remedy=why.remedy)
