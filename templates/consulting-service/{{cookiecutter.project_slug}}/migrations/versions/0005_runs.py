"""What scheduled jobs keep: reports and reconciliations.

New tables only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "report_runs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("rows", JSONB(), nullable=False),
        sa.Column("digest", sa.CHAR(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("period_end >= period_start", name="period_in_order"),
        sa.UniqueConstraint("name", "period_start", "period_end"),
    )
    op.create_index("ix_report_runs_period_start", "report_runs", ["period_start"])
    op.create_index("ix_report_runs_period_end", "report_runs", ["period_end"])
    op.create_index("ix_report_runs_created_at", "report_runs", ["created_at"])
    op.create_table(
        "reconciliation_runs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("discrepancies", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("checked >= 0", name="checked_not_negative"),
    )
    op.create_index("ix_reconciliation_runs_created_at", "reconciliation_runs", ["created_at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("reconciliation_runs")
    op.drop_table("report_runs")
