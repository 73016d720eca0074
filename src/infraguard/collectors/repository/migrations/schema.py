"""The schema that all migrations together make, as far as models do not say it: indexes, keys, checks, guards."""

from __future__ import annotations

import ast
import re
from typing import Any, Final

from msgspec import Struct, field

from infraguard.collectors.repository.migrations.django import django_statements, migration_files
from infraguard.collectors.repository.migrations.operations import Operation, operations, statements
from infraguard.collectors.repository.migrations.primary_keys import Keys, take_key, take_sql_of_keys
from infraguard.collectors.repository.migrations.revisions import revision_files
from infraguard.collectors.repository.migrations.sql_tables import check_in, key_in, parts_of_table
from infraguard.collectors.repository.migrations.table_columns import Columns, makes_more, take_operation, take_sql
from infraguard.collectors.repository.nature.stores import databases
from infraguard.collectors.repository.python.modules import Module, module_of
from infraguard.collectors.repository.remembering import once
from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, text_or_empty

#: The name of a table; a function that makes it in a schema of its own has `%I` for that.
_NAME: Final = r"(?:%I\.)?[\"`]?([\w.{}]++)[\"`]?"
_INDEX: Final = pattern(rf"(?is)\bINDEX\b.*?\bON\s+(?:ONLY\s+)?{_NAME}\s*(?:USING\s+\w+\s*)?\(\s*[\"`]?(\w+)")
_CHECK: Final = pattern(rf"(?is)\bALTER\s+TABLE\s+(?:ONLY\s+)?{_NAME}.*?\bCHECK\s*\((.*)\)")
_INSIDE: Final = pattern(rf"(?is)\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*\(")
_RENAMED: Final = pattern(rf"(?is)\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?[\w.\"`]+\s+RENAME\s+TO\s+{_NAME}")
_KEY: Final = pattern(rf"(?is)\bALTER\s+TABLE\s+(?:ONLY\s+)?{_NAME}.*?\bFOREIGN\s+KEY\s*\(\s*[\"`]?(\w+)")
_TABLE: Final = pattern(
    rf"(?is)\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:UNLOGGED\s+|MATERIALIZED\s+)?(?:TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}"
)
_PARTITION: Final = pattern(
    rf"(?is)\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}.*?\bPARTITION\s+BY\s+(\w+\s*\([^)]*\))"
)
_TRIGGER: Final = pattern(rf"(?is)\bTRIGGER\b.*?\bBEFORE\b(?P<events>.*?)\bON\s+{_NAME}")
_REVOKE: Final = pattern(r"(?is)\bREVOKE\b(?P<what>.*?)\bON\s+(?:TABLE\s+)?(?P<tables>[^;]*?)\s+FROM\b")
_GRANT: Final = pattern(r"(?is)\bGRANT\b(?P<what>.*?)\bON\s+(?:TABLE\s+)?(?P<tables>[^;]*?)\s+TO\b")
#: A table may be called `grant`, which is then named and not what is done.
_GRANTS: Final = r"(?<![\w\"])grant\s+(?:all|select|insert|update|delete|truncate|usage|\w+\s+to|\{)"
_MAY_GUARD: Final = pattern(rf"(?i)trigger|revoke|{_GRANTS}")
#: What SQL can do to a table that guards or divides it.
_DEEDS: Final = {
    "trigger": pattern(r"(?i)\bcreate\s[^;]{0,60}\btrigger\b"),
    "revoke": pattern(r"(?i)\brevoke\s"),
    "grant {}": pattern(rf"(?i){_GRANTS}"),
    "partition": pattern(r"(?i)\bpartition\s+(?:by|of)\b"),
    "primary key": pattern(r"(?i)\bprimary\s+key\b|\brename\b"),
}
#: A statement of SQLAlchemy that reads or changes rows: `select(...).where(...)`, `users.update().values(...)`.
_ROWS: Final = pattern(r"(?:^|\.)(?:select|update|insert|delete)\(\)")
_FROM_ELSEWHERE: Final = pattern(r"(?:^|\.)(?:open|read_text|read_bytes|read)(?:\(\))?$")
_BODY: Final = pattern(r"(?s)\$(\w*)\$.*?\$\1\$")
#: Where a part of a name is put in.
_PUT_IN: Final = pattern(r"\{[^}]*\}|%s")
_GUARDED: Final = pattern(r"(?i)\b(?:UPDATE|DELETE|ALL)\b")


def _may_be(worked_out: str, table: str) -> bool:
    """Whether a name of which parts are put in may come to be that of a table."""
    return bool(re.fullmatch(".*".join(map(re.escape, worked_out.split("{}"))), table))


