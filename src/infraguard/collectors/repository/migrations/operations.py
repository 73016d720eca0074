"""The operations of a migration, in their order: calls of `op` and of batches, and the SQL that is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct, field

from infraguard.collectors.repository.python.modules import Module, literal
from infraguard.readers.patterns import pattern

#: What does nothing to a schema by itself.
_NO_OPERATION: Final = frozenset(
    {"get_bind", "get_context", "f", "batch_alter_table", "inline_literal", "bulk_insert", "invoke"}
)
#: Operations whose own name stands before that of the table, which a batch knows.
_NAMED_FIRST: Final = frozenset(
    {
        *("create_index", "drop_index", "drop_constraint", "create_check_constraint"),
        *("create_foreign_key", "create_unique_constraint", "create_primary_key"),
    }
)


class Operation(Struct, frozen=True, kw_only=True):
    """One operation: its name in Alembic, the table, and what else is told of it. SQL is `execute`, with its text."""

    name: str
    line: int
    table: str = ""
    columns: tuple[str, ...] = ()
    arguments: dict[str, Any] = field(default_factory=dict)
    sql: str | None = None
    node: ast.Call | None = None
    in_autocommit: bool = False


def operations(module: Module, function: str) -> Iterator[Operation]:
    """What a function of the migration does, with what the functions do that it calls in the same file."""
    yield from _of(module, function, set())


def _of(module: Module, function: str, seen: set[str]) -> Iterator[Operation]:
    node = next((each for each in module.functions if each.name == function), None)
    if node is None or function in seen:
        return
    seen.add(function)
    yield from _walk(module, node.body, {}, seen, in_autocommit=False)


def _walk(
    module: Module, body: list[ast.stmt], batches: dict[str, str], seen: set[str], *, in_autocommit: bool
) -> Iterator[Operation]:
    for statement in body:
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            inner, autocommit = _entered(module, statement, batches)
            yield from _walk(module, statement.body, inner, seen, in_autocommit=in_autocommit or autocommit)
        elif isinstance(statement, ast.For) and (rows := _rows(module, statement)):
            for row in rows:
                module.names |= row
                yield from _walk(module, statement.body, batches, seen, in_autocommit=in_autocommit)
        elif isinstance(statement, (ast.If, ast.For, ast.While, ast.Try)):
            for part in ("body", "orelse", "finalbody"):
                yield from _walk(module, getattr(statement, part, []), batches, seen, in_autocommit=in_autocommit)
        else:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.List, ast.Tuple)):
                lists = (each for each in statement.targets if isinstance(each, ast.Name))
                module.names |= {each.id: statement.value for each in lists}
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    yield from _operation(module, node, batches, seen, in_autocommit)


def _entered(
    module: Module, statement: ast.With | ast.AsyncWith, batches: dict[str, str]
) -> tuple[dict[str, str], bool]:
    """The batches that are open inside, by their names, and whether it is outside of the transaction."""
    inner = dict(batches)
    calls = [(item.context_expr, item.optional_vars) for item in statement.items]
    for call, name in calls:
        is_batch = isinstance(call, ast.Call) and module.name_of(call.func).endswith("batch_alter_table")
        if is_batch and isinstance(call, ast.Call) and isinstance(name, ast.Name):
            inner[name.id] = (module.text(call.args[0]) if call.args else None) or ""
    return inner, any("autocommit_block" in ast.unparse(call) for call, _ in calls)


#: A loop over more texts than this is no list that somebody wrote.
_MOST_TEXTS: Final = 200


def _rows(module: Module, loop: ast.For) -> list[dict[str, ast.expr]]:
    """What a loop puts into its names, time by time, where texts are written out: in place, or in a list."""
    in_rows = isinstance(loop.target, ast.Tuple)
    targets = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
    names = [each.id for each in targets if isinstance(each, ast.Name)]
    rows: list[dict[str, ast.expr]] = []
    for item in _items(module, loop.iter, in_rows=in_rows):
        parts = item.elts if in_rows and isinstance(item, (ast.Tuple, ast.List)) else [item]
        if len(parts) != len(targets) or any(module.text(part) is None for part in parts):
            return []
        rows.append(dict(zip(names, parts, strict=True)))
    return rows if len(names) == len(targets) else []


def _items(module: Module, iterated: ast.expr, *, in_rows: bool) -> list[ast.expr]:
    """The items of a list with those of lists that it takes over; a list in it is an item where rows are asked for."""
    found: list[ast.expr] = []
    waiting: list[tuple[ast.expr, bool]] = [(iterated, True)]
    while waiting and len(found) <= _MOST_TEXTS:
        node, opens = waiting.pop(0)
        if isinstance(node, ast.Starred):
            node, opens = node.value, True
        if isinstance(node, ast.Name) and isinstance(module.names.get(node.id), (ast.Tuple, ast.List)):
            node, opens = module.names[node.id], True
        if isinstance(node, (ast.Tuple, ast.List)) and (opens or not in_rows):
            waiting = [*((each, False) for each in node.elts), *waiting]
        else:
            found.append(node)
    return [] if waiting else found


def _operation(
    module: Module, node: ast.Call, batches: dict[str, str], seen: set[str], in_autocommit: bool
) -> Iterator[Operation]:
    name = module.name_of(node.func)
    first, _, last = name.rpartition(".")
    owner = first.rpartition(".")[2]
    if isinstance(node.func, ast.Name) and any(each.name == name for each in module.functions):
        yield from _of(module, name, seen)
    elif owner in batches and last not in _NO_OPERATION:
        yield _made(module, node, last, batches[owner], in_autocommit=in_autocommit)
    elif (first.endswith("op") or owner == "op") and last not in _NO_OPERATION:
        yield _made(module, node, last, None, in_autocommit=in_autocommit)
    elif last in ("execute", "exec_driver_sql", "exec_sql") and node.args:
        yield Operation(
            name="execute", line=node.lineno, sql=_sql(module, node), node=node, in_autocommit=in_autocommit
        )


def _sql(module: Module, node: ast.Call) -> str | None:
    return module.text(node.args[0]) if node.args else None


def _made(module: Module, node: ast.Call, last: str, table: str | None, *, in_autocommit: bool) -> Operation:
    if last == "execute":
        return Operation(name=last, line=node.lineno, sql=_sql(module, node), node=node, in_autocommit=in_autocommit)
    given = {keyword.arg or "**": literal(keyword.value) for keyword in node.keywords}
    place = 1 if last in _NAMED_FIRST else 0
    if table is None:
        named = next((module.text(k.value) for k in node.keywords if k.arg in ("table_name", "source_table")), None)
        table = named or (module.text(node.args[place]) if place < len(node.args) else "") or ""
        place += 1
    rest = node.args[place:]
    return Operation(
        name=last,
        line=node.lineno,
        table=table,
        columns=tuple(_columns(module, last, rest, node)),
        arguments=given,
        node=node,
        in_autocommit=in_autocommit,
    )


def _columns(module: Module, last: str, rest: list[ast.expr], node: ast.Call) -> Iterator[str]:
    if last in ("add_column", "create_table"):
        for each in ast.walk(node):
            if isinstance(each, ast.Call) and module.name_of(each.func).rpartition(".")[2] == "Column" and each.args:
                yield module.text(each.args[0]) or ""
    elif last in ("drop_column", "alter_column"):
        yield from ((module.text(each) or "") for each in rest[:1])
        yield from ((module.text(k.value) or "") for k in node.keywords if k.arg == "column_name")
    elif last in ("create_index", "create_unique_constraint"):
        lists = rest[:1] or [k.value for k in node.keywords if k.arg == "columns"]
        for each in lists:
            for item in each.elts if isinstance(each, (ast.List, ast.Tuple)) else []:
                yield (module.text(item) or ast.unparse(item)).partition(" ")[0]
    elif last == "create_foreign_key":
        lists = rest[1:2] or [k.value for k in node.keywords if k.arg == "local_cols"]
        for each in lists:
            yield from (str(item) for item in literal(each) or [])


#: Comments of SQL, and what stands in quotes but names nothing.
_COMMENT: Final = pattern(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def statements(sql: str) -> list[str]:
    """The statements of a text of SQL, without comments, bodies of functions left whole enough to be told."""
    plain = _COMMENT.sub(" ", sql)
    bodies = re.sub(r"\$(\w*)\$.*?\$\1\$", "''", plain, flags=re.DOTALL)
    return [part.strip() for part in bodies.split(";") if part.strip()]
