"""Connections to databases: whether they are pooled, whether they demand TLS, and whether they go to a replica."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeGuard

from infraguard.collectors.repository.application.connections import mysql
from infraguard.collectors.repository.application.connections.binds import binds_of_flask
from infraguard.collectors.repository.application.connections.connection_tls import (
    decided_elsewhere,
    mode_in_tree,
    tls_of,
    tls_of_driver,
)
from infraguard.collectors.repository.python.modules import Call, Module, literal, resource
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

KINDS: Final = ("database_engine",)
CONCERNS: Final = pattern(
    rb"create_(?:async_)?engine|engine_from_config|create_pool|ConnectionPool|psycopg2?\.connect|asyncpg\.connect|"
    rb"^[ \t]*DATABASES\b|SQLAlchemy\(|dj_database_url|from databases import|import databases|playhouse|"
    rb"peewee|tortoise|aiopg|SQLALCHEMY_BINDS\b|" + mysql.CONCERNS,
    re.MULTILINE,
)
_ENGINES: Final = frozenset({"create_engine", "create_async_engine", "engine_from_config", "async_engine_from_config"})
_POOLS: Final = pattern(
    r"(?:asyncpg\.create_pool|(?:psycopg2?(?:_pool)?[\w.]*)\.\w*ConnectionPool|aiopg\.create_pool"
    r"|^databases\.Database|^playhouse\.pool\.Pooled\w+Database"
    r"|^tortoise(?:\.\w+)*\.(?:Tortoise\.init|register_tortoise|RegisterTortoise))$"
)
_CONNECTS: Final = frozenset(
    {
        *("psycopg.connect", "psycopg2.connect", "asyncpg.connect", "psycopg.AsyncConnection.connect"),
        *("aiopg.connect", "peewee.PostgresqlDatabase", "playhouse.postgres_ext.PostgresqlExtDatabase"),
    }
)
#: Programs that ask whether the database is there, and hold no connection afterwards.
_WAITS: Final = pattern(r"(?i)(?:.*/)?wait_?for_?(?:db|database|postgres(?:ql)?|pg|mysql|sql|services?)\w*\.py\Z")
_CREATORS: Final = ("creator", "async_creator")
_OWN_POOL: Final = pattern(r"\w*Pool\Z")
_REPLICA: Final = pattern(r"(?i)replica|report|read_?only|reader|(?<![a-z])ro(?![a-z])|slave|follower|secondary|analyt")
_OF_TRIALS: Final = pattern(r"(?i)debug|(?<![a-z])(?:py|unit)?test|sqlite")
#: What makes a condition hold where the program is not tried.
_TURNED_ROUND: Final = pattern(r"\b(?:not|False|None)\b|!=")
_OF_FLASK: Final = pattern(r"flask_sqlalchemy\w*(?:\.\w+)*\.SQLAlchemy")


def read(module: Module) -> Iterator[Resource]:
    """The connections that a module makes. Those of migrations, and of waiting, are short-lived and left out."""
    if _WAITS.match(module.path):
        return
    if "down_revision" in module.names or (module.path.endswith("/env.py") and "alembic" in module.source[:4000]):
        return
    migrates = any(full.partition(".")[0] == "alembic" for full in module.imports.values())
    yield from (found for found in _made(module) if not (migrates and found.attributes["pool"] == "none"))


def _made(module: Module) -> Iterator[Resource]:
    trials = _in_trials(module)
    bound, pooled = _bound_names(module), {call.scope for call in module.calls if _POOLS.search(call.name)}
    handed = _handed(module)
    for call in module.calls:
        if call.last in _ENGINES and id(call.node) in trials:
            continue  # another is made where the program is not tried
        if call.last in _ENGINES and re.search("sqlalchemy|sqlmodel|engine", call.name):
            yield _engine(module, call, bound.get(id(call.node), ""))
        elif _POOLS.search(call.name):
            yield _plain(module, call, "queue", tls_of_driver(module, call), bound.get(id(call.node), ""))
        elif call.name in _CONNECTS and call.scope.rpartition(".")[2] in handed:
            continue  # the pool of an engine calls it
        elif call.name in _CONNECTS and call.scope not in pooled:  # one that prepares for a pool is closed at once
            yield _plain(module, call, "none", tls_of_driver(module, call), bound.get(id(call.node), ""))
        elif (pool := mysql.pool_of(module, call)) is not None:
            yield _plain(module, call, pool, mysql.tls_of_mysql(module, call), bound.get(id(call.node), ""))
        elif any(_OF_FLASK.fullmatch(name) for name in (call.name, *_bases(module, call.name))):
            yield _of(module, call.node.lineno, "queue", decided_elsewhere("SQLALCHEMY_DATABASE_URI"), False, "flask")
    yield from _made_by_factories(module, bound)
    yield from binds_of_flask(module)
    for databases in _settings_of_django(module.tree.body):
        yield from _of_django(module, databases)


def _handed(module: Module) -> set[str]:
    """The functions by which engines and pools make their connections, such as `creator=connect`."""
    found: set[str] = set()
    for call in module.calls:
        given: list[ast.AST | None] = [call.argument(name) for name in _CREATORS] if call.last in _ENGINES else []
        given += call.node.args[:1] if _OWN_POOL.search(call.last) else []
        given += [call.argument("connect")] if _POOLS.search(call.name) else []
        found.update(each.id for node in given if node for each in ast.walk(node) if isinstance(each, ast.Name))
    return found.intersection(function.name for function in module.functions)


def _bases(module: Module, name: str) -> list[str]:
    """What a class of the module derives from."""
    classes = (each for each in module.tree.body if isinstance(each, ast.ClassDef))
    return [module.name_of(base) for each in classes if each.name == name for base in each.bases]


def _bound_names(module: Module) -> dict[int, str]:
    """What the result of a call is called, by the call."""
    found: dict[int, str] = {}
    for node in ast.walk(module.tree):
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign, ast.keyword)) else None
        if isinstance(value, (ast.Call, ast.Await)):
            inner = value.value if isinstance(value, ast.Await) else value
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            found[id(inner)] = ast.unparse(target) if target is not None else getattr(node, "arg", "") or ""
    return found


def _of(module: Module, line: int, pool: Any, tls: Any, is_replica: bool, label: str) -> Resource:
    attributes = {"pool": pool, "tls": tls, "role": "replica" if is_replica else "primary", "is_sqlite": False}
    return resource("database_engine", module.path, line, f"engine/{label}", attributes)


def _engine(module: Module, call: Call, bound: str) -> Resource:
    given = call.argument("url", 0)
    url = module.text(given)
    shown = ast.unparse(given) if given is not None else ""
    is_replica = bool(_REPLICA.search(f"{bound} {shown} {call.scope}"))
    tls, label = _tls(module, call, url), bound or call.scope
    found = _of(module, call.node.lineno, _pool(module, call), tls, is_replica, label)
    if (url or "").startswith("sqlite") or "check_same_thread" in ast.unparse(call.node):
        found.attributes["is_sqlite"] = True
    return found


def _tls(module: Module, call: Call, url: str | None) -> Any:
    """What the engine asks of TLS; where functions of the module make its connections, what those ask."""
    if all(call.argument(name) is None for name in (*_CREATORS, "pool")):
        return tls_of(module, call, url)
    handed = _handed(module)
    made = [each for each in module.calls if each.name in _CONNECTS and each.scope.rpartition(".")[2] in handed]
    return tls_of_driver(module, made[0]) if made else decided_elsewhere("what makes its connections")


def _made_by_factories(module: Module, bound: dict[int, str]) -> Iterator[Resource]:
    """Connections to a replica that a function of the module makes, as `reporting = make_engine(url)`."""
    made = {call.scope.rpartition(".")[2]: call for call in module.calls if call.last in _ENGINES and call.scope}
    for call in module.calls:
        name = bound.get(id(call.node), "")
        engine = made.get(call.last)
        if engine is not None and _REPLICA.search(f"{name} {ast.unparse(call.node)}"):
            tls = _tls(module, engine, module.text(engine.argument("url", 0)))
            yield _of(module, call.node.lineno, _pool(module, engine), tls, True, name or call.last)


def _pool(module: Module, call: Call) -> Any:
    node = call.argument("poolclass")
    if node is None:
        spread = any(keyword.arg is None for keyword in call.node.keywords)
        if spread and "NullPool" in module.source and not _only_in_trials(module):
            return Unknown(
                "its pool is chosen elsewhere", ("poolclass",), remedy="write poolclass where the engine is made"
            )
        return "queue"
    name = module.name_of(node).rpartition(".")[2]
    kinds = {"NullPool": "none", "QueuePool": "queue", "AsyncAdaptedQueuePool": "queue", "StaticPool": "queue"}
    kinds |= {"SingletonThreadPool": "queue", "AssertionPool": "none", "FallbackAsyncAdaptedQueuePool": "queue"}
    return kinds.get(name, Unknown(f"its pool is {ast.unparse(node)}", (ast.unparse(node),), remedy="name the pool"))


def _only_in_trials(module: Module) -> bool:
    """Whether connections are unpooled where the program is tested or debugged, and pooled otherwise."""
    used = {id(node) for node in ast.walk(module.tree) if isinstance(node, ast.Name) and node.id == "NullPool"}
    return used <= {id(node) for branch in _trials(module) for part in branch.body for node in ast.walk(part)}


def _trials(module: Module) -> list[ast.If]:
    """The conditions under which the program is tested or debugged, or runs on SQLite."""
    branches = (node for node in ast.walk(module.tree) if isinstance(node, ast.If))
    tests = ((each, ast.unparse(each.test)) for each in branches)
    return [
        each
        for each, test in tests
        if all(map(_OF_TRIALS.search, test.split(" or "))) and not _TURNED_ROUND.search(test)
    ]


def _in_trials(module: Module) -> set[int]:
    """What is called only where the program is tried, where another engine is made otherwise."""
    found: set[int] = set()
    for branch in _trials(module):
        makes = (node for part in branch.orelse for node in ast.walk(part) if isinstance(node, ast.Call))
        if any(module.name_of(node.func).rpartition(".")[2] in _ENGINES for node in makes):
            found |= {id(node) for part in branch.body for node in ast.walk(part)}
    return found


def _plain(module: Module, call: Call, pool: str, tls: Any, bound: str) -> Resource:
    is_replica = bool(_REPLICA.search(f"{bound} {call.scope}"))
    label = bound or call.scope or call.last
    found = _of(module, call.node.lineno, pool, tls, is_replica, label)
    if pool == "none":
        found.attributes["is_single"] = True
    return found


def _settings_of_django(body: Iterable[ast.stmt]) -> Iterator[ast.Dict]:
    """What DATABASES is set to, also in the branches of a condition: each may be what runs."""
    for node in body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            is_meant = any(isinstance(target, ast.Name) and target.id == "DATABASES" for target in targets)
            if is_meant and isinstance(node.value, ast.Dict):
                yield node.value
        elif isinstance(node, (ast.If, ast.Try)):
            bodies = (node.body, node.orelse, *(each.body for each in getattr(node, "handlers", ())))
            yield from (found for inner in bodies for found in _settings_of_django(inner))
        elif isinstance(node, ast.ClassDef):  # settings by classes, as django-configurations has them
            yield from _settings_of_django(node.body)


def _of_django(module: Module, databases: ast.Dict) -> Iterator[Resource]:
    for key, value in zip(databases.keys, databases.values, strict=True):
        alias = str(literal(key))
        source = ast.unparse(value)
        found = _of(
            module,
            value.lineno,
            _django_pool(value, source),
            _django_tls(module, value),
            bool(_REPLICA.search(alias)),
            alias,
        )
        if "backends.sqlite3" in source:
            found.attributes["is_sqlite"] = True
        yield found


def _django_pool(value: ast.expr, source: str) -> Any:
    if re.search(r"['\"]pool['\"]|conn_max_age=[1-9N]", source):
        return "queue"
    if isinstance(value, ast.Dict):
        ages = [v for k, v in zip(value.keys, value.values, strict=True) if literal(k) == "CONN_MAX_AGE"]
        if not ages:
            return "none"
        return pool_by_age(ages[0])
    return Unknown(f"its settings are {source[:60]}", (source[:60],), remedy="write CONN_MAX_AGE out")


def pool_by_age(age: ast.expr) -> Any:
    """What CONN_MAX_AGE makes of connections; of one that the environment may give, its default."""
    given = next((each.value for each in age.keywords if each.arg == "default"), None) if _is_call(age) else age
    if isinstance(given, ast.Constant):
        return "none" if given.value in (0, "0", "") else "persistent"
    return Unknown(f"CONN_MAX_AGE is {ast.unparse(age)}", ("CONN_MAX_AGE",), remedy="write CONN_MAX_AGE out")


def _is_call(node: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call)


def _django_tls(module: Module, value: ast.expr) -> Any:
    found = mode_in_tree(module, value)
    if found is not None:
        return found
    if isinstance(value, ast.Dict):
        keys = {literal(key) if key is not None else None for key in value.keys}
        if keys.isdisjoint({"OPTIONS", None}) and "postgresql" in ast.unparse(value):
            return "prefer"  # what libpq does where nothing asks for more
    named = literal(value.args[0]) if isinstance(value, ast.Call) and value.args else None
    if isinstance(named, str) and named.isidentifier():
        return decided_elsewhere(named)
    return decided_elsewhere("the settings of the database")
