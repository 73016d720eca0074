"""Whether code in other languages than Python speaks to a database, by what its manifests ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.nature.places import is_aside
from infraguard.collectors.repository.remembering import once
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: Drivers, mappers and tools of migrations, by the file that lists what a project asks for.
_ASKED: Final = {
    pattern(r"(?:.*/)?package\.json\Z"): pattern(
        r"\"(?:pg(?:-[\w-]+)?|postgres|mysql2?|mariadb|sqlite3|better-sqlite3|mssql|tedious|oracledb|sequelize[\w-]*|typeorm"
        r"|knex|(?:@prisma/)?(?:client|prisma)|drizzle-orm|objection|kysely|slonik|bookshelf|massive|waterline|db-migrate"
        r"|@mikro-orm/[\w-]+|@databases/[\w-]+|@neondatabase/[\w-]+|@vercel/postgres|@supabase/[\w-]+|@nestjs/typeorm)\"\s*:"
    ),
    pattern(r"(?:.*/)?(?:Gemfile|[\w-]+\.gemspec)\Z"): pattern(
        r"(?m)^[^#\n]*[\"'](?:pg|mysql2?|sqlite3|activerecord[\w-]*|rails|sequel|rom-sql|tiny_tds)[\"']"
    ),
    pattern(r"(?:.*/)?(?:pom\.xml|[\w.-]*\.gradle(?:\.kts)?|libs\.versions\.toml|build\.sbt)\Z"): pattern(
        r"(?i)postgres|mysql|mariadb|jdbc|hibernate|jpa|jooq|mybatis|flyway|liquibase|r2dbc|sqlite|slick|ojdbc"
    ),
    pattern(r"(?:.*/)?go\.mod\Z"): pattern(
        r"lib/pq|jackc/pg|gorm|sql-driver|sqlx|entgo\.io|uptrace/bun|sqlite|goose|pgx"
    ),
    pattern(r"(?:.*/)?composer\.json\Z"): pattern(
        r"doctrine|laravel/framework|illuminate/database|ext-pdo|propel|cake"
    ),
    pattern(r"(?:.*/)?[\w.-]+\.(?:cs|fs|vb)proj\Z"): pattern(r"EntityFramework|Npgsql|SqlClient|Dapper|MySql|Sqlite"),
    pattern(r"(?:.*/)?Cargo\.toml\Z"): pattern(
        r"(?m)^[ \t]*(?:sqlx|diesel|tokio-postgres|sea-orm|rusqlite|postgres)\b"
    ),
    pattern(r"(?:.*/)?mix\.exs\Z"): pattern(r":(?:ecto|postgrex|myxql)"),
}


#: Drivers of databases that keep documents, in any of those files.
_OF_DOCUMENTS: Final = pattern(r"(?i)mongo")


def speaks_sql(tree: Tree) -> bool:
    """Whether what the manifests ask for speaks to a database of SQL: a driver, a mapper, a tool of migrations."""
    return once(tree, "speaks SQL", lambda: any(words.search(text) for text, words in _manifests(tree)))


def speaks_to_documents(tree: Tree) -> bool:
    """Whether what the manifests ask for speaks to a database that keeps documents."""
    return any(_OF_DOCUMENTS.search(text) for text, _ in _manifests(tree))


def _manifests(tree: Tree) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The text of each manifest, with what its drivers are called."""
    for path in tree.paths:
        if not is_aside(path):
            for manifest, words in _ASKED.items():
                if manifest.match(path):
                    yield text_or_empty(tree, path), words