class Schema(Struct):
    """What migrations add to tables by their bare names. `opaque` is SQL whose table is worked out when it runs.

    `made_in` has the migration that makes a table, `columns` what is written out of the columns of all, `primary` of
    their primary keys.
    """

    exists: bool = False
    tables: set[str] = field(default_factory=set)
    indexes: dict[str, list[list[str]]] = field(default_factory=dict)
    checks: dict[str, list[str]] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    partitions: dict[str, str] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    granted: dict[str, str] = field(default_factory=dict)
    made_in: dict[str, str] = field(default_factory=dict)
    columns: Columns = field(default_factory=Columns)
    primary: Keys = field(default_factory=Keys)
    opaque: str = ""
    doubt: str = ""

    def creates(self, table: str) -> bool | Unknown | None:
        """Whether a migration makes the table; None where there are no migrations."""
        if not self.exists:
            return None
        if table in self.tables or any(_may_be(name, table) for name in self.tables if "{}" in name):
            return True
        if _PUT_IN.search(table):
            if any(_may_be(_PUT_IN.sub("{}", table), name) for name in self.tables):
                return True
            return Unknown(f"what {table} is called is worked out", (table,), remedy="write the name of the table out")
        if self.doubt:
            return Unknown(self.doubt, (self.doubt,), remedy="write the operations of migrations out")
        return False

    def guards(self, table: str) -> Any:
        """What keeps rows of the table from being changed: `trigger`, `privilege`; unknown where SQL is worked out."""
        found: list[Any] = []
        if all(event in self.triggers.get(table, "") for event in ("UPDATE", "DELETE")):
            found.append("trigger")
        may_change = _GUARDED.search(self.granted.get(table, ""))
        if table in self.revoked or (table in self.granted and not may_change):
            found.append("privilege")
        if len(found) < 2 and _MAY_GUARD.search(self.opaque):
            reason = f"SQL of a migration is worked out when it runs, and may guard {table}"
            found.append(Unknown(reason, (table,), remedy="write the name of the table out in the migration"))
        return found


def read_migrated(tree: Tree) -> Schema:
    """What the migrations make, read once. A migration that does not parse leaves a doubt."""
    return once(tree, "schema", lambda: _read(tree))


def _read(tree: Tree) -> Schema:
    schema = Schema()
    columns, primary = schema.columns, schema.primary
    primary.falls_with_column = databases(tree) == ("postgresql",)
    for path in revision_files(tree):
        schema.exists = True
        try:
            module = module_of(tree, path)
        except (SyntaxProblem, Unreadable) as error:
            schema.doubt = f"{path}: {error}"
            columns.is_whole = primary.is_whole = False
            continue
        columns.is_whole = columns.is_whole and not makes_more(module)
        primary.open(module)
        before = set(schema.tables)
        for operation in operations(module, "upgrade"):
            _apply(schema, module, operation)
            take_operation(columns, module, operation)
            take_key(primary, module, operation)
        schema.made_in.update(dict.fromkeys(schema.tables - before, path))
    for path in migration_files(tree):
        _take_django(schema, tree, path)
    for path in tree.paths:
        if path.endswith(".sql"):
            text = text_or_empty(tree, path)
            _apply_sql(schema, text)
            take_sql(columns, text)
            take_sql_of_keys(primary, text)
    primary.is_whole = primary.is_whole and not schema.doubt and "primary key" not in schema.opaque.lower()
    return schema


def _take_django(schema: Schema, tree: Tree, path: str) -> None:
    """The SQL that a migration of Django runs beside what it makes of models."""
    try:
        texts = list(django_statements(module_of(tree, path)))
    except (SyntaxProblem, Unreadable):
        texts = [None]
    for text in texts:
        if text is None:
            schema.opaque += " trigger revoke partition"
        else:
            _apply_sql(schema, text)


def _apply(schema: Schema, module: Module, operation: Operation) -> None:
    table = operation.table.rpartition(".")[2]
    if operation.name == "create_table":
        schema.tables.add(table or "{}")
        partition = operation.arguments.get("postgresql_partition_by")
        if partition:
            schema.partitions[table] = str(partition)
    elif operation.name == "rename_table":
        _rename(schema, module, operation)
    elif operation.name in ("create_index", "create_unique_constraint"):
        schema.indexes.setdefault(table, []).append(list(operation.columns))
    elif operation.name == "create_check_constraint" and operation.node is not None:
        schema.checks.setdefault(table, []).append(
            " ".join(str(getattr(each, "value", "")) for each in operation.node.args)
        )
    elif operation.name == "create_foreign_key":
        schema.keys.update(((table, column), "constraint") for column in operation.columns)
    elif operation.name == "execute" and operation.sql is not None:
        _apply_sql(schema, operation.sql)
    elif operation.name == "execute":
        schema.opaque += f" {_may_say(module, operation)};"
    elif operation.name not in _KNOWN and _MAY_MAKE.search(operation.name):
        schema.doubt = schema.doubt or f"a migration uses op.{operation.name}, which is not read"


