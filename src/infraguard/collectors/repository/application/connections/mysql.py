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
#: Drivers that look whose certificate it is where their `ssl` has an authority, and not for `ssl_ca` alone:
#: https://pymysql.readthedocs.io/en/latest/modules/connections.html
_STRICT: Final = frozenset({"pymysql", "aiomysql", "asyncmy"})
#: Drivers whose library looks at the certificate, and not whose it is, wherever it is given an authority.
_OF_LIBRARY: Final = frozenset({"MySQLdb", "mariadb"})
#: Arguments that switch something on or off.
_SWITCHES: Final = ("ssl_disabled", "ssl_verify_identity", "tls_verify_identity", "ssl_verify_cert")
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
    return _driver(module, call) in {"pymysql", "MySQLdb", "mysql", "mariadb"}


def _driver(module: Module, call: Call) -> str:
    """The package that connects: the one that a call is of, or that a pool for any driver is given."""
    creator = call.argument("creator", 0) if "PooledDB" in call.name else None
    return (call.name if creator is None else module.name_of(creator)).partition(".")[0]


def tls_of_mysql(module: Module, call: Call) -> Any:
    """What a connection asks for: who nothing says so gets what the server likes, which may be no TLS."""
    if call.name.startswith("flask"):
        return decided_elsewhere("MYSQL_CUSTOM_OPTIONS")
    given = dict(_given(module, call.node))
    switches = [given[name] for name in _SWITCHES if name in given]
    if None in given or not all(isinstance(each, ast.Constant) for each in switches):
        return decided_elsewhere(shown(call.node))
    if _is_on(given.get("ssl_disabled")):
        return "disable"
    if "ssl_mode" in given:
        mode = module.text(given["ssl_mode"])
        return _MODES.get(mode or "", decided_elsewhere(ast.unparse(given["ssl_mode"])))
    driver, ssl = _driver(module, call), given.get("ssl")
    if isinstance(ssl, ast.Dict) and driver in _STRICT:
        return _of_mapping(ssl)
    if ssl is not None and not isinstance(ssl, ast.Dict):
        return ssl_of(module, ssl)
    keys = {literal(key) for key in ssl.keys if key is not None} if isinstance(ssl, ast.Dict) else set()
    if "ca" not in keys and "ssl_ca" not in given and "tls_ca" not in given:
        return "prefer" if ssl is None else "require"
    if _is_on(given.get("ssl_verify_identity")) or _is_on(given.get("tls_verify_identity")):
        return "verify-full"
    return "verify-ca" if driver in _OF_LIBRARY or _is_on(given.get("ssl_verify_cert")) else "require"


def _of_mapping(ssl: ast.Dict) -> Any:
    """What `ssl` asks for as a mapping: who has an authority, and takes nothing back, has the host looked at."""
    given = {literal(key) if key is not None else None: value for key, value in zip(ssl.keys, ssl.values, strict=True)}
    mode, host = given.get("verify_mode"), given.get("check_hostname")
    if None in given or (host is not None and not isinstance(host, ast.Constant)):
        return decided_elsewhere(shown(ssl))
    if given.keys().isdisjoint({"ca", "capath"}):
        return "require"
    if mode is not None and not (_is_on(mode) or ast.unparse(mode).endswith("CERT_REQUIRED")):
        return "require"
    return "verify-full" if host is None or _is_on(host) else "verify-ca"


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
