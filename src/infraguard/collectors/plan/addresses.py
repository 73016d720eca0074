"""Terraform's addresses and references, taken apart: `module.db[0].aws_db_instance.this["a"].arn`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from infraguard.readers.patterns import pattern

_PART = pattern(r'\.?([^.\[\]"]+)(?:\[(?:([0-9]+)|\?|("(?:[^"\\]|\\.)*+"))\])?')


class Part(NamedTuple):
    """A name between dots, and the key of an instance behind it. Keys are text: `[0]` and `["0"]` are one."""

    name: str
    key: str | None = None


Parts = tuple[Part, ...]


def parts_of(address: str) -> Parts:
    """The parts of an address or a reference, the outermost first. `[?]`, of source, is a key that is not known."""
    return tuple(Part(m[1], m[2] or (_unquoted(m[3]) if m[3] else None)) for m in _PART.finditer(address))


def block_of(parts: Iterable[Part]) -> str:
    """The address of the block that stands for all instances: without any key."""
    return ".".join(part.name for part in parts)


def address_of(parts: Iterable[Part]) -> str:
    """The parts as one address."""
    return ".".join(part.name if part.key is None else f"{part.name}[{_quoted(part.key)}]" for part in parts)


def _unquoted(key: str) -> str:
    try:
        return str(json.loads(key))
    except ValueError:  # HCL knows `$${` and `%%{`, which are no JSON, and nothing else that JSON lacks
        return key[1:-1]


def _quoted(key: str) -> str:
    return key if key.isdecimal() else json.dumps(key, ensure_ascii=False)


class Instances:
    """The objects that a plan speaks of, found by the address of their block and by keys."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._by_block: dict[str, dict[tuple[str | None, ...], str]] = {}
        self._keys: dict[str, set[str]] = {}
        self._same: dict[tuple[str, str], bool] = {}
        for address in addresses:
            parts = parts_of(address)
            self._by_block.setdefault(block_of(parts), {})[tuple(part.key for part in parts)] = address
            for end, part in enumerate(parts, 1):
                if part.key is not None:
                    self._keys.setdefault(block_of(parts[:end]), set()).add(part.key)

    def keys(self, parts: Parts) -> set[str]:
        """The keys of the instances of a resource or module; none where it has neither count nor for_each."""
        return self._keys.get(block_of(parts), set())

    def have_the_same_keys(self, one: Parts, other: Parts) -> bool:
        """Whether two resources or modules have instances with the same keys; worked out once for each two."""
        blocks = (block_of(one), block_of(other))
        if blocks not in self._same:
            self._same[blocks] = self.keys(one) == self.keys(other)
        return self._same[blocks]

    def matching(self, parts: Parts) -> tuple[str, ...]:
        """The addresses of the instances that an address without some keys can mean."""
        instances = self._by_block.get(block_of(parts), {})
        exact = instances.get(tuple(part.key for part in parts))
        if exact is not None:
            return (exact,)
        return tuple(
            address
            for keys, address in instances.items()
            if all(part.key in (None, key) for part, key in zip(parts, keys, strict=True))
        )