def _may_say(module: Module, operation: Operation) -> str:
    """What SQL may do that is worked out when it runs: what its module has words for, or anything from elsewhere."""
    if any(_ROWS.search(module.name_of(argument)) for argument in _arguments(operation)):
        return ""
    names = {module.name_of(each) for argument in _arguments(operation) for each in ast.walk(argument)}
    is_elsewhere = any(_FROM_ELSEWHERE.search(name) for name in names if name) or any(
        name in module.imports.values() and not name.startswith(("sqlalchemy", "sqlmodel", "alembic")) for name in names
    )
    return "; ".join(deed for deed, words in _DEEDS.items() if is_elsewhere or words.search(module.source))


def _arguments(operation: Operation) -> list[ast.expr]:
    return list(operation.node.args) if operation.node is not None else []


def _rename(schema: Schema, module: Module, operation: Operation) -> None:
    arguments = operation.node.args if operation.node is not None else []
    new = module.text(arguments[1]) if len(arguments) > 1 else None
    if new is not None:
        schema.tables.add(new)
    else:
        schema.doubt = schema.doubt or "a migration renames tables to names that it works out"


#: What operations of one's own are called that may make tables; `sync_enum_values` makes none.
_MAY_MAKE: Final = pattern(r"(?i)table|creat|migrat|run|appl|exec|schema|partition|load|script|sql|history|audit")
#: Operations that make no table, besides those that are read.
_KNOWN: Final = frozenset(
    {
        *(
            "add_column",
            "drop_column",
            "alter_column",
            "drop_table",
            "drop_index",
            "drop_constraint",
            "create_exclude_constraint",
        ),
        *("create_primary_key", "create_table_comment", "drop_table_comment", "rename_table", "get_bind", "run_async"),
        *("create_check_constraint", "create_extension"),
    }
)


def _apply_sql(schema: Schema, sql: str) -> None:
    for body in _BODY.finditer(sql):  # of a function that makes tables when it is called
        schema.tables.update(_bare(found[1]) for found in _TABLE.finditer(body[0]))
    for statement in statements(sql):
        if "{}" in statement:
            schema.opaque += f" {statement};"
        schema.tables.update(_bare(found[1]) for found in _TABLE.finditer(statement))
        schema.tables.update(_bare(found[1]) for found in _RENAMED.finditer(statement))
        schema.partitions.update((_bare(found[1]), found[2]) for found in _PARTITION.finditer(statement))
        schema.keys.update(((_bare(found[1]), found[2]), "constraint") for found in _KEY.finditer(statement))
        for found in _INDEX.finditer(statement):
            schema.indexes.setdefault(_bare(found[1]), []).append([found[2]])
        for found in _CHECK.finditer(statement):
            schema.checks.setdefault(_bare(found[1]), []).append(found[2])
        for found in _INSIDE.finditer(statement):
            _take_inside(schema, _bare(found[1]), statement, found.end())
        _guard(schema, statement)


def _take_inside(schema: Schema, table: str, statement: str, start: int) -> None:
    """The checks and the references that a table is made with."""
    for _, part in parts_of_table(statement, start):
        if check := check_in(part):
            schema.checks.setdefault(table, []).append(check)
        if column := key_in(part):
            schema.keys[table, column] = "constraint"


def _guard(schema: Schema, statement: str) -> None:
    """What a statement does for or against changes of rows: triggers and privileges."""
    trigger = _TRIGGER.search(statement)
    if trigger and not re.match(r"(?i)\s*(?:DROP|ALTER)\b", statement):
        name = _bare(trigger[2])
        schema.triggers[name] = f"{schema.triggers.get(name, '')} {trigger['events'].upper()}"
    revoke = _REVOKE.search(statement)
    if revoke and _GUARDED.search(revoke["what"]):
        schema.revoked.update(_bare(name.strip()) for name in revoke["tables"].split(","))
    grant = _GRANT.search(statement)
    for name in grant["tables"].split(",") if grant else ():
        table = _bare(name.strip())
        schema.granted[table] = f"{schema.granted.get(table, '')} {grant['what'] if grant else ''}"


def _bare(name: str) -> str:
    return name.rpartition(".")[2].strip('"')
