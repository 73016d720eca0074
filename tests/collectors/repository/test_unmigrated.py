"""What models declare of columns, against what migrations make of them."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.application.schema.models import read_schema
from infraguard.readers.tree import MemoryTree

_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("bill", sa.Column("id", sa.Integer, primary_key=True), {columns})
    {more}
"""
_MODEL = """
from sqlalchemy import Column, Integer, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, synonym


class Base(DeclarativeBase):
    pass


class Bill(Base):
    __tablename__ = "bill"

    id: Mapped[int] = mapped_column(primary_key=True)
    {column}
"""
_NUMBER = 'sa.Column("number", sa.String, nullable=False)'


def _told(column: str, columns: str = _NUMBER, more: str = "pass", **files: str) -> list[str] | None:
    tree = MemoryTree(
        {
            "models.py": _MODEL.format(column=column),
            "migrations/versions/0001.py": _MIGRATION.format(columns=columns, more=more),
            **{name.replace("__", "/") + ".sql": text for name, text in files.items()},
        }
    )
    (model,) = (each for each in read_schema(tree).resources if each.kind == "sqlalchemy_model")
    told: list[str] | None = model.attributes.get("unmigrated")
    return told


@pytest.mark.parametrize(
    "column",
    [
        "number: Mapped[str]",
        "number = Column(String, nullable=False)",
        'alias: Mapped[str] = mapped_column("number")',
        'alias: Mapped[str] = mapped_column(name="number")',
        "number: Mapped[str | None] = mapped_column(nullable=False)",
        'lines: Mapped[list["Line"]] = relationship(back_populates="bill")',
        'other: Mapped[str] = synonym("number")',
    ],
)
def test_a_model_that_the_migration_makes(column: str) -> None:
    assert _told(column) == []


@pytest.mark.parametrize(
    ("column", "difference"),
    [
        ("total: Mapped[int]", "no migration makes total"),
        ('alias: Mapped[str] = mapped_column("total")', "no migration makes total"),
        ("number: Mapped[str] = mapped_column(index=True)", "no migration makes the index of number"),
        ("number: Mapped[str | None]", "number may be null in the model only"),
        ("number = Column(String)", "number may be null in the model only"),
    ],
)
def test_a_model_that_no_migration_makes(column: str, difference: str) -> None:
    assert _told(column) == [difference]


def test_a_column_that_only_the_migration_lets_be_null() -> None:
    assert _told("number: Mapped[str]", 'sa.Column("number", sa.String)') == ["number may be null in migrations only"]


@pytest.mark.parametrize(
    "more",
    [
        'op.add_column("bill", sa.Column("total", sa.Integer, nullable=False))',
        'op.alter_column("bill", "sum", new_column_name="total")',
        'op.execute("ALTER TABLE bill ADD COLUMN total integer NOT NULL")',
        'for name in ("bill", "offer"):\n        op.add_column(name, sa.Column("total", sa.Integer, nullable=False))',
        'for name in names():\n        op.add_column(name, sa.Column("total", sa.Integer, nullable=False))',
    ],
)
def test_a_later_step_makes_the_column(more: str) -> None:
    assert _told("total: Mapped[int]", more=more) == []


def test_a_script_of_sql_makes_the_column() -> None:
    assert _told("total: Mapped[int]", db__add="ALTER TABLE bill ADD COLUMN total integer;") == []


@pytest.mark.parametrize(
    ("columns", "more"),
    [
        ("*stamps()", "pass"),
        ('sa.Column(NAMES[0], sa.String), sa.Column("number", sa.String)', "pass"),
        (_NUMBER, "op.execute(statement())"),
        (_NUMBER, 'op.execute(f"ALTER TABLE {name()} ADD COLUMN total integer")'),
        (_NUMBER, 'op.rename_table("bill", "invoice")'),
        (_NUMBER, "op.create_hypertable('bill')"),
        (_NUMBER, "Base.metadata.create_all(op.get_bind())"),
        (_NUMBER, "from app.steps import add_totals\n    add_totals(op)"),
        (_NUMBER, "op.add_column('bill', total())"),
    ],
)
def test_what_is_worked_out_leaves_the_columns_open(columns: str, more: str) -> None:
    assert _told("total: Mapped[int]", columns, more) is None


def test_a_default_of_the_database_is_never_null() -> None:
    column = 'sa.Column("number", sa.String, nullable=False, server_default="1")'
    assert _told("number = Column(String)", column) == []


_PAIR = """
from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "lines",
        sa.Column("bill_id", sa.Integer(), {flag}),
        sa.Column("number", sa.Integer(), {flag}),
        {constraint}
    )
    {more}
"""
_LINES = """
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.model import DefaultMeta

db = SQLAlchemy()
{base}


class Lines({name}):
    bill_id = db.Column(db.Integer, primary_key=True)
"""
_BOTH = 'sa.PrimaryKeyConstraint("bill_id", "number", name=op.f("pk_lines")),'


