"""What a repository stores data in, and what its data is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.nature.caches import caches_in_redis
from infraguard.collectors.repository.nature.dependencies import dependencies
from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.remembering import once
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, bytes_or_empty

#: Packages that speak to a database, and nothing else.
_DRIVERS: Final = {
    "postgresql": ("psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000", "aiopg", "psycopg-binary"),
    "mysql": ("pymysql", "mysqlclient", "aiomysql", "mysql-connector-python", "asyncmy"),
    "mongodb": ("pymongo", "motor", "beanie", "mongoengine"),
    "oracle": ("oracledb", "cx-oracle"),
    "mssql": ("pyodbc", "pymssql"),
}
_TEXTS: Final = pattern(r"(?:.*/)?(?:(?:docker-)?compose[\w.-]*\.ya?ml|[^/]+\.tf|\.env[\w.-]*|alembic\.ini)\Z")
#: How a database shows in compose, Terraform, settings and URLs.
_MARKS: Final = {
    "postgresql": pattern(
        rb"image:\s*[\"']?(?:[\w./-]*/)?(?:postgres|postgis|pgvector|timescaledb)[\w/-]*(?::|\s|\Z)|"
        rb"\bpostgres(?:ql)?(?:\+\w+)?://|engine\s*=\s*\"(?:aurora-)?postgres|django\.db\.backends\.postgresql|"
        rb"django\.contrib\.gis\.db\.backends\.postgis"
    ),
    "mysql": pattern(
        rb"image:\s*[\"']?(?:[\w./-]*/)?(?:mysql|mariadb)[\w/-]*(?::|\s|\Z)|\b(?:mysql|mariadb)(?:\+\w+)?://|"
        rb"engine\s*=\s*\"(?:aurora-)?(?:mysql|mariadb)|django\.db\.backends\.mysql"
    ),
    "mongodb": pattern(rb"image:\s*[\"']?(?:[\w./-]*/)?mongo(?::|\s|\Z)|\bmongodb(?:\+srv)?://"),
    "sqlite": pattern(rb"\bsqlite(?:\+\w+)?:///(?!:memory:)|django\.db\.backends\.sqlite3"),
    "mssql": pattern(rb"\bmssql(?:\+\w+)?://"),
    "oracle": pattern(rb"\boracle(?:\+\w+)?://|django\.db\.backends\.oracle"),
}
#: Text of which a file has some that names the database in any of these ways.
_HINTS: Final = {
    "postgresql": (b"postg", b"pgvector", b"timescaledb"),
    "mysql": (b"mysql", b"mariadb"),
    "mongodb": (b"mongo",),
    "sqlite": (b"sqlite",),
    "mssql": (b"mssql",),
    "oracle": (b"oracle",),
}
_ORM: Final = pattern(rb"(?m)^[ \t]*(?:from|import)\s+(?:sqlalchemy|sqlmodel|flask_sqlalchemy|advanced_alchemy)\b")
_REDIS: Final = pattern(
    rb"(?m)^[ \t]*(?:from|import)\s+(?:redis|aioredis|coredis|valkey)\b|image:\s*[\"']?(?:redis|valkey)"
)
_MEMCACHED: Final = pattern(
    rb"(?m)^[ \t]*(?:from|import)\s+(?:pymemcache|pylibmc|memcache|aiomcache|bmemcached)\b"
    rb"|image:\s*[\"']?(?:[\w./-]*/)?memcached\b|cache\.backends\.memcached"
)
#: What a class, a table or a module of a domain is called. A name counts only as a whole word of it.
_DOMAINS: Final = {
    "invoices": rb"[Ii]nvoices?",
    "payments": rb"[Pp]ayments?",
    "transactions": (
        rb"(?:[Pp]ayments?|[Ii]nvoices?|[Rr]efunds?|[Pp]ayouts?|[Ll]edgers?|"
        rb"(?:[Ff]inancial|[Bb]ank|[Bb]alance|[Mm]oney)_?[Tt]ransactions?)"
    ),
    "reconciliation": rb"[Rr]econcil(?:iation|e|er|ed|ing|iations)",
    "audit": (
        rb"[Aa]udit(?:_?(?:[Ll]ogs?|[Ee]vents?|[Tt]rails?|[Ee]ntry|[Ee]ntries|[Rr]ecords?|[Cc]hain(?:_?[Ee]vents?)?))"
        rb"|[Aa]uditable"
    ),
    "reports": rb"[Rr]eports?",
    "timesheets": rb"[Tt]ime_?[Ss]heets?",
}
#: What a ledger is of that counts what a language model is given and answers; reports of programs, and of what people
#: should not have written.
_COUNTED: Final = pattern(rb"(?i)(?<![a-z])(?:\w*_)?(?:tokens?|usage|quotas?)_?ledgers?")
_TOKENS: Final = pattern(rb"(?i)\b(?:input|output|prompt|completion|reasoning)_tokens\b")
_ON_PROGRAMS: Final = pattern(
    rb"(?i)(?<![a-z])(?:\w*_)?(?:\w*?(?:code|build|deploy)_?)?"
    rb"(?:qa|lint|tests?|coverage|crash|bug|scan|health_?checks?|diagnostics?"
    rb"|stack_?trace|abuse|spam|violation)_?reports?"
)
#: Classes and tables of a file, which are matched by their names alone.
_DECLARED: Final = pattern(rb"^[ \t]*class[ ]+(\w+)|__tablename__[^=\n]*=[ ]*[\"'](\w+)[\"']", re.MULTILINE)
_NAMED: Final = {
    domain: pattern(
        rb"(?:[A-Za-z]*[a-z])??(?:%(words)s)(?![a-z])(?!\w*(?:Error|Exception|Required|Warning))" % {b"words": words}
    )
    for domain, words in _DOMAINS.items()
}
_TABLES: Final = {
    domain: pattern(rb"(?:\w*_)?(?:%(words)s)\Z" % {b"words": words}) for domain, words in _DOMAINS.items()
}
_ANY_NAME: Final = pattern(rb"nvoice|ayment|efund|ayout|edger|ransaction|econcil|udit|eport|ime_?[Ss]heet")
_FILES: Final = {
    domain: pattern(rb"(?:.*/)?(?:\w+_)?(?:" + words + rb")(?:/(?!.*/)\w+)?\.py\Z")
    for domain, words in _DOMAINS.items()
}


def databases(tree: Tree) -> tuple[str, ...]:
    """The databases that the repository runs on, by its drivers, its compose files, its settings and its Terraform."""
    return once(tree, "databases", lambda: tuple(sorted(_databases(tree))))


def _databases(tree: Tree) -> set[str]:
    asked = dependencies(tree)
    found = {name for name, drivers in _DRIVERS.items() if asked.intersection(drivers)}
    for path in tree.paths:
        if (_TEXTS.match(path) and not is_aside(path)) or is_application(path):
            content = bytes_or_empty(tree, path)
            for name in _MARKS.keys() - found:
                if any(hint in content for hint in _HINTS[name]) and _MARKS[name].search(content):
                    found.add(name)
    return found


def uses(tree: Tree) -> dict[str, bool]:
    """`uses_` of SQLAlchemy, Redis and Memcached, by what is imported and started, and whether Redis is a cache."""
    contents = [bytes_or_empty(tree, path) for path in tree.paths if is_application(path)]
    compose = [bytes_or_empty(tree, path) for path in tree.paths if _TEXTS.match(path) and not is_aside(path)]
    return {
        "uses_sqlalchemy": any(_ORM.search(content) for content in contents),
        "uses_redis": any(
            (b"redis" in content or b"valkey" in content) and _REDIS.search(content)
            for content in (*contents, *compose)
        ),
        "caches_in_redis": caches_in_redis(tree),
        "uses_memcached": any(
            (b"mcache" in content or b"pylibmc" in content) and _MEMCACHED.search(content)
            for content in (*contents, *compose)
        ),
    }


def domains(tree: Tree) -> list[str]:
    """What the application's classes, tables and modules are about, of what gates speak of."""
    found: set[str] = set()
    for path in tree.paths:
        if not is_application(path):
            continue
        content = bytes_or_empty(tree, path)
        name = path.rpartition("/")[2].encode()
        if not _is_of_programs(name, content):
            found.update(domain for domain, name in _FILES.items() if name.match(path.encode()))
        if _ANY_NAME.search(content):
            found.update(_declared(content))
    return [domain for domain in _DOMAINS if domain in found]


def _declared(content: bytes) -> Iterator[str]:
    """The domains that classes and tables of a file are about."""
    for match in _DECLARED.finditer(content):
        name, patterns = (match[1], _NAMED) if match[1] else (match[2], _TABLES)
        if _is_of_programs(name, content):
            continue
        yield from (domain for domain, pattern in patterns.items() if pattern.match(name))


def _is_of_programs(name: bytes, content: bytes) -> bool:
    """Whether what is called so speaks of programs, and not of business: a ledger of tokens, a report of crashes."""
    return bool(_ON_PROGRAMS.match(name) or (_COUNTED.match(name) and _TOKENS.search(content)))
