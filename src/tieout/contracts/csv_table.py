"""The CSV of a result: RFC 4180 with \\n line ends, UTF-8, amounts as decimal text, and no cell that is a formula.

Small tables are written in plain Python, large ones through Polars, with the same bytes.

A spreadsheet runs a cell that begins with =, +, -, @, a tab or a line break as a formula, and bank texts are written by
strangers. Texts of the input that begin so get an apostrophe in front, unless they are a plain number or a line id of
an unnamed account (`-/2026-05-31/1`), which no spreadsheet can run. Texts that look as if they had got one get one too,
so that `unguarded` gives every text back. Source: OWASP, CSV Injection, read 2026-11.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

import numpy as np

from tieout.domain.line_table import Coded, Int32Column, Int64Column, TextColumn
from tieout.domain.results import amount_text
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NO_DAY, day_text

if TYPE_CHECKING:
    import polars

# Patterns that Python and Polars read alike.
_FORMULA = r"^'*[=+\-@\t\r\n＝＋－＠]"
_HARMLESS = r"^[+\-](?:[0-9]+(?:\.[0-9]+)?|/[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]+)$"

_formula, _harmless = re.compile(_FORMULA), re.compile(_HARMLESS[:-1])
_quoted_marks = re.compile(r'[",\r\n]')


class Cells(Protocol):
    """One column of cells; texts of the input come out guarded and quoted."""

    def plain(self) -> list[str]:
        """The cells in plain Python, each as it stands in the file."""
        ...

    def expression(self) -> "polars.Expr":
        """The cells for Polars, which quotes them; null is an empty cell."""
        ...


def write_header(stream: BinaryIO, names: Sequence[str]) -> None:
    """The row of column names; guarded, since an input may name its extra columns as it likes."""
    stream.write((",".join(_quoted(guarded(name)) for name in names) + "\n").encode())


def write_rows(stream: BinaryIO, columns: Sequence[Cells], small: bool) -> None:
    """The rows of a table, one column of cells after another, all of one length.

    small: write in plain Python, so that Polars is not loaded; the bytes are the same.
    """
    if small:
        rows = zip(*(column.plain() for column in columns), strict=True)
        stream.write("".join([",".join(row) + "\n" for row in rows]).encode())
        return
    import polars

    cells = [column.expression().alias(str(place)) for place, column in enumerate(columns)]
    polars.select(cells).write_csv(stream, include_header=False, line_terminator="\n", quote_style="necessary")


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula."""
    return f"'{text}" if _formula.match(text) and not _harmless.fullmatch(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made a cell of."""
    return cell[1:] if cell.startswith("'") and _formula.match(cell[1:]) else cell


class Texts(NamedTuple):
    """Texts of the input."""

    texts: TextColumn

    def plain(self) -> list[str]:
        """As `Cells.plain`."""
        return [_quoted(guarded(text)) for text in self.texts]

    def expression(self) -> "polars.Expr":
        """As `Cells.expression`."""
        import polars

        texts = polars.lit(polars.Series(self.texts, dtype=polars.String))
        dangerous = texts.str.contains(_FORMULA) & ~texts.str.contains(_HARMLESS)
        guard = polars.when(dangerous).then(polars.concat_str(polars.lit("'"), texts)).otherwise(texts)
        return polars.when(texts == "").then(None).otherwise(guard)


def texts_or_empty(column: TextColumn | None, length: int) -> Cells:
    """A text column of the input, or as many empty cells where the input has none."""
    return constant("", length) if column is None else Texts(column)


class Names(NamedTuple):
    """Texts of the input, or words of our own, with few distinct values."""

    coded: Coded

    def plain(self) -> list[str]:
        """As `Cells.plain`."""
        names = [_quoted(guarded(name)) for name in self.coded.names]
        return [names[code] for code in self.coded.codes.tolist()]

    def expression(self) -> "polars.Expr":
        """As `Cells.expression`."""
        import polars

        names = polars.Series([guarded(name) or None for name in self.coded.names], dtype=polars.String)
        return polars.lit(names.gather(self.coded.codes))


def constant(word: str, length: int) -> Names:
    """The same word on every row."""
    return Names(Coded(np.zeros(length, dtype=np.int32), (word,)))


class Amounts(NamedTuple):
    """Signed minor units with the currency of each row."""

    minor_units: Int64Column
    currency: Coded

    def plain(self) -> list[str]:
        """As `Cells.plain`."""
        names = self.currency.names
        pairs = zip(self.minor_units.tolist(), self.currency.codes.tolist(), strict=True)
        return [amount_text(minor_units, names[code]) for minor_units, code in pairs]

    def expression(self) -> "polars.Expr":
        """As `Cells.expression`; made of the digits of the whole number, so that nothing is ever rounded."""
        import polars

        exponents = np.array([EXPONENTS.get(name, 2) for name in self.currency.names], dtype=np.int8)
        digits = polars.lit(polars.Series(self.minor_units)).cast(polars.String)
        exponent = polars.lit(polars.Series(exponents[self.currency.codes]))
        texts = digits
        for decimals in sorted(set(exponents.tolist()) - {0}):
            texts = polars.when(exponent == decimals).then(_with_point(digits, decimals)).otherwise(texts)
        return texts


class Days(NamedTuple):
    """Days since 1970-01-01; NO_DAY is empty."""

    numbers: Int32Column

    def plain(self) -> list[str]:
        """As `Cells.plain`."""
        return [day_text(number) for number in self.numbers.tolist()]

    def expression(self) -> "polars.Expr":
        """As `Cells.expression`."""
        import polars

        numbers = polars.lit(polars.Series(self.numbers))
        return polars.when(numbers != NO_DAY).then(numbers).otherwise(None).cast(polars.Date)


class Numbers(NamedTuple):
    """Whole numbers."""

    numbers: Int32Column | Int64Column

    def plain(self) -> list[str]:
        """As `Cells.plain`."""
        return [str(number) for number in self.numbers.tolist()]

    def expression(self) -> "polars.Expr":
        """As `Cells.expression`."""
        import polars

        return polars.lit(polars.Series(self.numbers))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _quoted_marks.search(cell) else cell


def _with_point(digits: "polars.Expr", decimals: int) -> "polars.Expr":
    import polars

    sign = polars.when(digits.str.starts_with("-")).then(polars.lit("-")).otherwise(polars.lit(""))
    padded = digits.str.strip_prefix("-").str.zfill(decimals + 1)
    return polars.concat_str(sign, padded.str.head(-decimals), polars.lit("."), padded.str.tail(decimals))
