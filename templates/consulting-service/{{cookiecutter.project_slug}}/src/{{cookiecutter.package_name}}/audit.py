"""The audit log as a chain: each entry holds the hash of the one before it, so no entry can be changed unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from .models import AuditEntry
from .models.base import now

GENESIS = "0" * 64

#: The advisory lock that appends wait for: a number that nothing else here uses.
_LOCK = 7_205_759_403

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Verification:
    """What a walk over the whole chain found."""

    entries: int
    #: The hash of the last sound entry. Kept outside the database, it shows when the end was cut off.
    head: str
    #: The position of the first entry that is not as it was written; None when all are.
    broken_at: int | None


def append(
    session: Session,
    actor_id: UUID | None,
    action: str,
    entity: str,
    entity_id: object,
    changes: Mapping[str, Any],
) -> AuditEntry:
    """Add an entry. Call it last in a transaction: other appends wait until this one is committed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = session.execute(
        select(AuditEntry.position, AuditEntry.hash).order_by(AuditEntry.position.desc()).limit(1)
    ).first()
    entry = AuditEntry(
        position=last.position + 1 if last else 1,
        at=now(),
        actor_id=actor_id,
        action=action,
        entity=entity,
        entity_id=str(entity_id),
        changes={name: _plain(value) for name, value in changes.items()},
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry)
    session.add(entry)
    session.flush()
    log.info("audit.appended", action=action, entity=entity, position=entry.position)
    return entry


def digest(entry: AuditEntry) -> str:
    """The hash that an entry must have: over all it says, and over the hash before it."""
    told = {
        "position": entry.position,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor_id": str(entry.actor_id),
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "changes": entry.changes,
        "request_id": entry.request_id,
        "previous_hash": entry.previous_hash,
    }
    written = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()


def verify(session: Session) -> Verification:
    """Walk the chain from its first entry to its last."""
    expected, head = 1, GENESIS
    entries = session.scalars(
        select(AuditEntry).order_by(AuditEntry.position).execution_options(yield_per=500)
    )
    for entry in entries:
        sound = entry.position == expected and entry.previous_hash == head
        if not sound or entry.hash != digest(entry):
            return Verification(expected - 1, head, expected)
        expected, head = expected + 1, entry.hash
    return Verification(expected - 1, head, None)


def rows(session: Session) -> int:
    """How many entries there are, without counting them."""
    return session.scalar(select(func.max(AuditEntry.position))) or 0


def _plain(value: Any) -> Any:
    """Give a value that comes back from the database's JSON as it went in: numbers with a point become text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value)
