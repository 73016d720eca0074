"""Scripts of SQL that make a whole schema: `schema_script` and the columns of its tables, `sql_column`.

An application that makes its tables by statements of its own is such a script, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.application.schema.columns import is_money
from infraguard.collectors.repository.migrations.sql_tables import parts_of_table
from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.nature.stores import databases
from infraguard.collectors.repository.python.modules import resource
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

KINDS: Final = ("schema_script", "sql_column")
_TABLE: Final = pattern(r"(?i)\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[\"`]?(?:\w+[\"`]?\.[\"`]?)?(\w+)[\"`]?\s*\(")
#: A statement that begins in Python where a text does; one for a while, or of an answer, makes no schema.
_IN_PYTHON: Final = pattern(
    r"(?i)[\"']\s*CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\s+(?:[\"`]?(?:\w+[\"`]?\.[\"`]?)?(?P<name>\w+)[\"`]?|\{[^}\n]+\})\s*\("
)
#: What a module keeps in a file of its own, beside the database of a server; and what makes it one of a server, too.
_IN_A_FILE: Final = pattern(r"(?m)^[ \t]*(?:import|from)[ \t]+(?:sqlite3|aiosqlite|duckdb)\b")
_ON_A_SERVER: Final = pattern(r"(?i)psycopg|asyncpg|mysql|mariadb|postgres|sqlalchemy")
#: Databases of a server, whose schema outlives the program that asks.
_SERVERS: Final = frozenset({"postgresql", "mysql", "mssql", "oracle"})
#: Tools keep their migrations so; those are changes of a schema, and not the whole of it.
_MIGRATIONS: Final = pattern(
    r"(?i)(?:\A|/)(?:migrations?|versions|alembic|flyway|changelogs?|db/migrate)/|(?:\A|/)[VU]?\d+_"
)
#: What a new database runs one after the other, and never again: numbered, and no migrations.
_FIRST: Final = pattern(r"(?i)(?:\A|/)(?:docker-entrypoint-)?init(?:db)?(?:\.d|[-_]?(?:scripts?|sql))?/[^/]+\Z")
#: A folder in which tools keep migrations.
_OF_TOOLS: Final = pattern(r"(?i)(?:\A|/)(?:migrations?|versions|alembic|flyway|changelogs?|db/migrate)/")
#: The parts that a schema is written in, one after the other: named for what they hold, and not for what they change.
_PART: Final = pattern(
    r"(?i)(?:.*/)?\d+[-_](?:create[-_])?(?:extensions?|roles?|grants?|schemas?|types|enums|tables|constraints|views|index(?:es)?"
    r"|functions|triggers|(?:\w+_)?(?:seeds?|data))\.sql"
)
_PARTS: Final = 2
#: The folder of a repository that Compose lays where a new database looks for what to run.
_MOUNTED: Final = pattern(r"(?:^|[\s\"'])\./([\w./-]+?)/?:/docker-entrypoint-initdb\.d/?(?:[:\"'\s]|\Z)")
_COMPOSE: Final = pattern(r"(?:.*/)?(?:docker-)?compose[\w.-]*\.ya?ml\Z")
#: What a tool of migrations runs in order, though a new database runs it, too.
_VERSIONED: Final = pattern(r"(?i)(?:\A|/)[VU]?\d+[^/]*\Z|\.(?:up|down)\.sql\Z")
_COMMENT: Final = pattern(r"--[^\n]*|(?s:/\*.*?\*/)")
#: What begins a line of a table that is no column.
_NO_COLUMN: Final = frozenset(
    {"constraint", "primary", "foreign", "unique", "check", "exclude", "like", "key", "index"}
)
_KINDS: Final = (
    ("numeric", pattern(r"(?i)numeric|decimal|dec\b|money")),
    ("float", pattern(r"(?i)real|float|double")),
    ("integer", pattern(r"(?i)(?:big|small|medium|tiny)?(?:int|serial)")),
)


def scripts(tree: Tree) -> Iterator[Resource]:
    """Every script outside of migrations and tests that makes tables, and what they have for columns."""
    first = _run_first(tree)
    for path in tree.paths:
        if not path.endswith(".sql") or is_aside(path) or (_is_migration(tree, path) and path not in first):
            continue
        text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text_or_empty(tree, path))
        found = list(_TABLE.finditer(text))
        if found:
            yield resource("schema_script", path, 1, "", {"tables": [match[1].lower() for match in found]})
        for match in found:
            yield from _columns(path, match[1].lower(), text, match.end())
    yield from _in_python(tree)


def _run_first(tree: Tree) -> frozenset[str]:
    """Scripts without a version in a folder that a new database of Compose runs, whatever the folder is called."""
    folders: set[str] = set()
    for path in tree.paths:
        if _COMPOSE.match(path):
            above = path.rpartition("/")[0]
            folders |= {f"{above}/{found}".lstrip("/") for found in _MOUNTED.findall(text_or_empty(tree, path))}
    return frozenset(p for p in tree.paths if p.rpartition("/")[0] in folders and not _VERSIONED.search(p))


def _in_python(tree: Tree) -> Iterator[Resource]:
    """Modules that make tables by themselves, in a database of a server."""
    for path in tree.paths if _SERVERS.intersection(databases(tree)) else ():
        if not is_application(path) or _is_migration(tree, path):
            continue
        text = text_or_empty(tree, path)
        found = list(_IN_PYTHON.finditer(text))
        if found and (_ON_A_SERVER.search(text) or not _IN_A_FILE.search(text)):
            line = text.count("\n", 0, found[0].start()) + 1
            tables = [match["name"].lower() for match in found if match["name"]]
            yield resource("schema_script", path, line, "", {"tables": tables})


def _is_migration(tree: Tree, path: str) -> bool:
    return bool(_MIGRATIONS.search(path)) and not (_FIRST.search(path) or _is_part(tree, path))


def _is_part(tree: Tree, path: str) -> bool:
    """Whether it is a part of a schema that is written in several: every script beside it is one, too."""
    if not _PART.fullmatch(path) or _OF_TOOLS.search(path):
        return False
    folder = path.rpartition("/")[0]
    beside = [each for each in tree.paths if each.endswith(".sql") and each.rpartition("/")[0] == folder]
    return len(beside) >= _PARTS and all(_PART.fullmatch(each) for each in beside)


def _columns(path: str, table: str, text: str, start: int) -> Iterator[Resource]:
    for begin, part in parts_of_table(text, start):
        words = part.split()
        name = words[0].strip('"`').lower() if words else ""
        if len(words) < 2 or name in _NO_COLUMN or not name.isidentifier():
            continue
        kind = next((kind for kind, names in _KINDS if names.match(words[1])), "other")
        attributes = {"table": table, "name": name, "type": kind, "is_money": is_money(name, table, kind)}
        yield resource("sql_column", path, text.count("\n", 0, begin) + 1, f"{table}.{name}", attributes)
