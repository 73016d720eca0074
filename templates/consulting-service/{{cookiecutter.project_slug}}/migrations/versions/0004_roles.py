"""Roles: what the service, reports and auditors may do, and nothing more.

Roles belong to the whole server, so they are made when missing, and stay when this is undone. Nobody signs in as one of
them: an account of the service is made a member (`GRANT portal_app TO ...`). The audit log belongs to a role that the
service never has, because an owner could switch its triggers off. New tables are granted by default.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the roles, and give each what it needs."""
    op.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') "
        "THEN CREATE ROLE portal_app NOLOGIN; END IF; END $$"
    )
    op.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_reporting') "
        "THEN CREATE ROLE portal_reporting NOLOGIN; END IF; END $$"
    )
    op.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_auditor') "
        "THEN CREATE ROLE portal_auditor NOLOGIN; END IF; END $$"
    )
    op.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_audit_owner') "
        "THEN CREATE ROLE portal_audit_owner NOLOGIN; END IF; END $$"
    )
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA public TO portal_app, portal_reporting, portal_auditor")
    op.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO portal_app")
    op.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO portal_reporting")
    op.execute("REVOKE SELECT ON users FROM portal_reporting")
    op.execute("GRANT EXECUTE ON FUNCTION ensure_month_partitions(integer) TO portal_app")
    op.execute("REVOKE ALL ON audit_log, alembic_version FROM portal_app")
    op.execute("GRANT SELECT, INSERT ON audit_log TO portal_app")
    op.execute("GRANT SELECT ON alembic_version TO portal_app")
    op.execute("GRANT SELECT ON audit_log TO portal_auditor")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON "
        "TABLES TO portal_app"
    )
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO " "portal_reporting"
    )
    # Owned by nobody who signs in.
    op.execute("GRANT portal_audit_owner TO CURRENT_USER")
    op.execute("GRANT CREATE ON SCHEMA public TO portal_audit_owner")
    op.execute("ALTER TABLE audit_log OWNER TO portal_audit_owner")
    op.execute("REVOKE CREATE ON SCHEMA public FROM portal_audit_owner")


def downgrade() -> None:
    """Take everything from the roles."""
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM portal_app")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM " "portal_reporting"
    )
    op.execute("REVOKE ALL ON FUNCTION ensure_month_partitions(integer) FROM portal_app")
    op.execute(
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM portal_app, portal_reporting, "
        "portal_auditor"
    )
    op.execute("REVOKE USAGE ON SCHEMA public FROM portal_app, portal_reporting, portal_auditor")
    op.execute("ALTER TABLE audit_log OWNER TO CURRENT_USER")
