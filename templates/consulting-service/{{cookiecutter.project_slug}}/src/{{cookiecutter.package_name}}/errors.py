"""What can be refused, in words that the caller may read."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 # it is no error: the answer is no
    """A request that cannot be done. Its text goes to the caller."""

    status = 422


class NotFound(Refused):
    """There is no such thing, or not for this caller."""

    status = 404


class Conflict(Refused):
    """What is asked for disagrees with what is there."""

    status = 409


class NotSignedIn(Refused):
    """Nobody is signed in, or not with that password."""

    status = 401


class NotAllowed(Refused):
    """Somebody is signed in who may not do this."""

    status = 403


class TooMany(Refused):
    """Too many attempts: the caller has to wait."""

    status = 429
