"""The account itself, for what a gate asks of it as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.reader import Reader
from infraguard.model.evidence import Resource

_ACCOUNT = "aws_account"


def _account(calls: Calls, _: frozenset[str]) -> Iterator[Resource]:
    """Whose account it is was asked before anything was read, so there is nothing left to call."""
    yield from calls.found(_ACCOUNT, "GetCallerIdentity", {"id": calls.place.account})


READERS = (
    Reader(
        service="sts", operations={_ACCOUNT: ()}, attributes={_ACCOUNT: ("id",)}, read=_account, of_the_account=True
    ),
)
