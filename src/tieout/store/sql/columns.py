"""How the fields of a noun become the columns of its table: one rule for every table and both engines."""

import types
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

# Texts compare by code point on both engines, so that both sort alike whatever the server's locale is.
TEXT = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

_TYPES: Mapping[type, TypeEngine[Any]] = {
    int: BigInteger(),
    str: TEXT,
    bool: Boolean(),
    bytes: LargeBinary(),
}


def column_types(noun: type[Any]) -> Mapping[str, tuple[type, bool]]:
    """The Python type of every field of a noun and whether it may be absent, in the order of its fields."""
    hints = get_type_hints(noun)
    return {field.name: _plain(hints[field.name]) for field in fields(noun)}


def columns_of(noun: type[Any]) -> list[Column[Any]]:
    """One column per field: days are 32-bit integers, every other number, instant and amount a 64-bit one."""
    return [
        Column(name, Integer() if kind is int and name.endswith("_day") else _TYPES[kind], nullable=absent)
        for name, (kind, absent) in column_types(noun).items()
    ]


def _plain(hint: Any) -> tuple[type, bool]:
    if get_origin(hint) in (Union, types.UnionType):
        (kind,) = [part for part in get_args(hint) if part is not type(None)]
        return kind, True
    return hint, False
