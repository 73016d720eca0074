"""Passwords: argon2 hashes, and no way to tell from the time whether an account exists."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 128

HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a password with a salt of its own."""
    return HASHER.hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Whether the password is the one of the hash. Without a hash it takes as long, and is not."""
    try:
        HASHER.verify(hashed or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def needs_new_hash(hashed: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(hashed)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("nobody has this password")
