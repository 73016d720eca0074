"""Who asks, and whether they may: each route names the permission that it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import structlog
from fastapi import Depends, Header, Request

from .. import metrics
from ..errors import NotAllowed, NotSignedIn
from ..permissions import Permission, allows
from ..portal import Portal
from ..sessions import COOKIE, SignedIn

log = structlog.get_logger(__name__)


def portal_of(request: Request) -> Portal:
    """Give what this process works with."""
    portal: Portal = request.app.state.portal
    return portal


def signed_in(request: Request) -> SignedIn:
    """Tell who asks. Raises `NotSignedIn` when nobody does."""
    token = request.cookies.get(COOKIE)
    who = portal_of(request).sessions.find(token) if token else None
    if who is None:
        raise NotSignedIn("sign in first")
    request.state.user_id = str(who.user_id)
    return who


def allowed(permission: Permission) -> Callable[[SignedIn], SignedIn]:
    """Let through whoever has the permission, and log the decision either way."""

    def decide(who: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
        facts = {"user_id": str(who.user_id), "role": who.role, "permission": permission.value}
        if not allows(who.role, permission):
            metrics.ACCESS_DENIED.labels(permission.value).inc()
            log.warning("authz.denied", **facts)
            raise NotAllowed("your role does not allow this")
        log.info("authz.granted", **facts)
        return who

    return decide


Ports = Annotated[Portal, Depends(portal_of)]
Who = Annotated[SignedIn, Depends(signed_in)]
IdempotencyKey = Annotated[str, Header(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
