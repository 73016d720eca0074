"""Gates that tests scan by."""

from __future__ import annotations

from infraguard.scaffold.template import find_template

#: Gates that the template is generated to pass.
TEMPLATE_GATES = find_template("consulting-service").gates

#: A few of them, of several sources and areas, for tests of what is not about gates.
FEW_GATES = (
    "alerting/database-unavailable",
    "alerting/someone-is-told",
    "database/backup-retention",
    "database/no-public-access",
    "pipeline/coverage-threshold",
    "tls/minimum-version",
)
