"""Rows as nouns of the domain, and nouns as rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from tieout.store.errors import CannotKeep
from tieout.store.sql.columns import column_types

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
# Texts looked through at once: their copy stays in the processor's cache.
_JOINED_ROWS = 10_000

_readers: dict[type[Any], Callable[[Sequence[Any]], Any]] = {}
_names: dict[type[Any], tuple[str, ...]] = {}
_texts: dict[type[Any], frozenset[str]] = {}


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
    if why := _why_not_kept(value):
        raise CannotKeep(_column(noun, values, value), why)


def require_texts(noun: type[Any], columns: Mapping[str, Any]) -> None:
    """`require_text` for rows that come as columns, each a sequence or one value for all. Raises CannotKeep."""
    for name in sorted(_texts_of(noun) & columns.keys()):
        for together in _joined(columns[name]):
            if why := _why_not_kept(together):
                raise CannotKeep(f"{noun.__name__}.{name}", why)


def _joined(column: Any) -> Iterator[str]:
    """The texts of a column, some thousands as one: what no engine keeps is found in them at once."""
    if column is None or isinstance(column, str):
        yield column or ""
        return
    for start in range(0, len(column), _JOINED_ROWS):
        yield "".join(filter(None, column[start : start + _JOINED_ROWS]))


def _texts_of(noun: type[Any]) -> frozenset[str]:
    found = _texts.get(noun)
    if found is None:
        found = _texts[noun] = frozenset(name for name, (kind, _) in column_types(noun).items() if kind is str)
    return found


def _why_not_kept(text: str) -> str:
    """Why an engine does not keep a text as it is; empty where both do. SQLite alone would keep a NUL."""
    if "\0" in text:
        return "the text has a NUL character in it"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "the text has half a surrogate pair in it"
    return ""


def _column(noun: object, values: tuple[Any, ...], value: object) -> str:
    position = next(number for number, other in enumerate(values) if other is value)
    return f"{type(noun).__name__}.{names_of(type(noun))[position]}"
