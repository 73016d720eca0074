"""Classes and calls that declare tables, as facts: SQLAlchemy 1 and 2, SQLModel, `Table(...)`, Django."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from infraguard.collectors.repository.application.schema.declared import (
    COLUMNS,
    ColumnFact,
    annotated_column,
    column_of,
)
from infraguard.collectors.repository.application.schema.joined import joined_columns
from infraguard.collectors.repository.python.modules import Module, literal
from infraguard.readers.patterns import pattern

CONCERNS: Final = pattern(
    rb"\bColumn\(|\bmapped_column\(|:\s*Mapped\[|\(SQLModel\b|__tablename__|\bTable\(\s*[\"']|models\.\w*Field\(|models\.ForeignKey\("
    rb"|(?m:^\w++[^=\n]*=\s*\w+\.Model\b)"
)


class TableFact(Struct, kw_only=True):
    """One class or table as it is declared; `table` is empty for a mixin, and where a base names it.

    `names_classes` says that tables of this class and of those below it are named after the class, and `is_model` that
    it is built on a class of models of Django.
    """

    path: str
    name: str
    line: int
    orm: str
    table: str = ""
    bases: list[str] = field(default_factory=list)
    columns: list[ColumnFact] = field(default_factory=list)
    indexes: list[list[str]] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    references: list[list[str]] = field(default_factory=list)
    joins: dict[str, str] = field(default_factory=dict)
    partition_by: str = ""
    is_abstract: bool = False
    is_managed: bool = True
    keeps_history: bool = False
    opaque: bool = False
    names_classes: bool = False
    is_named_by_base: bool = False
    is_model: bool = False


def tables(module: Module) -> Iterator[TableFact]:
    """Every class and call of a module that may declare columns."""
    for node in module.classes:
        found = _of_class(module, node)
        if found:
            yield found
    yield from _other_names(module)
    for call in module.calls:
        is_table = call.last == "Table" and len(call.node.args) > 1 and re.search("sqlalchemy|Table", call.name)
        if is_table and not _is_reflected(call.node):
            name = module.text(call.node.args[0])
            if name:
                table = TableFact(path=module.path, name=name, line=call.node.lineno, orm="table", table=name)
                _take_arguments(module, table, call.node.args[1:])  # Flask-SQLAlchemy has the metadata itself
                table.partition_by = _partition(module, call.node)
                yield table


def _other_names(module: Module) -> Iterator[TableFact]:
    """Names that a module gives the base of models besides its own: `BaseModel: DefaultMeta = db.Model`."""
    for name, value in module.names.items():
        if isinstance(value, ast.Attribute) and value.attr == "Model" and "models" not in module.name_of(value):
            yield TableFact(
                path=module.path, name=name, line=value.lineno, orm="sqlalchemy", is_abstract=True, names_classes=True
            )


def _is_reflected(call: ast.Call) -> bool:
    """Whether the table is read from the database that has it, and so declares nothing."""
    return any(
        keyword.arg == "autoload_with" or (keyword.arg == "autoload" and literal(keyword.value) is True)
        for keyword in call.keywords
    )


def _of_class(module: Module, node: ast.ClassDef) -> TableFact | None:
    bases = [module.name_of(base) for base in node.bases]
    is_django = any(base.endswith("models.Model") for base in bases) or "models" in module.imports.get("models", "")
    table = TableFact(path=module.path, name=node.name, line=node.lineno, orm="django" if is_django else "sqlalchemy")
    table.bases = [base.rpartition(".")[2] for base in bases if base]
    for statement in node.body:
        _take(module, table, statement)
    is_table = any(keyword.arg == "table" and literal(keyword.value) is True for keyword in node.keywords)
    if is_table or any(base.endswith("sqlmodel.SQLModel") for base in bases):
        table.columns += _bare_fields(module, node)
    if is_table:
        table.table = table.table or node.name.lower()
    table.is_model = is_django and any(base.endswith("Model") for base in bases)
    if table.is_model and not table.is_abstract:
        table.table = table.table or node.name.lower()
    table.names_classes |= not is_django and any(base.endswith(".Model") for base in bases)
    is_told = table.table or table.columns or table.indexes or table.is_abstract or table.names_classes
    return table if is_told else None


def _bare_fields(module: Module, node: ast.ClassDef) -> Iterator[ColumnFact]:
    """The fields of a class of SQLModel that are only annotated, or given a plain value besides."""
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        is_plain = statement.value is None or isinstance(statement.value, ast.Constant)
        if is_plain and "ClassVar" not in ast.unparse(statement.annotation):
            yield annotated_column(module, statement.target.id, statement.annotation)


def _take(module: Module, table: TableFact, statement: ast.stmt) -> None:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        name, value, annotation = statement.targets[0].id, statement.value, None
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        name, annotation = statement.target.id, statement.annotation
        value = statement.value or ast.Constant(None)
    elif isinstance(statement, ast.ClassDef) and statement.name == "Meta":
        _take_meta(module, table, statement)
        return
    elif isinstance(statement, ast.FunctionDef) and any(
        "declared_attr" in ast.unparse(d) for d in statement.decorator_list
    ):
        _take_declared(module, table, statement)
        return
    else:
        return
    if name == "__tablename__":
        table.table = module.text(value) or ""
    elif name == "__table_args__":
        _take_table_arguments(module, table, value)
    elif name == "__abstract__":
        table.is_abstract = literal(value) is True
    elif name == "__versioned__" or _is_of_history(module, value):
        table.keeps_history = True
    else:
        column = column_of(module, name, value, annotation)
        if column:
            table.columns.append(column)
        table.joins |= joined_columns(module, value)


def _is_of_history(module: Module, value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and module.name_of(value.func).rpartition(".")[2] == "HistoricalRecords"


def _take_declared(module: Module, table: TableFact, function: ast.FunctionDef) -> None:
    if function.name == "__tablename__":
        table.is_abstract = table.names_classes = "__name__" in ast.unparse(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            if function.name == "__table_args__":
                _take_table_arguments(module, table, node.value)
            elif isinstance(node.value, ast.Call):
                column = column_of(module, function.name, node.value, None)
                if column:
                    table.columns.append(column)


def _take_meta(module: Module, table: TableFact, meta: ast.ClassDef) -> None:
    for statement in meta.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        name, value = statement.targets[0].id, statement.value
        if name == "abstract":
            table.is_abstract = literal(value) is True
        elif name == "managed":
            table.is_managed = literal(value) is not False
        elif name == "db_table":
            table.table = module.text(value) or table.table
        elif name in ("indexes", "constraints", "unique_together"):
            _take_django(module, table, value)


def _take_django(module: Module, table: TableFact, value: ast.expr) -> None:
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            last = module.name_of(node.func).rpartition(".")[2]
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            if last in ("Index", "UniqueConstraint", "GinIndex", "BrinIndex"):
                fields = literal(given.get("fields")) or []
                table.indexes.append([str(each).lstrip("-") for each in fields])
            elif last == "CheckConstraint":
                table.checks.append(ast.unparse(node))
    together = literal(value)
    if isinstance(together, (list, tuple)) and together:
        groups = together if isinstance(together[0], (list, tuple)) else [together]
        table.indexes += [[str(each) for each in group] for group in groups]


def _take_table_arguments(module: Module, table: TableFact, value: ast.expr) -> None:
    items = list(value.elts) if isinstance(value, (ast.Tuple, ast.List)) else [value]
    table.opaque = table.opaque or any(isinstance(item, (ast.Starred, ast.Name, ast.BinOp)) for item in items)
    _take_arguments(module, table, items)
    table.partition_by = _partition(module, value) or table.partition_by


def _take_arguments(module: Module, table: TableFact, items: list[ast.expr]) -> None:
    for item in items:
        if not isinstance(item, ast.Call):
            continue
        last = module.name_of(item.func).rpartition(".")[2]
        if last in COLUMNS:
            column = column_of(module, "", item, None)
            if column:
                table.columns.append(column)
        elif last == "CheckConstraint":
            table.checks.append((module.text(item.args[0]) if item.args else None) or ast.unparse(item))
        elif last in ("Index", "UniqueConstraint", "PrimaryKeyConstraint", "ExcludeConstraint"):
            names = item.args[1:] if last == "Index" else item.args
            table.indexes.append([_named(module, each) for each in names])
        elif last == "ForeignKeyConstraint" and item.args:
            table.references.append([str(each) for each in literal(item.args[0]) or []])


def _named(module: Module, node: ast.expr) -> str:
    """The column that a part of an index is about, through `desc(...)`, `text(...)` and such."""
    text = module.text(node)
    if text is not None:
        return text.partition(" ")[0]
    inner = [
        module.text(each) or ast.unparse(each) for each in ast.walk(node) if isinstance(each, (ast.Name, ast.Constant))
    ]
    return str(inner[-1]) if inner else ""


def _partition(module: Module, node: ast.AST) -> str:
    for each in ast.walk(node):
        if isinstance(each, ast.Dict):
            for key, value in zip(each.keys, each.values, strict=True):
                if literal(key) == "postgresql_partition_by":
                    return module.text(value) or "unknown"
        if isinstance(each, ast.keyword) and each.arg == "postgresql_partition_by":
            return module.text(each.value) or "unknown"
    return ""
