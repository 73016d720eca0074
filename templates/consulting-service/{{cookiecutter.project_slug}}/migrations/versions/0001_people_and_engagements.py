"""Users, clients, consultants, engagements and rates.

The first revision: new tables only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "clients",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("billing_email", sa.String(254), nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("payment_days", sa.Integer(), server_default=sa.text("30"), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("payment_days between 0 and 180", name="payment_days_in_range"),
        sa.CheckConstraint("status in ('active', 'closed')", name="status_known"),
    )
    op.create_index("ix_clients_status", "clients", ["status"])
    op.create_table(
        "consultants",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("weekly_hours", sa.Numeric(5, 2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weekly_hours > 0 and weekly_hours <= 60", name="weekly_hours_in_range"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("consultant_id", sa.Uuid(), sa.ForeignKey("consultants.id")),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role in ('admin', 'partner', 'consultant', 'finance', 'auditor')", name="role_known"
        ),
        sa.CheckConstraint(
            "role <> 'consultant' or consultant_id is not null", name="consultant_is_somebody"
        ),
    )
    op.create_index("ix_users_consultant_id", "users", ["consultant_id"])
    op.create_table(
        "engagements",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("client_id", sa.Uuid(), sa.ForeignKey("clients.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("budget", sa.Numeric(18, 2), nullable=False),
        sa.Column("tax_rate", sa.Numeric(5, 4), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("budget >= 0", name="budget_not_negative"),
        sa.CheckConstraint("tax_rate >= 0 and tax_rate < 1", name="tax_rate_in_range"),
        sa.CheckConstraint("status in ('draft', 'active', 'closed')", name="status_known"),
        sa.UniqueConstraint("client_id", "name"),
    )
    op.create_index("ix_engagements_client_id", "engagements", ["client_id"])
    op.create_index("ix_engagements_starts_on", "engagements", ["starts_on"])
    op.create_index("ix_engagements_ends_on", "engagements", ["ends_on"])
    op.create_index("ix_engagements_status", "engagements", ["status"])
    op.create_table(
        "rate_cards",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("engagement_id", sa.Uuid(), sa.ForeignKey("engagements.id"), nullable=False),
        sa.Column("consultant_id", sa.Uuid(), sa.ForeignKey("consultants.id"), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("hourly_rate", sa.Numeric(12, 4), nullable=False),
        sa.CheckConstraint("hourly_rate >= 0", name="rate_not_negative"),
        sa.UniqueConstraint("engagement_id", "consultant_id", "effective_from"),
    )
    op.create_index("ix_rate_cards_engagement_id", "rate_cards", ["engagement_id"])
    op.create_index("ix_rate_cards_consultant_id", "rate_cards", ["consultant_id"])
    op.create_index("ix_rate_cards_effective_from", "rate_cards", ["effective_from"])


def downgrade() -> None:
    """Drop the tables, those that refer to others first."""
    for table in ("rate_cards", "engagements", "users", "consultants", "clients"):
        op.drop_table(table)
