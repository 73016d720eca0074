"""The audit log: entries are added, and never changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Json, Moment

#: SQLite counts rows by itself only in a column that is just an INTEGER.
Position = BigInteger().with_variant(Integer(), "sqlite")


class AuditEntry(Base):
    """Who did what to which row, chained to the entry before it by its hash.

    There is no foreign key to users: an entry outlives whom it tells of.
    """

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "at"), Index(None, "entity", "entity_id"))

    #: 1, 2, 3 and so on without a gap.
    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(64))
    entity: Mapped[str] = mapped_column(String(64))
    entity_id: Mapped[str] = mapped_column(String(64))
    changes: Mapped[dict[str, Any]] = mapped_column(Json)
    request_id: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(CHAR(64))
    hash: Mapped[str] = mapped_column(CHAR(64), unique=True)
