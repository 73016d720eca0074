"""Payments get a currency, step 2 of 3 (migrate): rows from before get that of their invoice.

By now every instance writes the column. Rows are filled in batches, each committed, so that no lock is held for long.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0007"
down_revision = "0006"

BATCH = """
UPDATE payments SET currency = invoices.currency FROM invoices
WHERE invoices.id = payments.invoice_id AND invoices.invoice_date = payments.invoice_date
AND payments.id IN (SELECT id FROM payments WHERE currency IS NULL LIMIT 5000)
"""


def upgrade() -> None:
    """Fill the column, some thousand rows at a time."""
    with op.get_context().autocommit_block():
        if context.is_offline_mode():
            op.execute(BATCH)  # shown once; it runs until nothing is left
            return
        while op.get_bind().execute(sa.text(BATCH)).rowcount:
            pass


def downgrade() -> None:
    """Leave the values: code that does not know the column does not see them."""
