"""How the resources of some kinds are read from one service of AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from infraguard.collectors.aws.answers import Field, attributes
from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.names import permission
from infraguard.model.evidence import Resource


class Reader(Struct, frozen=True, kw_only=True):
    """Reads some kinds of one service in one region.

    `operations` names for each kind the API operations that reading it calls, and `attributes` the names that it reads:
    any other name is unknown, not absent. `read` gets the kinds that are wanted, yields resources of those and no
    others, and calls nothing that they do not need. `of_the_account` where the service answers for the whole account
    from one region, and is asked once.
    """

    service: str
    operations: dict[str, tuple[str, ...]]
    attributes: dict[str, tuple[str, ...]]
    read: Callable[[Calls, frozenset[str]], Iterator[Resource]]
    of_the_account: bool = False

    def wanted(self, kinds: Iterable[str]) -> frozenset[str]:
        """Those of the kinds that this reader reads."""
        return frozenset(kinds) & self.operations.keys()

    def permissions(self, kinds: Iterable[str]) -> frozenset[str]:
        """The IAM actions that reading those of the kinds needs."""
        wanted = self.wanted(kinds)
        return frozenset(permission(self.service, name) for kind in wanted for name in self.operations[kind])


def listing(
    service: str,
    kind: str,
    operation: str,
    key: str,
    fields: Mapping[str, Field],
    *,
    of_the_account: bool = False,
    **arguments: Any,
) -> Reader:
    """A reader of one kind, of which one operation lists all that we ask. `key` is where its answer has the items."""

    def read(calls: Calls, kinds: frozenset[str]) -> Iterator[Resource]:
        for answer in calls.items(operation, key, kinds, **arguments):
            yield from calls.found(kind, operation, attributes(answer, fields))

    return Reader(
        service=service,
        operations={kind: (operation,)},
        attributes={kind: tuple(fields)},
        read=read,
        of_the_account=of_the_account,
    )
