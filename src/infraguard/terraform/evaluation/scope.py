"""What an expression can see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from infraguard.model.values import Value
from infraguard.terraform.evaluation.marks import Marks
from infraguard.terraform.syntax.nodes import For, Node, Step, TemplateFor


class Surroundings(Protocol):
    """The module that an expression stands in."""

    @property
    def module_path(self) -> str:
        """The folder of the module, relative to the root that is evaluated."""
        ...

    def lookup(self, root: str, steps: tuple[Step, ...]) -> tuple[Value, tuple[Step, ...]]:
        """What a name and some of the steps after it lead to, and the steps that are left."""
        ...

    def marks(self, root: str, steps: tuple[Step, ...]) -> tuple[Marks, tuple[Step, ...]]:
        """What Terraform marks of the value that a name and some of the steps after it lead to, and the steps left."""
        ...

    def spend(self, work: int) -> None:
        """Counts work done; raises `Exhausted` when the root has had its share."""
        ...

    def files_below(self, folder: str) -> Iterator[str]:
        """The paths of the files in a folder and its folders; both relative, as in `read_text`."""
        ...

    def read_text(self, path: str) -> str | None:
        """The text of a file by its path relative to the root that is evaluated; None when it is not there."""
        ...


class Origin:
    """Where a name of a loop comes from: the collection, the scope it is evaluated in, and the key when known.

    `keyed` says that the loop is over a map, so that its keys come from nowhere else; `is_item` that the name is the
    item itself, as in a `for`, and not an object of `key` and `value`.
    """

    __slots__ = ("collection", "is_item", "key", "keyed", "scope")

    def __init__(
        self, collection: Node, scope: Scope, key: str | int | None, *, keyed: bool = False, is_item: bool = False
    ) -> None:
        self.is_item = is_item
        self.collection = collection
        self.scope = scope
        self.key = key
        self.keyed = keyed


class Scope:
    """A module and the names that are valid in one place of it: `each`, `count`, iterators, names of `for`."""

    __slots__ = ("module", "names", "origins")

    def __init__(self, module: Surroundings, names: dict[str, Value], origins: dict[str, Origin] | None = None) -> None:
        self.module = module
        self.names = names
        self.origins = origins or {}

    def within(self, names: dict[str, Value], origins: dict[str, Origin] | None = None) -> Scope:
        """This scope with more names."""
        return Scope(self.module, {**self.names, **names}, {**self.origins, **origins} if origins else self.origins)


class Loop:
    """A `for` and the scope it stands in; `marks` are those of its collection, once they are asked for."""

    __slots__ = ("marks", "node", "scope")

    def __init__(self, node: For | TemplateFor, scope: Scope) -> None:
        self.node = node
        self.scope = scope
        self.marks: Marks | None = None


class Round(Scope):
    """The scope of one round of a loop, with the key that it is at; None in a set."""

    __slots__ = ("key", "loop")

    def __init__(self, loop: Loop, names: dict[str, Value], key: str | int | None) -> None:
        self.module = loop.scope.module
        self.names = names
        self.origins = loop.scope.origins
        self.loop = loop
        self.key = key
