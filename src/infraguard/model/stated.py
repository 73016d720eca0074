"""What the owner of a repository says that it is, which wins over what its files suggest."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from infraguard.model.values import Location

#: What a repository can be stated to be.
REPOSITORY_KINDS: Final = ("service", "library", "infrastructure")
#: Databases that gates know by name.
DATABASES: Final = ("postgresql", "mysql", "sqlite", "mongodb", "oracle", "mssql")
#: What the data of a service can be about, of what gates speak of.
DOMAINS: Final = ("invoices", "payments", "transactions", "reconciliation", "audit", "reports", "timesheets")


class Stated(Struct, frozen=True, kw_only=True):
    """The table `[repository]` of a repository's settings. What is None is found out."""

    kind: str | None = None
    deploys: bool | None = None
    databases: tuple[str, ...] | None = None
    domains: tuple[str, ...] | None = None
    #: Where each key stands.
    places: dict[str, Location] = {}
