"""`.infraguard/waivers.yaml`: the accepted exceptions of a repository, each with all that makes it one.

waivers:
  - gate: database/backup-retention
    address: module.reports.aws_db_instance.this    # `*` stands for anything
    reason: rebuilt every night from the ledger
    owner: data-team
    expires: 2027-01-31
    unit: terraform/production                      # optional: one Terraform root of several
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from infraguard.model.errors import ConfigError, PolicyError
from infraguard.model.nearest import nearest
from infraguard.model.values import Location
from infraguard.policies.cursor import Cursor
from infraguard.suppressions.waivers import Waiver

#: Where the file is, from the root of a repository.
FILE = ".infraguard/waivers.yaml"
_REQUIRED = ("gate", "address", "reason", "owner", "expires")


def read_waivers(text: str, gates: Collection[str], *, file: str = FILE, shown: str = FILE) -> tuple[Waiver, ...]:
    """The waivers in a text. Raises `ConfigError` at the place of a mistake, and for a gate that there is not.

    `gates` are all that exist. `file` is how findings name it, and `shown` how errors do.
    """
    try:
        document = Cursor.of(text, shown)
        if document.data is None:
            return ()
        return tuple(_waiver(each, gates, file) for each in document.mapping(("waivers",)).need("waivers").sequence())
    except PolicyError as error:
        place = {"line": error.line, "column": error.column}
        raise ConfigError(error.why, file=error.file, hint=error.hint, **place) from error


def _waiver(item: Cursor, gates: Collection[str], file: str) -> Waiver:
    item.mapping((*_REQUIRED, "unit"))
    gate, address, reason, owner, expires = (item.need(name) for name in _REQUIRED)
    if gate.text() not in gates:
        gate.fail(f"no gate {gate.text()!r}", nearest(gate.text(), gates))
    if address.text() != "." and not address.text().strip("*."):  # a dot is the root of the target, and nothing else
        address.fail("an address that means everything waives the whole gate", "leave the gate out of the scan instead")
    unit = item.get("unit")
    return Waiver(
        gate=gate.text(),
        address=address.text(),
        reason=reason.text(),
        owner=owner.text(),
        expires=_day(expires),
        unit=unit.text() if unit else "",
        location=Location(file=file, line=item.at.line, column=item.at.column),
    )


def _day(cursor: Cursor) -> date:
    day = parse_day(cursor.text())
    if day is None:
        cursor.fail(f"{cursor.text()!r} is no day", "write it as YYYY-MM-DD")
    return day


def parse_day(text: str) -> date | None:
    """The day that a text writes as YYYY-MM-DD; None for any other text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
