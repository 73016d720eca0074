"""Signing in and out, and who may."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, SecretStr
from sqlalchemy import select

from .. import audit, metrics, passwords
from ..errors import NotSignedIn, TooMany
from ..models import User
from ..permissions import Permission
from ..sessions import COOKIE, SignedIn
from .access import Ports, Who, allowed
from .schemas import Asked, Email, Given

router = APIRouter(tags=["sign-in"])
log = structlog.get_logger(__name__)

Password = Annotated[
    SecretStr, Field(min_length=passwords.MIN_LENGTH, max_length=passwords.MAX_LENGTH)
]


class Credentials(Asked):
    """Who somebody says they are, and the proof."""

    email: Email
    password: Annotated[SecretStr, Field(max_length=passwords.MAX_LENGTH)]


class NewPassword(Asked):
    """A change of one's own password."""

    current: Annotated[SecretStr, Field(max_length=passwords.MAX_LENGTH)]
    new: Password


class NewUser(Asked):
    """Somebody who is to sign in."""

    email: Email
    password: Password
    role: Literal["admin", "partner", "consultant", "finance", "auditor"]
    consultant_id: UUID | None = None


class UserOut(Given):
    """Somebody who signs in."""

    id: UUID
    email: str
    role: str
    consultant_id: UUID | None
    active: bool


@router.post("/auth/login", status_code=204)
def login(asked: Credentials, request: Request, portal: Ports) -> Response:
    """Sign in. The session that the browser had before ends: an id never outlives a change of who is signed in."""
    email = asked.email.lower()
    address = request.client.host if request.client else "unknown"
    if not portal.sessions.may_try(email, address):
        metrics.SIGN_INS.labels("throttled").inc()
        log.warning("auth.failure", reason="too many attempts")
        raise TooMany("too many attempts: wait a quarter of an hour")
    password = asked.password.get_secret_value()
    with portal.database.session() as session:
        user = session.scalar(select(User).where(User.email == email, User.active))
        if not passwords.matches(password, user.password_hash if user else None) or user is None:
            metrics.SIGN_INS.labels("failure").inc()
            log.warning("auth.failure", reason="wrong e-mail address or password")
            raise NotSignedIn("wrong e-mail address or password")
        if passwords.needs_new_hash(user.password_hash):
            user.password_hash = passwords.hash_password(password)
        audit.append(session, user.id, "user.signed_in", "user", user.id, {})
        who = SignedIn(user.id, user.role, user.consultant_id)
    portal.sessions.forget_attempts(email, address)
    if before := request.cookies.get(COOKIE):
        portal.sessions.end(before)
    request.state.user_id = str(who.user_id)
    metrics.SIGN_INS.labels("success").inc()
    log.info("auth.success", user_id=str(who.user_id), role=who.role)
    return _with_cookie(portal.sessions.start(who))


@router.post("/auth/logout", status_code=204)
def logout(request: Request, portal: Ports, who: Who) -> Response:
    """Sign out: the session is gone, whoever has its id."""
    portal.sessions.end(request.cookies[COOKIE])
    log.info("auth.signed_out", user_id=str(who.user_id))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    return response


@router.post("/auth/password", status_code=204)
def change_password(asked: NewPassword, portal: Ports, who: Who) -> Response:
    """Change one's own password: every session ends, and a new one begins."""
    with portal.database.session() as session:
        user = session.get_one(User, who.user_id, with_for_update=True)
        if not passwords.matches(asked.current.get_secret_value(), user.password_hash):
            log.warning("auth.failure", reason="wrong current password", user_id=str(user.id))
            raise NotSignedIn("the current password is wrong")
        user.password_hash = passwords.hash_password(asked.new.get_secret_value())
        audit.append(session, user.id, "user.password_changed", "user", user.id, {})
    portal.sessions.end_all(who.user_id)
    return _with_cookie(portal.sessions.start(who))


@router.get("/auth/me")
def me(portal: Ports, who: Who) -> UserOut:
    """Tell who is signed in."""
    with portal.database.session() as session:
        return UserOut.model_validate(session.get_one(User, who.user_id))


@router.post("/users", status_code=201)
def create_user(
    asked: NewUser,
    portal: Ports,
    who: Annotated[SignedIn, Depends(allowed(Permission.MANAGE_USERS))],
) -> UserOut:
    """Let somebody sign in from now on."""
    with portal.database.session() as session:
        user = User(
            email=asked.email.lower(),
            password_hash=passwords.hash_password(asked.password.get_secret_value()),
            role=asked.role,
            consultant_id=asked.consultant_id,
            active=True,
        )
        session.add(user)
        session.flush()
        audit.append(session, who.user_id, "user.created", "user", user.id, {"role": user.role})
        return UserOut.model_validate(user)


@router.post("/users/{user_id}/deactivate", status_code=204)
def deactivate_user(
    user_id: UUID,
    portal: Ports,
    who: Annotated[SignedIn, Depends(allowed(Permission.MANAGE_USERS))],
) -> None:
    """Let somebody sign in no more, and end what they are signed in to."""
    with portal.database.session() as session:
        session.get_one(User, user_id).active = False
        audit.append(session, who.user_id, "user.deactivated", "user", user_id, {"active": False})
    portal.sessions.end_all(user_id)


def _with_cookie(token: str) -> Response:
    # Without an age the cookie ends with the browser; the server ends the session when it was not used.
    response = Response(status_code=204)
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="lax", path="/")
    return response
