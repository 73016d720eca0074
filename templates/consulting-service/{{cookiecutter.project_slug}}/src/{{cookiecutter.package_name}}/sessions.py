"""Sessions: kept in Redis, so that any instance can answer; the browser holds nothing but a random id."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from redis import Redis

#: The prefix makes browsers insist on TLS, on the whole host and on no other one.
COOKIE = "__Host-session"

ATTEMPTS = 5
ATTEMPT_SECONDS = 900


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as far as a request needs to know."""

    user_id: UUID
    role: str
    consultant_id: UUID | None


class SessionStore:
    """Sessions that end when they were not used for some hours."""

    def __init__(self, redis: Redis, hours: int) -> None:
        """Sessions live for `hours` after they were last used."""
        self._redis = redis
        self._seconds = hours * 3600

    def start(self, who: SignedIn) -> str:
        """Begin a session and return its id, which nothing else ever had."""
        token = secrets.token_urlsafe(32)
        key, mine = _key(token), _sessions_of(who.user_id)
        with self._redis.pipeline() as pipe:
            pipe.set(key, json.dumps(asdict(who), default=str), ex=self._seconds)
            pipe.sadd(mine, key)
            pipe.expire(mine, self._seconds)
            pipe.execute()
        return token

    def find(self, token: str) -> SignedIn | None:
        """Whose session this is; being asked for keeps it alive."""
        kept: Any = self._redis.getex(_key(token), ex=self._seconds)
        if kept is None:
            return None
        data = json.loads(kept)
        consultant = data["consultant_id"]
        who = SignedIn(UUID(data["user_id"]), data["role"], consultant and UUID(consultant))
        self._redis.expire(_sessions_of(who.user_id), self._seconds)
        return who

    def end(self, token: str) -> None:
        """End one session."""
        self._redis.delete(_key(token))

    def end_all(self, user_id: UUID) -> None:
        """End every session of somebody, such as when their password changed."""
        mine = _sessions_of(user_id)
        kept: Any = self._redis.smembers(mine)
        self._redis.delete(mine, *kept)

    def may_try(self, email: str, address: str) -> bool:
        """Count an attempt to sign in; after too many, the account or the address has to wait."""
        allowed = True
        for what, limit in ((f"account:{email}", ATTEMPTS), (f"address:{address}", 10 * ATTEMPTS)):
            key = f"attempts:{_digest(what)}"
            with self._redis.pipeline() as pipe:
                pipe.set(key, 0, ex=ATTEMPT_SECONDS, nx=True)
                pipe.incr(key)
                counted: Any = pipe.execute()[1]
            allowed = allowed and counted <= limit
        return allowed

    def forget_attempts(self, email: str, address: str) -> None:
        """Let somebody who signed in begin to count from zero, and take their attempt from their address."""
        self._redis.delete(f"attempts:{_digest(f'account:{email}')}")
        self._redis.decr(f"attempts:{_digest(f'address:{address}')}")


def _key(token: str) -> str:
    # Whoever reads Redis finds no id that could be used.
    return f"session:{_digest(token)}"


def _sessions_of(user_id: UUID) -> str:
    return f"sessions-of:{user_id}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
