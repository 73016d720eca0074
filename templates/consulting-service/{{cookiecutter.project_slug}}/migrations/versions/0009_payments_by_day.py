"""Payments are found by the day they came in.

The index is built while everybody reads and writes on, which cannot be done in a transaction.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Build the index."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_payments_received_on",
            "payments",
            ["received_on"],
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Drop the index."""
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_payments_received_on",
            "payments",
            postgresql_concurrently=True,
            if_exists=True,
        )
