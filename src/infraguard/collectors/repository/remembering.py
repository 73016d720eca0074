"""A tree that reads each file once, however many families look at it, and keeps what is made of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from infraguard.readers.tree import Problem, Tree, Unreadable, decode

Made = TypeVar("Made")
#: Contents are kept up to this much together; files after that are read again when they are asked for.
_MAX_KEPT_BYTES = 256 * 1024 * 1024


class RememberingTree:
    """Another tree, whose files are read from it once. Only for the time of one collection: files may change."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._contents: dict[str, bytes | Problem] = {}
        self._size = 0
        self._made: dict[Any, Any] = {}

    @property
    def paths(self) -> tuple[str, ...]:
        return self._tree.paths

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._tree.problems

    @property
    def links(self) -> Mapping[str, str]:
        return self._tree.links

    def __contains__(self, path: str) -> bool:
        return path in self._tree

    def read_bytes(self, path: str) -> bytes:
        found = self._contents.get(path)
        if found is None:
            try:
                found = self._tree.read_bytes(path)
            except Unreadable as error:
                found = error.problem
            size = len(found) if isinstance(found, bytes) else 0
            if self._size + size <= _MAX_KEPT_BYTES:
                self._contents[path] = found
                self._size += size
        if isinstance(found, Problem):
            raise Unreadable(found)
        return found

    def read(self, path: str) -> str:
        return decode(path, self.read_bytes(path))

    def below(self, folder: str) -> Tree:
        return self._tree.below(folder)

    def made(self, key: Any, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for each key."""
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found


def once(tree: Tree, key: Any, make: Callable[[], Made]) -> Made:
    """What `make` gives; made once where the tree remembers."""
    return tree.made(key, make) if isinstance(tree, RememberingTree) else make()
