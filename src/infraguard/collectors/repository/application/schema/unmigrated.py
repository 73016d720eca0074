"""What a model declares of its columns and no migration makes: columns, keys, indexes, and whether null is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from infraguard.collectors.repository.application.schema.declared import ColumnFact
from infraguard.collectors.repository.migrations.schema import Schema
from infraguard.collectors.repository.migrations.table_columns import Columns


def unmigrated(table: str, declared: Iterable[ColumnFact], schema: Schema) -> list[str] | None:
    """The differences in words; None where the migrations do not write the table out.

    What SQL of a migration may have changed is taken to agree, and so is a column that several migrations change.
    """
    columns = [column for column in declared if column.is_declared and not column.name.startswith("__")]
    key = ", ".join(column.column or column.name for column in columns if column.primary_key)
    lack = schema.primary.lacks(table) if key else ""
    lacking = [f"{lack} of {key}" if lack.startswith("no ") else lack] if lack else []
    made = schema.columns.of(table)
    if made is None:
        return lacking or None
    told = (each for column in columns for each in _differences(table, column, made, schema.columns))
    return [*lacking, *told]


def _differences(table: str, column: ColumnFact, made: dict[str, bool | None], migrated: Columns) -> Iterator[str]:
    name = column.column or column.name
    if migrated.may_touch(table, name):
        return
    if name not in made:
        yield f"no migration makes {name}"
        return
    if column.index and name not in migrated.indexes(table):
        yield f"no migration makes the index of {name}"
    if None not in (column.nullable, made[name]) and column.nullable != made[name]:
        yield f"{name} may be null in {'the model' if column.nullable else 'migrations'} only"
