"""The gates that the generated project is held to as a whole, until it holds every one."""

from __future__ import annotations

#: Gates that the template is generated to pass.
TEMPLATE_GATES = (
    "alerting/database-unavailable",
    "alerting/someone-is-told",
    "database/backup-retention",
    "database/no-public-access",
    "pipeline/coverage-threshold",
    "tls/minimum-version",
)
