"""Classes and calls that declare tables, as facts: SQLAlchemy 1 and 2, SQLModel, `Table(...)`, Django."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from infraguard.collectors.repository.application.columns import type_kind
from infraguard.collectors.repository.python.modules import Module, literal

CONCERNS: Final = re.compile(
    rb"\b(?:Column|mapped_column|Mapped|SQLModel|__tablename__|Table)\b|models\.\w*Field|models\.ForeignKey"
)
_COLUMNS: Final = frozenset({"Column", "mapped_column"})
_DJANGO_REFERENCES: Final = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField", "TreeForeignKey"})


class ColumnFact(Struct, kw_only=True):
    """One column as it is declared."""

    name: str
    line: int
    type_name: str = ""
    kind: str = "other"
    as_float: bool = False
    foreign_key: str = ""
    index: bool = False
    unique: bool = False
    primary_key: bool = False
    checked: bool = False
    nullable: bool | None = None


class TableFact(Struct, kw_only=True):
    """One class or table as it is declared; `table` is empty for a mixin."""

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
    partition_by: str = ""
    is_abstract: bool = False
    is_managed: bool = True
    opaque: bool = False


def tables(module: Module) -> Iterator[TableFact]:
    """Every class and call of a module that may declare columns."""
    for node in module.classes:
        found = _of_class(module, node)
        if found:
            yield found
    for call in module.calls:
        if call.last == "Table" and len(call.node.args) > 1 and re.search("sqlalchemy|Table", call.name):
            name = module.text(call.node.args[0])
            if name:
                table = TableFact(path=module.path, name=name, line=call.node.lineno, orm="table", table=name)
                _take_arguments(module, table, call.node.args[2:])
                table.partition_by = _partition(module, call.node)
                yield table


def _of_class(module: Module, node: ast.ClassDef) -> TableFact | None:
    bases = [module.name_of(base) for base in node.bases]
    is_django = any(base.endswith("models.Model") for base in bases) or "models" in module.imports.get("models", "")
    table = TableFact(path=module.path, name=node.name, line=node.lineno, orm="django" if is_django else "sqlalchemy")
    table.bases = [base.rpartition(".")[2] for base in bases if base]
    for statement in node.body:
        _take(module, table, statement)
    if any(keyword.arg == "table" and literal(keyword.value) is True for keyword in node.keywords):
        table.table = table.table or node.name.lower()
    if is_django and not table.is_abstract and any(base.endswith("Model") for base in bases):
        table.table = table.table or node.name.lower()
    return table if table.table or table.columns or table.indexes or table.is_abstract else None


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
    else:
        column = _column(module, name, value, annotation)
        if column:
            table.columns.append(column)


def _take_declared(module: Module, table: TableFact, function: ast.FunctionDef) -> None:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            if function.name == "__table_args__":
                _take_table_arguments(module, table, node.value)
            elif isinstance(node.value, ast.Call):
                column = _column(module, function.name, node.value, None)
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
        if last in _COLUMNS:
            column = _column(module, "", item, None)
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


def _column(module: Module, name: str, value: ast.expr, annotation: ast.expr | None) -> ColumnFact | None:
    """The column that an attribute declares; None for another attribute."""
    inner = _mapped(annotation)
    call = value if isinstance(value, ast.Call) else None
    last = module.name_of(call.func).rpartition(".")[2] if call else ""
    full = module.name_of(call.func) if call else ""
    is_django = call is not None and (last.endswith("Field") or last in _DJANGO_REFERENCES) and "models" in full
    if call and last == "Field" and "sqlmodel" in full:
        return _of_field(module, name, call, annotation)
    if last in ("relationship", "column_property", "association_proxy", "composite") or (
        call and last == "deferred" and not call.args
    ):
        return None
    if not (last in _COLUMNS or is_django or inner is not None):
        return None
    column = ColumnFact(
        name=name, line=value.lineno if hasattr(value, "lineno") else (annotation.lineno if annotation else 1)
    )
    if inner is not None:
        column.type_name, column.kind = _annotated(module, inner)
        if (
            column.kind == "other"
            and call is None
            and column.type_name[:1].isupper()
            and not _is_alias(module, column.type_name)
        ):
            return None
    if call:
        _read_call(module, column, call, is_django)
    return column if column.name else None


def _is_alias(module: Module, name: str) -> bool:
    return name in module.names


def _mapped(annotation: ast.expr | None) -> ast.expr | None:
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value).rpartition(".")[2] == "Mapped":
        return annotation.slice
    return None


def _annotated(module: Module, node: ast.expr) -> tuple[str, str]:
    """The type that an annotation names, without `None` and `Optional`, through aliases of the module."""
    names = [each for each in ast.walk(node) if isinstance(each, (ast.Name, ast.Attribute))]
    for each in names:
        name = module.name_of(each).rpartition(".")[2]
        if name in ("Optional", "Union", "None", "Annotated", "Mapped"):
            continue
        kind = type_kind(name)
        if kind == "other" and isinstance(each, ast.Name) and each.id in module.names:
            kind = next(
                (k for part in ast.walk(module.names[each.id]) if (k := _kind_of(module, part)) != "other"), "other"
            )
        return name, kind
    return "", "other"


def _kind_of(module: Module, node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return type_kind(module.name_of(node)) if isinstance(node, (ast.Name, ast.Attribute)) else "other"


def _of_field(module: Module, name: str, call: ast.Call, annotation: ast.expr | None) -> ColumnFact:
    """A field of SQLModel: its type is its annotation, unless a column or a type is given."""
    column = ColumnFact(name=name, line=call.lineno)
    if annotation is not None:
        column.type_name, column.kind = _annotated(module, annotation)
    _read_call(module, column, call, is_django=False)
    return column


def _read_call(module: Module, column: ColumnFact, call: ast.Call, is_django: bool) -> None:
    last = module.name_of(call.func).rpartition(".")[2]
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    for flag in ("index", "unique", "primary_key"):
        setattr(column, flag, literal(given.get(flag)) is True)
    column.index = column.index or literal(given.get("db_index")) is True
    if is_django:
        column.type_name, column.kind = last, type_kind(last)
        if last in _DJANGO_REFERENCES:
            column.foreign_key = ast.unparse(call.args[0]) if call.args else ast.unparse(given.get("to", call))
            column.index = last != "ManyToManyField" and literal(given.get("db_index")) is not False
        column.checked = last.startswith("Positive")
        return
    key = literal(given.get("foreign_key"))
    column.foreign_key = key if isinstance(key, str) else ""
    for position, argument in enumerate(
        [*call.args, *(given[k] for k in ("type_", "sa_type", "sa_column") if k in given)]
    ):
        _read_argument(module, column, argument, position)


def _read_argument(module: Module, column: ColumnFact, argument: ast.expr, position: int) -> None:
    text = module.text(argument)
    if text is not None and position == 0 and not column.name:
        column.name = text
        return
    target = argument.func if isinstance(argument, ast.Call) else argument
    last = module.name_of(target).rpartition(".")[2]
    if isinstance(argument, ast.Call) and last == "ForeignKey":
        column.foreign_key = (module.text(argument.args[0]) if argument.args else "") or ast.unparse(argument)
    elif isinstance(argument, ast.Call) and last == "CheckConstraint":
        column.checked = True
    elif isinstance(argument, ast.Call) and last in _COLUMNS:
        _read_call(module, column, argument, is_django=False)
    elif (
        last
        and last not in ("Identity", "Computed", "Sequence", "FetchedValue")
        and not isinstance(argument, ast.Constant)
    ):
        kind = type_kind(last)
        if kind == "other" and isinstance(target, ast.Name) and target.id in module.names:
            kind = _kind_of(module, module.names[target.id])
        column.type_name, column.kind = last, kind
        column.as_float = kind == "numeric" and "asdecimal=False" in ast.unparse(argument)
