"""Connections that drivers of MySQL and MariaDB make, and what they ask of TLS, in the modes of libpq."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.application.connections.connection_tls import decided_elsewhere, shown, ssl_of
from infraguard.collectors.repository.python.modules import Call, Module, literal

CONCERNS: Final = rb"[Mm]y[Ss][Qq][Ll]|mariadb|asyncmy|PooledDB"
_CONNECTS: Final = frozenset(
    {
        *("pymysql.connect", "pymysql.Connection", "pymysql.Connect", "pymysql.connections.Connection"),
        *("MySQLdb.connect", "MySQLdb.Connection", "MySQLdb.connections.Connection", "mariadb.connect"),
        *("mysql.connector.connect", "mysql.connector.MySQLConnection", "mysql.connector.connection.MySQLConnection"),
        *("mysql.connector.aio.connect", "aiomysql.connect", "asyncmy.connect"),
        *("flask_mysqldb.MySQL", "flaskext.mysql.MySQL"),
    }
)
_POOLS: Final = frozenset(
    {
        *("mysql.connector.pooling.MySQLConnectionPool", "mysql.connector.MySQLConnectionPool"),
        *("aiomysql.create_pool", "aiomysql.pool.create_pool", "asyncmy.create_pool", "mariadb.ConnectionPool"),
        *("dbutils.pooled_db.PooledDB", "DBUtils.PooledDB.PooledDB"),
    }
)
#: Drivers that look whether the certificate is the host's wherever they are given an authority.
_STRICT: Final = frozenset({"pymysql", "aiomysql", "asyncmy", "dbutils", "DBUtils"})
#: The modes of MySQL's own programs and of mysqlclient, as libpq has them.
_MODES: Final = {
    "DISABLED": "disable",
    "PREFERRED": "prefer",
    "REQUIRED": "require",
    "VERIFY_CA": "verify-ca",
    "VERIFY_IDENTITY": "verify-full",
}


def pool_of(module: Module, call: Call) -> str | None:
    """The pool of a connection that a call makes; None where it makes none.

    The connections of Flask's extensions are made for each request.
    """
    if call.name in _POOLS and ("PooledDB" not in call.name or _is_of_mysql(module, call)):
        return "queue"
    if call.name not in _CONNECTS:
        return None
    return "queue" if call.argument("pool_name") is not None or call.argument("pool_size") is not None else "none"


def _is_of_mysql(module: Module, call: Call) -> bool:
    creator = call.argument("creator", 0)
    return creator is not None and module.name_of(creator).partition(".")[0] in {
        "pymysql",
        "MySQLdb",
        "mysql",
        "mariadb",
    }


def tls_of_mysql(module: Module, call: Call) -> Any:
    """What a connection asks for: who nothing says so gets what the server likes, which may be no TLS."""
    if call.name.startswith("flask"):
        return decided_elsewhere("MYSQL_CUSTOM_OPTIONS")
    given = dict(_given(module, call.node))
    if None in given:
        return decided_elsewhere(shown(call.node))
    verifies = _is_on(given.get("ssl_verify_identity")) or _is_on(given.get("tls_verify_identity"))
    authority = given.get("ssl_ca") or given.get("tls_ca")
    ssl = given.get("ssl")
    if _is_on(given.get("ssl_disabled")):
        return "disable"
    if "ssl_mode" in given:
        mode = module.text(given["ssl_mode"])
        return _MODES.get(mode or "", decided_elsewhere(ast.unparse(given["ssl_mode"])))
    if isinstance(ssl, ast.Dict):
        keys = {literal(key) for key in ssl.keys if key is not None}
        authority = authority or (ssl if "ca" in keys else None)
    elif ssl is not None:
        return ssl_of(module, ssl)
    if authority is None:
        return "require" if ssl is not None else "prefer"
    if verifies or call.name.partition(".")[0] in _STRICT:
        return "verify-full"
    is_connector = call.name.startswith("mysql.")
    return "require" if is_connector and not _is_on(given.get("ssl_verify_cert")) else "verify-ca"


def _given(module: Module, node: ast.Call) -> Iterator[tuple[str | None, ast.expr]]:
    """The arguments by name, with those of mappings that the module writes; no name where one is from elsewhere."""
    for keyword in node.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value
            continue
        value = keyword.value
        value = module.names.get(value.id, value) if isinstance(value, ast.Name) else value
        if isinstance(value, ast.Call) and module.name_of(value.func) == "dict" and not value.args:
            yield from _given(module, value)
        elif isinstance(value, ast.Dict) and all(key is not None for key in value.keys):
            yield from ((str(literal(key)), each) for key, each in zip(value.keys, value.values, strict=True) if key)
        else:
            yield None, value


def _is_on(node: ast.expr | None) -> bool:
    return node is not None and literal(node) is True
