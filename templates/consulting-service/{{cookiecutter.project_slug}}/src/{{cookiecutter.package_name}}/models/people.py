"""Who works, who is worked for, and who may sign in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Currency, Hours, Id, Moment, Name, now

ROLES = ("admin", "partner", "consultant", "finance", "auditor")


class Client(Base):
    """A company that is worked for, and that invoices go to."""

    __tablename__ = "clients"
    __table_args__ = (
        CheckConstraint("payment_days between 0 and 180", name="payment_days_in_range"),
        CheckConstraint("status in ('active', 'closed')", name="status_known"),
    )

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(unique=True)
    billing_email: Mapped[str] = mapped_column(String(254))
    currency: Mapped[Currency]
    payment_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    status: Mapped[str] = mapped_column(String(16), default="active", index=True)
    created_at: Mapped[Moment] = mapped_column(default=now)


class Consultant(Base):
    """A person whose hours are sold."""

    __tablename__ = "consultants"
    __table_args__ = (
        CheckConstraint("weekly_hours > 0 and weekly_hours <= 60", name="weekly_hours_in_range"),
    )

    id: Mapped[Id]
    full_name: Mapped[Name]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    weekly_hours: Mapped[Hours]
    created_at: Mapped[Moment] = mapped_column(default=now)


class User(Base):
    """Somebody who signs in. Passwords are kept as argon2 hashes only."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "role in ('admin', 'partner', 'consultant', 'finance', 'auditor')", name="role_known"
        ),
        CheckConstraint(
            "role <> 'consultant' or consultant_id is not null", name="consultant_is_somebody"
        ),
    )

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    consultant_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultants.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[Moment] = mapped_column(default=now)
