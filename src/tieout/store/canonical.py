"""Rows as audit events say them, and the digests that stand for many rows or for a whole event."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from tieout.store.operational import CONFIDENTIAL

# One row as JSON can say it.
SaidRow: TypeAlias = dict[str, int | str | bool | None]

FIRST_DIGEST = bytes(32)
# No amount, day or id comes near it.
_ABSENT = -(2**63)


def said_row(names: Iterable[str], values: Iterable[Any]) -> SaidRow:
    """A row by column; bytes and what is confidential as their SHA-256."""
    return {name: said_value(name, value) for name, value in zip(names, values, strict=True)}


def said_value(name: str, value: Any) -> int | str | bool | None:
    """One value as an event says it."""
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if name in CONFIDENTIAL and value:
        return hashlib.sha256(str(value).encode()).hexdigest()
    return value  # type: ignore[no-any-return]


def event_digest(previous: bytes, scope: str, sequence: int, at: int, actor: str, action: str, body: str) -> bytes:
    """SHA-256 over the digest before and the content of an event."""
    content = json.dumps([scope, sequence, at, actor, action, body], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + content.encode()).digest()


class ColumnsDigest:
    """One digest for many rows, whatever blocks they come in: SHA-256 over the SHA-256 of every column.

    A number counts as 8 bytes, little end first; a text as its UTF-8 bytes and a NUL.
    """

    def __init__(self, kinds: Mapping[str, type]) -> None:
        self._kinds = tuple(kinds.values())
        self._columns = [hashlib.sha256(name.encode()) for name in kinds]

    def take(self, columns: Sequence[Any], count: int) -> None:
        """Add `count` rows: a sequence or one value for all, per column in the order given at the beginning."""
        for digest, kind, column in zip(self._columns, self._kinds, columns, strict=True):
            digest.update(_texts(column, count) if kind is str else _numbers(column, count))

    def hexdigest(self) -> str:
        """The digest of the rows so far."""
        whole = hashlib.sha256()
        for digest in self._columns:
            whole.update(digest.digest())
        return whole.hexdigest()


def _texts(column: Any, count: int) -> bytes:
    if isinstance(column, str):
        return (column.encode() + b"\0") * count
    values = column.to_list() if hasattr(column, "to_list") else column
    return ("\0".join(values) + "\0").encode() if count else b""


def _numbers(column: Any, count: int) -> bytes:
    if isinstance(column, int) or column is None:
        column = np.full(count, _ABSENT if column is None else column, dtype="<i8")
    elif not isinstance(column, np.ndarray):
        values = column.to_list() if hasattr(column, "to_list") else column
        if None in values:
            values = [_ABSENT if value is None else value for value in values]
        column = np.array(values, dtype="<i8")
    return np.ascontiguousarray(column, dtype="<i8").tobytes()
