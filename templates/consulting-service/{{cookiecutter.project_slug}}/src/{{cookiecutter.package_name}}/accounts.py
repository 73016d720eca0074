"""Accounts that are made once: the service's own in the database, and the first administrator's."""

from __future__ import annotations

import getpass
from typing import Any

import structlog
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from . import audit, passwords
from .models import User
from .portal import Portal
from .secret_store import Account, read_account

log = structlog.get_logger(__name__)

#: What the server holds the service's account to, so that nothing of it blocks others for long.
LIMITS = {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"}


def service_account(portal: Portal) -> int:
    """Make the account that the service signs in to PostgreSQL with, or give it the password of its secret.

    Run as the owner of the schema, after the migrations. It may what `portal_app` may, and no more.
    """
    secret = portal.settings.service_secret_arn
    if secret is None:
        log.error("job.service_account", reason="SERVICE_SECRET_ARN names no secret")
        return 1
    account = read_account(secret)
    with portal.database.session() as session:
        made = give_password(session, account)
    log.info("job.service_account", user=account.user, made=made)
    return 0


def give_password(session: Session, account: Account) -> bool:
    """Make an account of PostgreSQL, unless it is there, and set its password and limits. Whether it was made.

    The password goes to the server as what it keeps of it, so that no log of statements has it.
    """
    driver: Any = session.connection().connection.driver_connection
    kept = driver.pgconn.encrypt_password(
        account.password.encode(), account.user.encode(), b"scram-sha-256"
    )
    query = text("SELECT 1 FROM pg_roles WHERE rolname = :user")
    there = session.execute(query, {"user": account.user}).first() is not None
    statement = sql.SQL(
        "ALTER ROLE {} LOGIN PASSWORD {}"
        if there
        else "CREATE ROLE {} LOGIN PASSWORD {} IN ROLE portal_app"
    ).format(sql.Identifier(account.user), sql.Literal(kept.decode()))
    session.connection().exec_driver_sql(statement.as_string(driver))
    for name, value in LIMITS.items():
        limit = sql.SQL("ALTER ROLE {} SET {} = {}").format(
            sql.Identifier(account.user), sql.Identifier(name), sql.Literal(value)
        )
        session.connection().exec_driver_sql(limit.as_string(driver))
    return not there


def hash_password(_portal: Portal) -> int:
    """Print the hash of a password that is read from the terminal, for `create-admin` elsewhere."""
    password = _read_password()
    if password is None:
        return 1
    print(passwords.hash_password(password))
    return 0


def create_admin(portal: Portal) -> int:
    """Make the first account: of ADMIN_EMAIL and ADMIN_PASSWORD_HASH, or of what the terminal says."""
    email, hashed = portal.settings.admin_email, portal.settings.admin_password_hash
    if email is None or hashed is None:
        email = input("E-mail address: ")
        password = _read_password()
        if password is None:
            return 1
        hashed = passwords.hash_password(password)
    if not hashed.startswith("$argon2id$"):
        log.error("job.create_admin", reason="ADMIN_PASSWORD_HASH is not what hash-password prints")
        return 1
    with portal.database.session() as session:
        user = User(email=email.strip().lower(), password_hash=hashed, role="admin", active=True)
        session.add(user)
        session.flush()
        audit.append(session, None, "user.created", "user", user.id, {"role": "admin"})
    log.info("job.create_admin", user_id=str(user.id))
    return 0


def _read_password() -> str | None:
    """A password from the terminal; None, and why, for one that is too short."""
    password = getpass.getpass("Password: ")
    if len(password) < passwords.MIN_LENGTH:
        log.error("job.password", reason=f"{passwords.MIN_LENGTH} characters are needed")
        return None
    return password
