"""What tables are made of: one metadata, and the constraints that several have."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    text,
)

from tieout.store.sql.columns import columns_of

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


def one_of(column: str, *values: str) -> CheckConstraint:
    """A column has one of these values; written out, since for a list SQLite builds a table with every row."""
    return CheckConstraint(" OR ".join(f"{column} = '{value}'" for value in values), name=column)


def a_currency() -> CheckConstraint:
    """The column `currency` is not empty."""
    return CheckConstraint("currency <> ''", name="currency")


def rows_of(table: str, *columns: str) -> ForeignKeyConstraint:
    """Rows of the table named, whose key these columns are."""
    keys = ("entity_id", "id") if len(columns) == 2 else ("id",)
    return ForeignKeyConstraint(columns, [f"{table}.{key}" for key in keys])


def noun_table(name: str, noun: type[Any], key: tuple[str, ...], *others: Any, compact: bool = True) -> Table:
    """The table of a noun, its fields as columns.

    compact: on SQLite the rows lie in the order of their key, without a second tree beside it.
    """
    return Table(name, metadata, *columns_of(noun), PrimaryKeyConstraint(*key), *others, sqlite_with_rowid=not compact)


def partial_index(name: str, columns: Sequence[ColumnElement[Any]], where: str, *, unique: bool = False) -> None:
    """An index of those rows alone that meet a condition."""
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
