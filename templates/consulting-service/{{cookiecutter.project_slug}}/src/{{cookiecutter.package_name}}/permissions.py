"""Who may do what: each role has a set of permissions, and what is not named is denied."""

from __future__ import annotations

from enum import Enum


class Permission(str, Enum):
    """One thing that somebody may be allowed to do."""

    MANAGE_USERS = "users:manage"
    READ_CLIENTS = "clients:read"
    MANAGE_CLIENTS = "clients:manage"
    WRITE_TIME = "time:write"
    READ_ALL_TIME = "time:read-all"
    APPROVE_TIME = "time:approve"
    READ_INVOICES = "invoices:read"
    MANAGE_INVOICES = "invoices:manage"
    TAKE_PAYMENTS = "payments:take"
    RECONCILE = "reconciliation:run"
    READ_REPORTS = "reports:read"
    READ_AUDIT = "audit:read"


_P = Permission

GRANTED: dict[str, frozenset[Permission]] = {
    # An administrator keeps accounts, and sees no money.
    "admin": frozenset({_P.MANAGE_USERS, _P.READ_CLIENTS, _P.MANAGE_CLIENTS}),
    "partner": frozenset(
        {
            _P.READ_CLIENTS,
            _P.MANAGE_CLIENTS,
            _P.WRITE_TIME,
            _P.READ_ALL_TIME,
            _P.APPROVE_TIME,
            _P.READ_INVOICES,
            _P.READ_REPORTS,
        }
    ),
    "consultant": frozenset({_P.READ_CLIENTS, _P.WRITE_TIME}),
    "finance": frozenset(
        {
            _P.READ_CLIENTS,
            _P.READ_ALL_TIME,
            _P.READ_INVOICES,
            _P.MANAGE_INVOICES,
            _P.TAKE_PAYMENTS,
            _P.RECONCILE,
            _P.READ_REPORTS,
        }
    ),
    "auditor": frozenset({_P.READ_INVOICES, _P.READ_REPORTS, _P.READ_AUDIT}),
}


def allows(role: str, permission: Permission) -> bool:
    """Whether the role has the permission. A role that nobody knows has none."""
    return permission in GRANTED.get(role, frozenset())
