"""Models and their columns, with what their mixins and the migrations add: `sqlalchemy_model`, `sqlalchemy_column`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.application.schema.columns import is_money, is_never_negative, queried_as
from infraguard.collectors.repository.application.schema.declared import ColumnFact, kind_of
from infraguard.collectors.repository.application.schema.installed import is_installed
from infraguard.collectors.repository.application.schema.lookups import Lookups
from infraguard.collectors.repository.application.schema.mapped import django_tables, mapped
from infraguard.collectors.repository.application.schema.references import named_table
from infraguard.collectors.repository.application.schema.table_names import name_tables
from infraguard.collectors.repository.application.schema.tables import CONCERNS, TableFact, tables
from infraguard.collectors.repository.application.schema.unmigrated import unmigrated
from infraguard.collectors.repository.found import Found, gap_of
from infraguard.collectors.repository.migrations.django import made_models
from infraguard.collectors.repository.migrations.missing_models import missing_models
from infraguard.collectors.repository.migrations.schema import Schema, read_migrated
from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.python.modules import Module, module_of, resource
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Gap, Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

KINDS: Final = ("sqlalchemy_model", "sqlalchemy_column", "mapped_table")
_ORM: Final = pattern(
    rb"sqlalchemy|sqlmodel|django\.db|from django\.contrib\.gis\.db|advanced_alchemy|flask_sqlalchemy|\bdb\."
)
_CURRENCY: Final = pattern(r"(?i)currency(?:_?(?:code|id))?|moeda|moneda|divisa")
_AUDIT: Final = pattern(
    r"(?i)(?:^|_|[a-z](?=A))audit(?:_?(?:log|event|trail|entry|entrie|record|history)s?)?$|^audit_?log"
    r"|(?:^|_)(?:db|database|change|entity|record)_?histor(?:y|ies)$"
)


def read_schema(tree: Tree) -> Found:
    """The models of the whole repository, each with the columns of its mixins."""
    facts: list[TableFact] = []
    aliases: dict[str, str] = {}
    gaps: list[Gap] = []
    lookups = Lookups()
    for path in tree.paths:
        if not is_application(path) or "/versions/" in path or "/migrations/" in path:
            continue
        try:
            content = tree.read_bytes(path)
            lookups.read(content)
            if CONCERNS.search(content) and _ORM.search(content):
                module = module_of(tree, path)
                facts.extend(tables(module))
                aliases |= _aliases(module)
        except (SyntaxProblem, Unreadable) as error:
            gaps.append(gap_of(error, path, KINDS))
    for column in (column for fact in facts for column in fact.columns if column.kind == "other"):
        column.kind = aliases.get(column.type_name, "other")
    facts = [fact for fact in facts if fact.orm != "django" or fact.is_abstract or is_installed(tree, fact.path)]
    gaps += missing_models(tree, KINDS)
    migrated, made = read_migrated(tree), made_models(tree)
    name_tables(facts, migrated.tables, made if isinstance(made, frozenset) else ())
    others = mapped(facts)
    own = [fact for fact in facts if fact not in others]
    read = [resource("mapped_table", fact.path, fact.line, fact.name, {"table": fact.table}) for fact in others]
    return Found((*_resources(own, migrated, made, lookups), *read), tuple(gaps))


def _aliases(module: Module) -> dict[str, str]:
    """Kinds of types that a module names for others: `Money = Annotated[Decimal, ...]`, `Amount = Numeric(18, 2)`."""
    kinds = {
        name: next((kind for part in ast.walk(value) if (kind := kind_of(module, part)) != "other"), "other")
        for name, value in module.names.items()
        if isinstance(value, (ast.Subscript, ast.Call))
    }
    return {name: kind for name, kind in kinds.items() if kind != "other"}


def _resources(
    facts: list[TableFact], migrated: Schema, django: frozenset[str] | Unknown | None, lookups: Lookups
) -> Iterator[Resource]:
    by_name = {fact.name: fact for fact in facts}
    names = {fact.table.rpartition(".")[2] for fact in facts if fact.table}
    used: set[str] = set()
    for fact in facts:
        if not fact.table or fact.is_abstract:
            continue
        identity = f"{fact.path}#{fact.name}"
        if identity in used:
            continue
        used.add(identity)
        family = _family(fact, by_name, set())
        columns = {column.name: column for each in reversed(family) for column in each.columns}
        yield _model(fact, family, migrated, django)
        if fact.keeps_history:
            yield _history(fact, migrated)
        for column in columns.values():
            often = lookups.are_often(fact.name, column.name)
            yield _column(fact, family, column, migrated, names, often=often)
    for table, path in sorted(migrated.made_in.items()):
        if _AUDIT.search(table) and table not in names:
            yield _without_model(table, path, migrated)


def _without_model(table: str, path: str, migrated: Schema) -> Resource:
    """A table of audits that a migration makes, and that no model stands for."""
    attributes = {
        "orm": "table",
        "name": table,
        "table": table,
        "is_audit": True,
        "append_only_by": migrated.guards(table),
        "is_migrated": True,
        "checks": migrated.checks.get(table, []),
    }
    return resource("sqlalchemy_model", path, 1, table, attributes)


def _family(fact: TableFact, by_name: dict[str, TableFact], seen: set[str]) -> list[TableFact]:
    """A class and the mixins that it takes columns from; a parent with a table of its own keeps its columns there."""
    found = [fact]
    for base in fact.bases:
        parent = by_name.get(base)
        if parent and base not in seen and not (parent.table and not parent.is_abstract):
            seen.add(base)
            found.extend(_family(parent, by_name, seen))
    return found


def _history(fact: TableFact, migrated: Schema) -> Resource:
    """The table of django-simple-history, or of SQLAlchemy-Continuum, with every state that the rows of a model had."""
    is_django = fact.orm == "django"
    table = f"historical{fact.name.lower()}" if is_django else f"{fact.table}_version"
    names = [name for name in django_tables(fact) if "_historical" in name] if is_django else [table]
    guards = (migrated.guards(name) for name in names)
    attributes: dict[str, Any] = {
        "orm": fact.orm,
        "name": f"Historical{fact.name}",
        "table": table,
        "is_audit": True,
        "append_only_by": max(guards, key=len, default=[]),
        "checks": [],
    }
    return resource("sqlalchemy_model", fact.path, fact.line, f"{fact.name}.history", attributes)


def _is_migrated(fact: TableFact, migrated: Schema, django: frozenset[str] | Unknown | None) -> bool | Unknown | None:
    """Whether a migration makes the table; None where nothing is told of it."""
    bare = fact.table.rpartition(".")[2]
    if fact.orm != "django":
        return None if fact.is_named_by_base and bare not in migrated.tables else migrated.creates(bare)
    if not fact.is_managed:
        return None
    return fact.name.lower() in django if isinstance(django, frozenset) else django


def _model(
    fact: TableFact, family: list[TableFact], migrated: Schema, django: frozenset[str] | Unknown | None
) -> Resource:
    partition = next((each.partition_by for each in family if each.partition_by), "") or migrated.partitions.get(
        fact.table, ""
    )
    bare = fact.table.rpartition(".")[2]
    attributes: dict[str, Any] = {
        "orm": fact.orm,
        "name": fact.name,
        "table": fact.table,
        "partition_by": _partition(partition, bare, migrated),
        "is_audit": bool(_AUDIT.search(bare) or _AUDIT.search(fact.name)),
        "append_only_by": max(map(migrated.guards, {bare, *_names(fact)}), key=len),
        "is_migrated": _is_migrated(fact, migrated, django),
        "checks": [check for each in family for check in each.checks],
    }
    declared = {column.name: column for each in reversed(family) for column in each.columns}
    if fact.orm != "django":
        attributes["unmigrated"] = unmigrated(bare, declared.values(), migrated)
    return resource("sqlalchemy_model", fact.path, fact.line, fact.name, attributes)


def _names(fact: TableFact) -> Iterator[str]:
    """What SQL may call the table of a model of Django, whose name has that of the application in it."""
    return (table for table in django_tables(fact) if fact.orm == "django" and "_historical" not in table)


def _partition(text: str, table: str, migrated: Schema) -> Any:
    if text:
        return text
    if migrated.opaque and "partition" in migrated.opaque.lower():
        return Unknown(
            f"SQL of a migration that is worked out may partition {table}",
            (table,),
            remedy="write the name of the table out",
        )
    return None


def _column(
    fact: TableFact, family: list[TableFact], column: ColumnFact, migrated: Schema, names: set[str], *, often: bool
) -> Resource:
    bare = fact.table.rpartition(".")[2]
    owner = f"{fact.name} {bare}"
    indexes = [index for each in family for index in each.indexes] + migrated.indexes.get(bare, [])
    in_constraint = any(column.name in key for each in family for key in each.references)
    leads_key = any(key[:1] == [column.name] for each in family for key in each.references)
    beside = [each.name for member in family for each in member.columns]
    # what has a currency beside it is money, whatever its table is about
    kept = f"{owner} payment" if any(map(_CURRENCY.fullmatch, beside)) else owner
    asked = queried_as(column.name, column.kind, bool(column.foreign_key) or leads_key, beside, often=often)
    foreign_key = (
        column.foreign_key or ("constraint" if in_constraint else "") or migrated.keys.get((bare, column.name), "")
    )
    checks = [check for each in family for check in each.checks] + migrated.checks.get(bare, [])
    joins = {name: target for each in family for name, target in each.joins.items()}
    opaque = any(each.opaque for each in family)
    leading = any(column.name in (index[:1] if asked == "foreign key" else index) for index in indexes)
    primary = [each.name for member in family for each in member.columns if each.primary_key]
    attributes: dict[str, Any] = {
        "model": fact.name,
        "table": fact.table,
        "name": column.name,
        "type": "float" if column.as_float else column.kind,
        "type_name": column.type_name,
        "is_money": is_money(column.name, kept, column.kind),
        "foreign_key": foreign_key or None,
        "names_table": "" if fact.orm == "django" else named_table(column, names, bare, joins),
        "is_indexed": _or_elsewhere(column.index or column.unique or leading or primary[:1] == [column.name], opaque),
        "queried_as": asked,
        "is_never_negative": is_never_negative(column.name, kept, column.kind),
        "is_checked": _or_elsewhere(column.checked or any(_speaks_of(check, column.name) for check in checks), opaque),
        "is_audit": bool(_AUDIT.search(bare)),
    }
    return resource("sqlalchemy_column", fact.path, column.line, f"{fact.name}.{column.name}", attributes)


def _or_elsewhere(found: bool, opaque: bool) -> Any:
    """Whether it was found; unknown when the table's arguments are put together elsewhere."""
    if found or not opaque:
        return found
    return Unknown(
        "__table_args__ is put together elsewhere", ("__table_args__",), remedy="write its parts out in the class"
    )


def _speaks_of(check: str, column: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(column)}(?:__\w+)?(?![A-Za-z0-9_])", check) is not None
