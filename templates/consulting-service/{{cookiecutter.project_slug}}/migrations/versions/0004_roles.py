"""Roles: what the service, reports and auditors may do, and nothing more.

Roles belong to the whole server, so they are made when missing, and stay when this is undone. Nobody signs in as one of
them: an account of the service is made a member (`GRANT portal_app TO ...`). The audit log belongs to a role that the
service never has, because an owner could switch its triggers off. New tables are granted by default.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

ROLES = ("portal_app", "portal_reporting", "portal_auditor", "portal_audit_owner")

MAKE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} NOLOGIN;
    END IF;
END $$
"""

GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO portal_app, portal_reporting, portal_auditor",
    "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO portal_app",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO portal_reporting",
    "REVOKE SELECT ON users FROM portal_reporting",
    "GRANT EXECUTE ON FUNCTION ensure_month_partitions(integer) TO portal_app",
    "REVOKE ALL ON audit_log, alembic_version FROM portal_app",
    "GRANT SELECT, INSERT ON audit_log TO portal_app",
    "GRANT SELECT ON alembic_version TO portal_app",
    "GRANT SELECT ON audit_log TO portal_auditor",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO portal_app",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO portal_reporting",
)

OWNED = (
    "GRANT portal_audit_owner TO CURRENT_USER",
    "GRANT CREATE ON SCHEMA public TO portal_audit_owner",
    "ALTER TABLE audit_log OWNER TO portal_audit_owner",
    "REVOKE CREATE ON SCHEMA public FROM portal_audit_owner",
)

UNDO = (
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM portal_app",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM portal_reporting",
    "REVOKE ALL ON FUNCTION ensure_month_partitions(integer) FROM portal_app",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM portal_app, portal_reporting, portal_auditor",
    "REVOKE USAGE ON SCHEMA public FROM portal_app, portal_reporting, portal_auditor",
    "ALTER TABLE audit_log OWNER TO CURRENT_USER",
)


def upgrade() -> None:
    """Make the roles, and give each what it needs."""
    for role in ROLES:
        op.execute(MAKE.format(role=role))
    for statement in (*GRANTS, *OWNED):
        op.execute(statement)


def downgrade() -> None:
    """Take everything from the roles."""
    for statement in UNDO:
        op.execute(statement)
