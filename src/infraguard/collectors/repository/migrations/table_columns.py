"""The columns that migrations write out, table by table, with whether each is indexed and may be null."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from infraguard.collectors.repository.migrations.operations import Operation
from infraguard.collectors.repository.python.modules import Module, literal
from infraguard.readers.patterns import pattern

_CONSTRAINTS: Final = frozenset(
    {
        "PrimaryKeyConstraint",
        "ForeignKeyConstraint",
        "UniqueConstraint",
        "CheckConstraint",
        "ExcludeConstraint",
        "Index",
    }
)
#: Operations that leave columns, their indexes and their nullability as they are.
_ELSEWHERE: Final = frozenset(
    {
        *("drop_column", "drop_table", "drop_index", "drop_constraint", "create_check_constraint", "create_extension"),
        *("create_foreign_key", "create_exclude_constraint", "create_table_comment", "drop_table_comment"),
    }
)
_SHAPES: Final = pattern(r"(?i)\b(?:CREATE\s+TABLE|ADD\s+COLUMN|RENAME|LIKE\s+\S+\s+INCLUDING)\b")
_WORD: Final = pattern(r"\w+")
#: What makes tables in a migration without an operation of Alembic.
_OTHERWISE: Final = pattern(r"\bcreate_all\b|\bTable\(|\bdef upgrade_\w+|\.read_text\(|\bopen\(")


class Columns(Struct):
    """The columns by table, each with whether it may be null: None where that is open, or a default fills it in.

    `indexed` has the words of all keys and indexes of a table. `doubted` are tables of which a part is worked out, and
    `is_whole` says that there is no other doubt. `anywhere` are columns that are added to tables whose names are worked
    out, `statements` the words of each SQL.
    """

    tables: dict[str, dict[str, bool | None]] = field(default_factory=dict)
    indexed: dict[str, set[str]] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)
    anywhere: set[str] = field(default_factory=set)
    statements: list[frozenset[str]] = field(default_factory=list)
    is_whole: bool = True

    def of(self, table: str) -> dict[str, bool | None] | None:
        """The columns of a table; None where it is not written out, or not all of it."""
        is_told = self.is_whole and table in self.created and table not in self.doubted
        return self.tables.get(table) if is_told else None

    def indexes(self, table: str) -> set[str]:
        """The words of all keys and indexes of a table: names of columns, and of themselves."""
        return self.indexed.setdefault(table, set())

    def may_touch(self, table: str, column: str) -> bool:
        """Whether something else may have made the column, or changed it: SQL, or an operation on some table."""
        return column in self.anywhere or any({table.lower(), column.lower()} <= words for words in self.statements)


def makes_more(module: Module) -> bool:
    """Whether a migration may make tables otherwise than by operations that stand in it."""
    return bool(_OTHERWISE.search(module.source)) or calls_out(module)


def calls_out(module: Module) -> bool:
    """Whether the migration calls, for what it does, a function that it imports."""
    function = next((each for each in module.functions if each.name == "upgrade"), None)
    calls = (
        node.value.func
        for node in (ast.walk(function) if function else ())
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    )
    return any(isinstance(called, ast.Name) and called.id in module.imports for called in calls)


def take_operation(found: Columns, module: Module, operation: Operation) -> None:
    """Put what an operation does to columns beside what those before it did."""
    table = operation.table.rpartition(".")[2]
    if operation.name == "execute":
        take_sql(found, operation.sql)
    elif operation.name in ("create_table", "add_column"):
        _take_columns(found, module, operation, table)
    elif operation.name == "alter_column":
        _alter(found, module, operation, table)
    elif operation.name in ("create_index", "create_unique_constraint", "create_primary_key"):
        found.indexes(table).update(_words(operation.node))
    elif operation.name == "rename_table":
        found.doubted |= {table, *_words(operation.node)}
    elif operation.name not in _ELSEWHERE:
        found.is_whole = False


def _words(node: ast.AST | None) -> Iterator[str]:
    """The words that the texts in an expression are of: names, and those in expressions of SQL."""
    for each in ast.walk(node) if node is not None else ():
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield from _WORD.findall(each.value)


def _take_columns(found: Columns, module: Module, operation: Operation, table: str) -> None:
    is_known = bool(table) and "{" not in table
    calls = 0
    for argument in operation.node.args if operation.node is not None else []:
        last = module.name_of(argument.func).rpartition(".")[2] if isinstance(argument, ast.Call) else ""
        calls += bool(last)
        if last == "Column" and isinstance(argument, ast.Call):
            _take_column(found, module, argument, table if is_known else "")
        elif last in _CONSTRAINTS:
            found.indexes(table).update(_words(argument))
        elif module.text(argument) is None:
            found.doubted.add(table)
    found.is_whole = found.is_whole and (is_known or calls > 0)
    if operation.name == "create_table":
        found.created.add(table)


def _take_column(found: Columns, module: Module, call: ast.Call, table: str) -> None:
    given = {keyword.arg: literal(keyword.value) for keyword in call.keywords}
    name = module.text(call.args[0]) if call.args else given.get("name")
    if name is None or "{" in name:
        found.doubted.add(table)
        found.is_whole = found.is_whole and bool(table)
    elif table:
        nullable = given.get("nullable", True)
        is_told = (
            isinstance(nullable, bool) and "primary_key" not in given and (nullable or "server_default" not in given)
        )
        _add(found, table, name, nullable if is_told else None)
        if any(given.get(flag) is True for flag in ("index", "unique", "primary_key")):
            found.indexes(table).add(name)
    else:
        found.anywhere.add(name)


def _add(found: Columns, table: str, name: str, nullable: bool | None) -> None:
    columns = found.tables.setdefault(table, {})
    columns[name] = None if name in columns else nullable


def _alter(found: Columns, module: Module, operation: Operation, table: str) -> None:
    """A change leaves open what is true in the end: which of two migrations runs last is not asked here."""
    keywords = operation.node.keywords if operation.node is not None else []
    renamed = [module.text(each.value) for each in keywords if each.arg == "new_column_name"]
    for name in (*operation.columns, *renamed):
        if name and table:
            found.tables.setdefault(table, {})[name] = None
        else:
            found.is_whole = False


def take_sql(found: Columns, text: str | None) -> None:
    """Keep the words of SQL, which may make or change columns; None where it is worked out when it runs."""
    if text is None or ("{}" in text and _SHAPES.search(text)):
        found.is_whole = False
        return
    found.statements += [frozenset(_WORD.findall(part.lower())) for part in text.split(";")]
