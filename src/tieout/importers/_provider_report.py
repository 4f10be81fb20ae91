"""Reads a report of a payment provider by its profile: payouts with their proof, or movements between two balances."""

from collections.abc import Iterator

from tieout.contracts.reading import Head, Reading, Source, bytes_of
from tieout.importers._provider_amounts import decimal_mark
from tieout.importers._provider_batches import read_batches
from tieout.importers._provider_entries import EntryReader
from tieout.importers._provider_profile import Profile
from tieout.importers._provider_reading import ReportRows
from tieout.importers._provider_statements import read_statements
from tieout.importers._provider_table import Table, header_in
from tieout.kernel.decoding import decode


def recognised(head: Head, profile: Profile) -> str | None:
    """The profile's format where the first row of the file names the columns that it needs."""
    return profile.format if header_in(head.text, profile) else None


def read_report(source: Source, keep_entries: bool, profile: Profile, option: str | None) -> Reading:
    """Everything that a report says; a row that cannot be read is quarantined.

    option: one of the profile's currencies, for a report that names none.
    Raises Refused: not_well_formed for a file without the profile's columns, no_statement for one without rows.
    """
    text, encoding = decode(bytes_of(source))
    reading = Reading(profile.format, profile=option, encoding=encoding)
    header = header_in(text, profile)
    if header is None:
        raise Table.refusal_of(source.name, "needs_profile", f"the columns are not those of {profile.channel}")
    table = Table(source.name, text, header, reading)
    currency = _stated_currency(profile, table) or profile.currencies.get(option or "")
    if not profile.in_batches and currency is None:
        table.warn_of_report("no_currency", f"the report of {profile.channel} does not name its currency")
    mark = decimal_mark(_amounts(profile, table))
    entry_reader = EntryReader(profile, table, mark, None if profile.in_batches else currency)
    report = ReportRows(profile, table, mark, keep_entries, entry_reader)
    if profile.in_batches:
        reading.batches += read_batches(report)
    else:
        reading.statements += read_statements(report, currency)
    table.finish()
    if not (reading.batches or reading.statements or reading.quarantined):
        raise Table.refusal_of(source.name, "no_statement", "the report has no row that moves or states a balance")
    return reading


def _stated_currency(profile: Profile, table: Table) -> str | None:
    """The first currency that a row names."""
    if not any(table.header.has(name) for name in profile.columns.currency):
        return None
    stated = (row.first(profile.columns.currency) for row in table.readable_rows())
    return next((text for text in stated if text), None)


def _amounts(profile: Profile, table: Table) -> Iterator[str]:
    columns = profile.columns
    named = (columns.credit, columns.debit, columns.gross, columns.gross_credit, columns.gross_debit, columns.balance)
    present = [name for name in (*named, *(part.column for part in profile.parts)) if table.header.has(name)]
    return (row.cell(name) for row in table.readable_rows() for name in present)
