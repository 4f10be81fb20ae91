"""Rows as nouns of the domain, and nouns as rows."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from tieout.store.errors import CannotKeep
from tieout.store.sql.columns import column_types

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


_readers: dict[type[Any], Callable[[Sequence[Any]], Any]] = {}
_names: dict[type[Any], tuple[str, ...]] = {}


def reader_of(noun: type[Any]) -> Callable[[Sequence[Any]], Any]:
    """What makes a noun of a row whose columns come in the order of its fields; SQLite says 0 and 1 for no and yes."""
    found = _readers.get(noun)
    if found is None:
        found = _readers[noun] = _new_reader(noun)
    return found


def _new_reader(noun: type[Any]) -> Callable[[Sequence[Any]], Any]:
    names = tuple(field.name for field in fields(noun))
    answers = tuple(number for number, (kind, _) in enumerate(column_types(noun).values()) if kind is bool)
    if not answers:
        return lambda row: noun(**dict(zip(names, row, strict=True)))

    def read(row: Sequence[Any]) -> Any:
        values = list(row)
        for number in answers:
            values[number] = None if values[number] is None else bool(values[number])
        return noun(**dict(zip(names, values, strict=True)))

    return read


def names_of(noun: type[Any]) -> tuple[str, ...]:
    """The columns of a noun, in the order of its fields."""
    found = _names.get(noun)
    if found is None:
        found = _names[noun] = tuple(field.name for field in fields(noun))
    return found


def row_of(noun: object) -> tuple[Any, ...]:
    """The values of a noun in the order of its fields. Raises CannotKeep."""
    values = tuple(getattr(noun, name) for name in names_of(type(noun)))
    for value in values:
        if isinstance(value, str):
            require_text(noun, values, value)
        elif type(value) is int and not INT64_MIN <= value <= INT64_MAX:
            raise CannotKeep(_column(noun, values, value), "the number is beyond 64 bits")
    return values


def require_text(noun: object, values: tuple[Any, ...], value: str) -> None:
    """Pass when both engines keep this text and give it back. Raises CannotKeep."""
    if "\0" in value:
        raise CannotKeep(_column(noun, values, value), "the text has a NUL character in it")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise CannotKeep(_column(noun, values, value), "the text has half a surrogate pair in it") from error


def _column(noun: object, values: tuple[Any, ...], value: object) -> str:
    position = next(number for number, other in enumerate(values) if other is value)
    return f"{type(noun).__name__}.{names_of(type(noun))[position]}"
