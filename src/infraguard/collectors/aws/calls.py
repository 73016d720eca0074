"""Calls to one service in one region, of which none fails silently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Any, TypeVar

from infraguard.collectors.aws.answers import Answer
from infraguard.collectors.aws.failures import Failure, call_errors, failure_of, unreadable
from infraguard.collectors.aws.names import permission
from infraguard.collectors.aws.place import Place
from infraguard.model.evidence import Gap, GapReason, Resource, Source
from infraguard.model.values import Denied, Unknown, Value

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Calls:
    """Makes the calls of one reader. A call that fails becomes a gap, and what was read before it is kept.

    `client` makes the boto3 client, on the first call. Methods may be called from several threads.
    """

    def __init__(self, service: str, place: Place, client: Callable[[], Any], pool: Executor) -> None:
        self.place = place
        self.gaps: list[Gap] = []
        self._service = service
        self._client = client
        self._pool = pool

    def items(self, operation: str, key: str, fills: Iterable[str], **arguments: Any) -> list[Answer]:
        """The items under `key` on all pages. `fills` are the kinds that lack resources when a page cannot be read."""
        items: list[Answer] = []
        failure = self._read(items, operation, key, arguments)
        if failure:
            self.report(operation, failure, fills)
        return items

    def values(self, operation: str, key: str, **arguments: Any) -> list[Answer] | Unknown | Denied:
        """The items under `key` for an attribute of resources that are known, or why the attribute cannot be read."""
        items: list[Answer] = []
        failure = self._read(items, operation, key, arguments)
        return self._unread(operation, failure) if failure else items

    def one(self, operation: str, key: str, **arguments: Any) -> Answer | Unknown | Denied:
        """The mapping under `key`, for attributes of a resource that is known, or why they cannot be read."""
        from botocore import xform_name

        try:
            found = getattr(self._client(), xform_name(operation))(**arguments).get(key)
        except call_errors() as error:
            return self._unread(operation, failure_of(error, permission(self._service, operation), self.place.region))
        return found if isinstance(found, dict) else self._unread(operation, self.lacking(operation, key))

    def _unread(self, operation: str, failure: Failure) -> Unknown | Denied:
        self.report(operation, failure, ())
        if failure.reason is GapReason.DENIED:
            return Denied(failure.detail, permission(self._service, operation))
        return Unknown(failure.detail, remedy=failure.remedy)

    def found(
        self, kind: str, operation: str, attributes: dict[str, Value], parents_tags: Value = None
    ) -> Iterator[Resource]:
        """The resource with these attributes; a gap when AWS did not say which one it is."""
        resource = self.place.resource(kind, permission(self._service, operation), attributes, parents_tags)
        if resource:
            yield resource
            return
        self.report(operation, self.lacking(operation, f"the identifier of a {kind}"), (kind,))

    def map(self, function: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
        """The function of each item, in order, with several calls at a time."""
        return list(self._pool.map(function, items))

    def lacking(self, operation: str, what: str) -> Failure:
        """The failure of an operation that answered without what its answer always holds."""
        return unreadable(f"the answer lacks {what}", permission(self._service, operation), self.place.region)

    def report(self, operation: str, failure: Failure, hides: Iterable[str]) -> None:
        """Record that resources of the kinds may be missing; with no kinds, that an attribute is."""
        self.gaps.append(
            Gap(
                source=Source.AWS,
                unit=self.place.account,
                scope=f"{permission(self._service, operation)} {self.place.region}",
                reason=failure.reason,
                detail=failure.detail,
                remedy=failure.remedy,
                kinds=tuple(sorted(hides)),
            )
        )

    def _read(self, items: list[Answer], operation: str, key: str, arguments: dict[str, Any]) -> Failure | None:
        try:
            for page in self._pages(operation, arguments):
                # Where a body is no JSON, botocore returns an empty page as if it had been read.
                if not isinstance(page.get(key), list):
                    return self.lacking(operation, key)
                items.extend(page[key])
        except call_errors() as error:
            return failure_of(error, permission(self._service, operation), self.place.region)
        return None

    def _pages(self, operation: str, arguments: dict[str, Any]) -> Iterator[Answer]:
        from botocore import xform_name

        client = self._client()
        method = xform_name(operation)
        if client.can_paginate(method):
            yield from client.get_paginator(method).paginate(**arguments)
            return
        token = page_token(client.meta.service_model.operation_model(operation))
        page = getattr(client, method)(**arguments)
        yield page
        while token and page.get(token):
            page = getattr(client, method)(**arguments, **{token: page[token]})
            yield page


def page_token(operation: Any) -> str:
    """What an operation takes and gives to go on with the next page, where botocore knows no paginator; or nothing."""
    named = ("nextToken", "NextToken")
    given, taken = operation.output_shape, operation.input_shape
    return next((name for name in named if name in given.members and taken and name in taken.members), "")
