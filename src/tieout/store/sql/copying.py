"""Columns as the text that PostgreSQL's COPY reads, in blocks."""

from collections.abc import Iterator, Sequence
from typing import Any

# Rows of one block: enough that a block costs nothing, little enough that it stays in the processor's cache.
BLOCK_ROWS = 10_000

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_blocks(count: int, columns: Sequence[object]) -> Iterator[bytes]:
    """`count` rows in COPY's text format; each column is a sequence or one value for all rows."""
    constant = [isinstance(column, (str, bytes, int)) or column is None for column in columns]
    marks = [
        _text_of(column).replace("%", "%%") if same else "%s" for column, same in zip(columns, constant, strict=True)
    ]
    line = "\t".join(marks) + "\n"
    varying = [column for column, same in zip(columns, constant, strict=True) if not same]
    for start in range(0, count, BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, count)
        texts = [_texts_of(column, start, stop) for column in varying]
        rows = zip(*texts, strict=True) if texts else iter([()] * (stop - start))
        yield "".join(map(line.__mod__, rows)).encode()


def _texts_of(column: Any, start: int, stop: int) -> Sequence[object]:
    values = column[start:stop]
    if hasattr(values, "tolist"):
        return values.tolist()  # type: ignore[no-any-return]
    if hasattr(values, "to_list"):
        values = values.to_list()
    first = next((value for value in values if value is not None), None)
    if isinstance(first, int) and not isinstance(first, bool) and None not in values:
        return values  # type: ignore[no-any-return]
    if isinstance(first, str) and None not in values:
        together = "".join(values)
        if not any(sign in together for sign in "\\\t\n\r"):
            return values  # type: ignore[no-any-return]
    return [_text_of(value) for value in values]


def _text_of(value: object) -> str:
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case bytes():
            return f"\\\\x{value.hex()}"
        case str():
            return value.translate(_ESCAPES)
    return str(value)