def _key(
    constraint: str = "",
    more: str = "pass",
    flag: str = "nullable=False",
    base: str = "",
    url: str = "postgresql://db/x",
    sql: str = "",
) -> list[str] | None:
    tree = MemoryTree(
        {
            "models.py": _LINES.format(base=base, name=base.partition("=")[0].partition(":")[0].strip() or "db.Model"),
            "migrations/versions/0001.py": _PAIR.format(constraint=constraint, more=more, flag=flag),
            "alembic.ini": f"sqlalchemy.url = {url}\n",
            "db/more.sql": sql,
        }
    )
    (model,) = (each for each in read_schema(tree).resources if each.kind == "sqlalchemy_model")
    told: list[str] | None = model.attributes.get("unmigrated")
    return told


@pytest.mark.parametrize(
    ("constraint", "more", "difference"),
    [
        ("", "pass", "no migration makes the primary key of bill_id"),
        ("", "execute(other())", "no migration makes the primary key of bill_id"),
        (_BOTH, 'op.drop_column("lines", "number")', "a migration drops number and with it the primary key"),
        (
            _BOTH,
            'with op.batch_alter_table("lines") as batch:\n        batch.drop_column("number")',
            "a migration drops number and with it the primary key",
        ),
        (_BOTH, 'op.drop_constraint(op.f("pk_lines"), "lines")', "a migration drops the primary key"),
        (_BOTH, 'op.drop_constraint("other", "lines", type_="primary")', "a migration drops the primary key"),
        (
            'sa.PrimaryKeyConstraint("bill_id"),',
            'op.drop_constraint("lines_pkey", "lines")',
            "a migration drops the primary key",
        ),
    ],
)
def test_a_primary_key_that_migrations_lose_or_never_make(constraint: str, more: str, difference: str) -> None:
    assert difference in (_key(constraint, more) or [])


@pytest.mark.parametrize("base", ["BaseModel: DefaultMeta = db.Model", "BaseModel = db.Model"])
def test_another_name_of_the_base_of_models_names_tables_too(base: str) -> None:
    assert "no migration makes the primary key of bill_id" in (_key(base=base) or [])


@pytest.mark.parametrize(
    ("constraint", "more"),
    [
        (_BOTH, "pass"),
        ("sa.PrimaryKeyConstraint(*KEY),", "pass"),
        ("*key(),", "pass"),
        ("", 'op.create_primary_key("pk_lines", "lines", ["bill_id"])'),
        (_BOTH, 'op.drop_column("lines", "number")\n    op.create_primary_key("pk_lines", "lines", ["bill_id"])'),
        ("", 'op.add_column("lines", sa.Column("id", sa.Integer(), primary_key=True))'),
        ("", 'op.add_column("lines", identifier())'),
        ("", 'op.execute("ALTER TABLE lines ADD PRIMARY KEY (bill_id)")'),
        ("", 'op.execute(f"ALTER TABLE {name()} ADD PRIMARY KEY (bill_id)")'),
        ("", 'sql = f"ALTER TABLE lines ADD PRIMARY KEY (bill_id)"\n    op.execute(sql)'),
        ("", 'op.rename_table("lines", "old")'),
        ("", 'op.drop_table("lines")'),
        (_BOTH, 'op.drop_constraint("uq_lines", "lines", type_="unique")'),
        (_BOTH, 'op.drop_column("lines", "note")'),
        (_BOTH, 'op.alter_column("lines", "number", new_column_name="old")\n    op.drop_column("lines", "number")'),
        ("", 'with op.batch_alter_table("lines", table_args=ARGS) as batch:\n        batch.drop_column("note")'),
        ("", "from app.steps import add_keys\n    add_keys(op)"),
    ],
)
def test_a_primary_key_that_migrations_make_or_may_make(constraint: str, more: str) -> None:
    assert not any("primary key" in each for each in _key(constraint, more) or [])


def test_a_column_that_makes_the_primary_key() -> None:
    assert not any("primary key" in each for each in _key(flag="primary_key=True") or [])


def test_other_databases_keep_what_is_left_of_a_key() -> None:
    told = _key(_BOTH, 'op.drop_column("lines", "number")', url="mysql://db/x")
    assert not any("primary key" in each for each in told or [])


def test_a_script_of_sql_makes_the_primary_key() -> None:
    assert not any("primary key" in each for each in _key(sql="ALTER TABLE lines ADD PRIMARY KEY (bill_id);") or [])


def test_a_table_of_flask_has_all_of_its_columns() -> None:
    text = """
from app import db

lines = db.Table("lines", db.Column("bill_id", db.Integer), db.Column("number", db.Integer))
"""
    tree = MemoryTree({"models.py": text})
    names = [each.attributes["name"] for each in read_schema(tree).resources if each.kind == "sqlalchemy_column"]
    assert names == ["bill_id", "number"]
