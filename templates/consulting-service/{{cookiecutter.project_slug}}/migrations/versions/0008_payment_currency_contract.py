"""Payments get a currency, step 3 of 3 (contract): it is required from now on.

The check is added without looking at the rows, and validated while everybody reads and writes on; it requires as
much as NOT NULL would. It goes with the first release after step 2 ran everywhere.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Require the column."""
    op.execute(
        "ALTER TABLE payments ADD CONSTRAINT ck_payments_currency_present "
        "CHECK (currency IS NOT NULL) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE payments VALIDATE CONSTRAINT ck_payments_currency_present")


def downgrade() -> None:
    """Require it no more."""
    op.drop_constraint(op.f("ck_payments_currency_present"), "payments", type_="check")
