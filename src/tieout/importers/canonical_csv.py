"""The canonical CSV: our own format for lines of the books and of the outside, and the strictest that we read.

Column names, grammars and kinds are promised by the documentation of the public interface. Up to SMALL_LINES_MAX lines
are read in plain Python, more through Polars, with the same answer; where a file has a fault, or Polars cannot prove
that it has none, plain Python reads it and says where.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import fields, replace

from tieout.contracts.csv_text import canonical_text
from tieout.contracts.reading import Head, Reading, Source, bytes_of
from tieout.domain.kinds import LEDGER_KINDS, STATEMENT_KINDS, Side, kinds_of
from tieout.domain.line_table import SMALL_LINES_MAX, LineTable
from tieout.importers import _canonical_python
from tieout.importers._canonical_header import is_canonical, resembles_canonical
from tieout.importers._canonical_rows import Rows
from tieout.importers._canonical_statements import statements_of
from tieout.kernel.errors import Finding, Refused

FORMATS = ("canonical_csv",)
PROFILES: tuple[str, ...] = ()

# More than that nobody corrects before trying again.
FINDINGS_SHOWN_MAX = 20

# Enough to see how long the lines of a file are.
_SAMPLE_SIZE = 1 << 20


def recognise(head: Head) -> str | None:
    """`canonical_csv` where the first row names every required column, even with another separator than the comma."""
    return "canonical_csv" if is_canonical(head.text) else None


def resembles(head: Head) -> bool:
    """Whether the first row names half of the required columns, so that the file is meant to be canonical."""
    return resembles_canonical(head.text)


def read(source: Source, keep_entries: bool, profile: str | None) -> Reading:  # noqa: ARG001, there are no profiles
    """One statement per account and currency, in order of first appearance, without the bad rows.

    Each bad row is quarantined with its first fault. Raises Refused for a file without bytes, in another encoding or
    with a faulty header.
    """
    rows = _rows(source, (*LEDGER_KINDS, *STATEMENT_KINDS))
    return Reading(
        "canonical_csv",
        encoding="utf-8",
        statements=statements_of(rows.table, keep_entries),
        warnings=list(rows.header.warnings),
        quarantined=[_of_row(findings) for findings in rows.bad],
    )


def read_lines(source: Source, side: Side, warn: Callable[[Finding], None] = lambda _: None) -> LineTable:
    """Every line of the file, in its order.

    side: decides which kinds a line may have. warn: takes what is noticed about the header of a good file.
    Raises Refused with the first 20 findings and the count of all of them when there is any bad cell, since a
    reconciliation of half a file proves nothing.
    """
    rows = _rows(source, kinds_of(side))
    findings = [finding for row in rows.bad for finding in row]
    if findings:
        raise Refused(findings[:FINDINGS_SHOWN_MAX], len(findings))
    for warning in rows.header.warnings:
        warn(warning)
    return rows.table


def _rows(source: Source, kinds: Collection[str]) -> Rows:
    if _has_many_lines(source):
        from tieout.importers import _canonical_polars

        rows = _canonical_polars.read_rows(source, kinds)
        if rows is not None:
            return rows
    rows = _canonical_python.read_rows(canonical_text(bytes_of(source), source.name), source.name, kinds)
    return rows if len(rows.table) <= SMALL_LINES_MAX else replace(rows, table=_with_polars_texts(rows.table))


def _has_many_lines(source: Source) -> bool:
    """Whether the file has more than SMALL_LINES_MAX lines; beyond its first MiB, as its lines so far let expect."""
    with source.open() as stream:
        sample = stream.read(_SAMPLE_SIZE)
    lines = sample.count(b"\n") - sample.endswith(b"\n")  # without the header
    return lines * source.size > SMALL_LINES_MAX * len(sample)


def _with_polars_texts(table: LineTable) -> LineTable:
    """The table with Polars columns instead of lists, as every large table has them."""
    import polars

    lists = {field.name: getattr(table, field.name) for field in fields(table)}
    columns = {name: polars.Series(name, texts) for name, texts in lists.items() if isinstance(texts, list)}
    extra = {name: polars.Series(name, texts) for name, texts in (table.extra or {}).items()}
    return replace(table, extra=extra or None, **columns)  # type: ignore[arg-type]


def _of_row(findings: Sequence[Finding]) -> Finding:
    """The first finding of a row, which also says how many more there are."""
    first, *others = findings
    return replace(first, what=f"{first.what} (and {len(others)} more in this row)") if others else first
