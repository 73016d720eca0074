"""How migrations reach the database: one at a time, with short locks, each in a transaction of its own."""

from __future__ import annotations

import logging.config
import re
from typing import Any

from alembic import context
from sqlalchemy import text

from {{ cookiecutter.package_name }}.db import make_engine
from {{ cookiecutter.package_name }}.models import Base
from {{ cookiecutter.package_name }}.settings import get_settings

#: Rather give up than make everybody wait.
CAREFUL = ("SET lock_timeout = '5s'", "SET statement_timeout = '15min'")

#: Two deployments at once wait for each other here, until the first one's connection ends.
LOCK = 7_205_759_404

#: Partitions are made by the database itself, and stand in no model.
PARTITION = re.compile(r"^(timesheets|invoices)_(\d{4}_\d{2}|rest)(\.|$)")


def include_object(
    thing: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any
) -> bool:
    """Leave partitions and what belongs to them out of comparisons."""
    if kind == "foreign_key_constraint":
        # PostgreSQL has one of its own to each partition.
        return not any(PARTITION.match(one.target_fullname) for one in thing.elements)
    table = name if kind == "table" else thing.table.name
    return not PARTITION.match(table or "")


OPTIONS: dict[str, Any] = {
    "target_metadata": Base.metadata,
    "include_object": include_object,
    "compare_type": True,
    "compare_server_default": True,
    "transaction_per_migration": True,
}


def offline() -> None:
    """Write the SQL, to be read before it is applied."""
    context.configure(dialect_name="postgresql", literal_binds=True, **OPTIONS)
    for statement in CAREFUL:
        context.get_context().impl.static_output(f"{statement};")
    with context.begin_transaction():
        context.run_migrations()


def online() -> None:
    """Apply the migrations."""
    settings = get_settings()
    engine = make_engine(settings.database_url.get_secret_value(), settings)
    try:
        with engine.connect() as connection:
            for statement in CAREFUL:
                connection.execute(text(statement))
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            connection.commit()
            context.configure(connection=connection, **OPTIONS)
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


if context.config.config_file_name and not logging.getLogger().handlers:
    logging.config.fileConfig(context.config.config_file_name, disable_existing_loggers=False)

if context.is_offline_mode():
    offline()
else:
    online()
