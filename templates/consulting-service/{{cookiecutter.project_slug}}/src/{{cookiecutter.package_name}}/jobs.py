"""Jobs that a schedule runs: `python -m {{ cookiecutter.package_name }}.jobs NAME`. Each ends with 0, or with 1 and an alert."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing, nullcontext

import structlog
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from . import accounts, audit, cloudwatch
from .logs import configure_logging
from .models.base import now
from .portal import Portal, make_portal
from .services import report_runs
from .services.reconciliation import reconcile
from .settings import get_settings

log = structlog.get_logger(__name__)

#: Partitions are there this many months ahead.
MONTHS_AHEAD = 13


def reports(portal: Portal) -> int:
    """Generate last month's reports, read from the replica, and keep them."""
    start, end = report_runs.month_before(now().date())
    with portal.database.reporting_session() as session:
        made = report_runs.generate(session, start, end)
    with portal.database.session() as session:
        kept = report_runs.keep(session, start, end, made)
        for run in kept:
            audit.append(session, None, "report.kept", "report", run.id, {"digest": run.digest})
    log.info("job.reports", period=f"{start} to {end}", kept=[run.name for run in kept])
    return 0


def reconciliation(portal: Portal) -> int:
    """Compare invoices, lines, payments and hours."""
    with portal.database.session() as session:
        run = reconcile(session)
    found = len(run.discrepancies)
    cloudwatch.put(portal.settings.environment, {"ReconciliationDiscrepancies": found})
    log.log(40 if found else 20, "job.reconciliation", checked=run.checked, discrepancies=found)
    return 1 if found else 0


def audit_verify(portal: Portal) -> int:
    """Walk the audit log's chain, and tell its head where nobody who can write to the database can reach."""
    with portal.database.session() as session:
        result = audit.verify(session)
    cloudwatch.put(portal.settings.environment, {"AuditLogRows": result.entries})
    facts = {"entries": result.entries, "head": result.head, "broken_at": result.broken_at}
    log.log(20 if result.broken_at is None else 50, "job.audit_verify", **facts)
    return 0 if result.broken_at is None else 1


def partitions(portal: Portal) -> int:
    """Make the partitions of the months ahead."""
    with portal.database.session() as session:
        made = 0
        if session.get_bind().dialect.name == "postgresql":
            query = text("SELECT ensure_month_partitions(:months)")
            made = session.execute(query, {"months": MONTHS_AHEAD}).scalar_one()
    log.info("job.partitions", made=made)
    return 0


def restore_check(portal: Portal) -> int:
    """Look into a database that was restored from a backup, and leave it as it was.

    Its tables are those of a known migration, it holds an audit log that is whole, and its invoices add up.
    """
    with portal.database.session() as session:
        context = MigrationContext.configure(session.connection())
        revision = context.get_current_revision()
        chain = audit.verify(session)
        run = reconcile(session)
        checked, wrong = run.checked, list(run.discrepancies)
        session.rollback()
    migrations = ScriptDirectory.from_config(Config("alembic.ini"))
    known = {migration.revision for migration in migrations.walk_revisions()}
    problems = [
        what
        for what, holds in {
            "its migration is not one of this image": revision in known,
            "its audit log is empty": chain.entries > 0,
            "its audit log was changed": chain.broken_at is None,
            "its invoices do not add up": not wrong,
        }.items()
        if not holds
    ]
    facts = {"revision": revision, "entries": chain.entries, "invoices": checked}
    log.log(50 if problems else 20, "job.restore_check", problems=problems, **facts)
    return 1 if problems else 0


JOBS: dict[str, Callable[[Portal], int]] = {
    "reports": reports,
    "reconciliation": reconciliation,
    "audit-verify": audit_verify,
    "partitions": partitions,
    "restore-check": restore_check,
    "service-account": accounts.service_account,
    "hash-password": accounts.hash_password,
    "create-admin": accounts.create_admin,
}


def main(arguments: list[str] | None = None, portal: Portal | None = None) -> int:
    """Run one job."""
    parser = argparse.ArgumentParser(prog="jobs", description="Run one of the portal's jobs.")
    parser.add_argument("job", choices=JOBS)
    name = parser.parse_args(arguments).job
    with nullcontext(portal) if portal else closing(make_portal(get_settings())) as given:
        configure_logging(given.settings)
        with structlog.contextvars.bound_contextvars(job=name):
            return JOBS[name](given)


if __name__ == "__main__":
    sys.exit(main())
