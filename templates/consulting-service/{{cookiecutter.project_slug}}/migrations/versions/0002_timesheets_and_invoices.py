"""Timesheets and invoices, partitioned by date; lines, payments, and the counter of invoices.

New tables only. A month's rows are in one partition, and what is in no month's is in the one called rest.
`ensure_month_partitions` makes the months ahead. It runs with its owner's rights, so that the service needs none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ENSURE_PARTITIONS = """
CREATE FUNCTION ensure_month_partitions(months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent text;
    start date;
    partition text;
    made integer := 0;
BEGIN
    FOREACH parent IN ARRAY ARRAY['timesheets', 'invoices'] LOOP
        FOR ahead IN 0..months LOOP
            start := date_trunc('month', current_date) + make_interval(months => ahead);
            partition := parent || '_' || to_char(start, 'YYYY_MM');
            IF to_regclass(partition) IS NULL THEN
                EXECUTE format(
                    'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                    partition, parent, start, (start + interval '1 month')::date
                );
                made := made + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN made;
END $$
"""


def upgrade() -> None:
    """Make the tables and their first partitions."""
    _timesheets()
    _invoices()
    _lines_and_payments()
    op.execute("CREATE TABLE timesheets_rest PARTITION OF timesheets DEFAULT")
    op.execute("CREATE TABLE invoices_rest PARTITION OF invoices DEFAULT")
    op.execute(ENSURE_PARTITIONS)
    op.execute("REVOKE ALL ON FUNCTION ensure_month_partitions(integer) FROM PUBLIC")
    op.execute("SELECT ensure_month_partitions(13)")


def _timesheets() -> None:
    op.create_table(
        "timesheets",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("work_date", sa.Date(), primary_key=True),
        sa.Column("consultant_id", sa.Uuid(), sa.ForeignKey("consultants.id"), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), sa.ForeignKey("engagements.id"), nullable=False),
        sa.Column("hours", sa.Numeric(5, 2), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("approved_by", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hours > 0 and hours <= 24", name="hours_in_a_day"),
        sa.CheckConstraint(
            "status in ('draft', 'submitted', 'approved', 'rejected', 'invoiced')",
            name="status_known",
        ),
        sa.CheckConstraint(
            "status not in ('approved', 'invoiced') or approved_by is not null",
            name="approved_by_somebody",
        ),
        sa.UniqueConstraint("consultant_id", "engagement_id", "work_date"),
        postgresql_partition_by="RANGE (work_date)",
    )
    op.create_index(
        "ix_timesheets_engagement_id_status_work_date",
        "timesheets",
        ["engagement_id", "status", "work_date"],
    )
    op.create_index("ix_timesheets_status_work_date", "timesheets", ["status", "work_date"])
    op.create_index("ix_timesheets_created_by", "timesheets", ["created_by"])
    op.create_index("ix_timesheets_approved_by", "timesheets", ["approved_by"])


def _invoices() -> None:
    counters = op.create_table(
        "invoice_counters",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("last_number >= 0", name="last_number_not_negative"),
    )
    op.bulk_insert(counters, [{"name": "invoices", "last_number": 0}])
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("invoice_date", sa.Date(), primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Uuid(), sa.ForeignKey("clients.id"), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), sa.ForeignKey("engagements.id"), nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("subtotal", sa.Numeric(18, 2), nullable=False),
        sa.Column("tax_rate", sa.Numeric(5, 4), nullable=False),
        sa.Column("tax", sa.Numeric(18, 2), nullable=False),
        sa.Column("total", sa.Numeric(18, 2), nullable=False),
        sa.Column("paid", sa.Numeric(18, 2), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("subtotal >= 0 and tax >= 0", name="amounts_not_negative"),
        sa.CheckConstraint("round(total - subtotal - tax, 2) = 0", name="total_adds_up"),
        sa.CheckConstraint("paid >= 0 and paid <= total", name="paid_within_total"),
        sa.CheckConstraint("due_on >= invoice_date", name="due_after_date"),
        sa.CheckConstraint("status in ('issued', 'part_paid', 'paid')", name="status_known"),
        postgresql_partition_by="RANGE (invoice_date)",
    )
    op.create_index("ix_invoices_client_id_invoice_date", "invoices", ["client_id", "invoice_date"])
    op.create_index("ix_invoices_engagement_id", "invoices", ["engagement_id"])
    op.create_index("ix_invoices_status_due_on", "invoices", ["status", "due_on"])
    op.create_index("ix_invoices_due_on", "invoices", ["due_on"])
    op.create_table(
        "invoice_requests",
        sa.Column("idempotency_key", sa.String(64), primary_key=True),
        sa.Column("digest", sa.CHAR(64), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, unique=True),
        sa.ForeignKeyConstraint(
            ["invoice_id", "invoice_date"], ["invoices.id", "invoices.invoice_date"]
        ),
    )
    op.create_index("ix_invoice_requests_invoice_date", "invoice_requests", ["invoice_date"])


def _lines_and_payments() -> None:
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("timesheet_id", sa.Uuid(), nullable=False),
        sa.Column("work_date", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(5, 2), nullable=False),
        sa.Column("hourly_rate", sa.Numeric(12, 4), nullable=False),
        sa.Column("amount", sa.Numeric(18, 2), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id", "invoice_date"], ["invoices.id", "invoices.invoice_date"]
        ),
        sa.ForeignKeyConstraint(
            ["timesheet_id", "work_date"], ["timesheets.id", "timesheets.work_date"]
        ),
        sa.CheckConstraint("hours > 0", name="hours_positive"),
        sa.CheckConstraint("hourly_rate >= 0 and amount >= 0", name="amounts_not_negative"),
        sa.UniqueConstraint("timesheet_id", "work_date"),
    )
    op.create_index(
        "ix_invoice_lines_invoice_id_invoice_date", "invoice_lines", ["invoice_id", "invoice_date"]
    )
    op.create_index("ix_invoice_lines_invoice_date", "invoice_lines", ["invoice_date"])
    op.create_index("ix_invoice_lines_work_date", "invoice_lines", ["work_date"])
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(18, 2), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(140), nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=False, unique=True),
        sa.Column("digest", sa.CHAR(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id", "invoice_date"], ["invoices.id", "invoices.invoice_date"]
        ),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
    )
    op.create_index(
        "ix_payments_invoice_id_invoice_date", "payments", ["invoice_id", "invoice_date"]
    )
    op.create_index("ix_payments_invoice_date", "payments", ["invoice_date"])


def downgrade() -> None:
    """Drop the tables, with their partitions."""
    op.execute("DROP FUNCTION ensure_month_partitions(integer)")
    for table in ("payments", "invoice_lines", "invoice_requests", "invoices"):
        op.drop_table(table)
    for table in ("invoice_counters", "timesheets"):
        op.drop_table(table)
