"""Payments get a currency, step 1 of 3 (expand): the column is there, and nobody needs it yet.

Adding a column without a default takes a lock for a moment only. Running code neither reads nor writes it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, empty."""
    op.add_column("payments", sa.Column("currency", sa.CHAR(3), nullable=True))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("payments", "currency")
