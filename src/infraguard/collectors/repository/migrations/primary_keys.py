"""The primary keys that migrations write out, table by table, and what may have changed them since."""

from __future__ import annotations

import ast
from typing import Final

from msgspec import Struct, field

from infraguard.collectors.repository.migrations.operations import Operation
from infraguard.collectors.repository.migrations.table_columns import calls_out
from infraguard.collectors.repository.python.modules import Module, literal
from infraguard.readers.patterns import pattern

#: Parts of a table besides columns that make no primary key.
_OTHERS: Final = frozenset(
    {"ForeignKeyConstraint", "UniqueConstraint", "CheckConstraint", "ExcludeConstraint", "Index", "Comment"}
)
#: What makes tables or keys in a migration without an operation of Alembic, and what a batch makes a table anew with.
_OTHERWISE: Final = pattern(
    r"\bcreate_all\b|\bdef upgrade_\w+|\.read_text\(|\bopen\(|\btable_args\b|\bcopy_from\b|\breflect_args\b"
    r"|(?s:\bTable\(.*\.create\()"
)
#: What SQL says that makes a key, drops one, or gives its table another name.
_SPEAKS_OF: Final = pattern(r"(?i)\bprimary\b|\brename\b|\bserial\s+key\b|\blike\s+\S+\s+including\b")
_WORD: Final = pattern(r"\w+")


class Keys(Struct):
    """The key that each table is made with, by its columns, and those that are gone since.

    Which of two migrations runs last is not asked: a table that is made twice, dropped or renamed is doubted, and one
    that is given a key later has one. `falls_with_column` says that all of a key goes with one column of it, as in
    PostgreSQL: https://www.postgresql.org/docs/current/sql-altertable.html
    """

    made: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)
    dropped: dict[str, set[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)
    statements: list[frozenset[str]] = field(default_factory=list)
    is_whole: bool = True
    falls_with_column: bool = False

    def open(self, module: Module) -> None:
        """Doubt all keys where a migration may make some otherwise than by operations that stand in it."""
        self.is_whole = self.is_whole and not _OTHERWISE.search(module.source) and not calls_out(module)

    def lacks(self, table: str) -> str:
        """Why a table is without a primary key after all migrations, in words; empty where it has one, or may."""
        is_told = self.is_whole and table in self.made and not {table, ""} & (self.doubted | self.later)
        if not is_told or any(table.lower() in words for words in self.statements):
            return ""
        if not self.made[table]:
            return "no migration makes the primary key"
        if table in self.gone or self.names.get(table, f"{table}_pkey") in self.dropped.get("", ()):
            return "a migration drops the primary key"
        fallen = sorted(self.made[table] & self.dropped.get(table, set())) if self.falls_with_column else []
        return f"a migration drops {fallen[0]} and with it the primary key" if fallen else ""


def take_key(found: Keys, module: Module, operation: Operation) -> None:
    """Put what an operation does to primary keys beside what those before it did."""
    table = operation.table.rpartition(".")[2]
    if "{" in table:
        table = ""
    if operation.name == "create_table":
        _take_table(found, module, operation, table)
    elif operation.name == "add_column":
        _take_column(found, module, operation, table)
    elif operation.name == "create_primary_key":
        found.later.add(table)
    elif operation.name == "drop_column":
        found.dropped.setdefault(table, set()).update(operation.columns)
    elif operation.name == "drop_constraint":
        _drop(found, module, operation, table)
    elif operation.name == "alter_column" and "new_column_name" in operation.arguments:
        found.doubted.add(table)
    elif operation.name in ("rename_table", "drop_table"):
        found.doubted |= {table, *(module.text(each) or "" for each in _arguments(operation))}
    elif operation.name == "execute":
        take_sql_of_keys(found, operation.sql or "")


def take_sql_of_keys(found: Keys, text: str) -> None:
    """Keep the words of SQL that speaks of primary keys, or gives tables other names."""
    for part in text.split(";"):
        if _SPEAKS_OF.search(part):
            found.statements.append(frozenset(_WORD.findall(part.lower())))
            found.is_whole = found.is_whole and "{}" not in part


def _arguments(operation: Operation) -> list[ast.expr]:
    return list(operation.node.args) if operation.node is not None else []


def _given(operation: Operation) -> dict[str | None, ast.expr]:
    return {each.arg: each.value for each in operation.node.keywords} if operation.node is not None else {}


def _take_table(found: Keys, module: Module, operation: Operation, table: str) -> None:
    if table in found.made:
        found.doubted.add(table)
    columns = found.made.setdefault(table, set())
    for argument in _arguments(operation):
        last = module.name_of(argument.func).rpartition(".")[2] if isinstance(argument, ast.Call) else ""
        if isinstance(argument, ast.Call) and last == "Column":
            _take_flag(found, module, argument, table, columns)
        elif isinstance(argument, ast.Call) and last == "PrimaryKeyConstraint":
            named = [module.text(each) for each in argument.args]
            columns.update(each for each in named if each)
            if None in named:
                found.doubted.add(table)
            name = next((each.value for each in argument.keywords if each.arg == "name"), None)
            if name is not None:
                found.names[table] = _name(module, name) or ""
        elif last not in _OTHERS and module.text(argument) is None:
            found.doubted.add(table)


def _take_flag(found: Keys, module: Module, column: ast.Call, table: str, columns: set[str]) -> None:
    given = {keyword.arg: keyword.value for keyword in column.keywords}
    flag = literal(given["primary_key"]) if "primary_key" in given else False
    name = module.text(column.args[0]) if column.args else module.text(given.get("name"))
    if None in given or not isinstance(flag, bool) or (flag and not name):
        found.doubted.add(table)
    elif flag and name:
        columns.add(name)


def _take_column(found: Keys, module: Module, operation: Operation, table: str) -> None:
    """A column that is added with a key, or of which that is not told."""
    for argument in [*_arguments(operation), *_given(operation).values()]:
        columns: set[str] = set()
        if isinstance(argument, ast.Call) and module.name_of(argument.func).rpartition(".")[2] == "Column":
            _take_flag(found, module, argument, table, columns)
        elif module.text(argument) is None and literal(argument) is None:
            found.doubted.add(table)
        if columns:
            found.later.add(table)


def _drop(found: Keys, module: Module, operation: Operation, table: str) -> None:
    first = _arguments(operation)[:1] or [each for key, each in _given(operation).items() if key == "constraint_name"]
    name = _name(module, first[0]) if first else None
    if operation.arguments.get("type_") == "primary":
        (found.gone if table else found.doubted).add(table)
    elif name:
        found.dropped.setdefault("", set()).add(name)


def _name(module: Module, node: ast.expr) -> str | None:
    """The name of a constraint, which `op.f` says to be whole."""
    is_marked = isinstance(node, ast.Call) and module.name_of(node.func).endswith("op.f") and node.args
    return module.text(node.args[0] if is_marked and isinstance(node, ast.Call) else node)
