"""Booked entries of bank files as columns, with ids of their own."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np

from tieout.domain.line_table import LineTable, coded
from tieout.kernel.dates import day_number
from tieout.services.files.uniting import PlacedEntry


def table_of(placed: Sequence[PlacedEntry], files: Sequence[str]) -> LineTable:
    """The entries as statement lines, identified as ACCOUNT/BOOKING_DATE/N.

    N counts in the order of files inside that account and day, after overlapping files were united. The value date
    stands in where a booking date is absent.
    """
    days = [_day(each) for each in placed]
    entries = [each.entry for each in placed]
    return LineTable(
        id=_ids(placed, days),
        account=coded([each.account for each in placed]),
        currency=coded([each.currency for each in placed]),
        kind=coded([entry.kind for entry in entries]),
        minor_units=np.array([entry.minor_units for entry in entries], dtype=np.int64),
        booking_day=np.array([day_number(day) for day in days], dtype=np.int32),
        value_day=np.array([day_number(entry.value_date) for entry in entries], dtype=np.int32),
        reference=[entry.reference for entry in entries],
        counterparty=[entry.counterparty for entry in entries],
        counterparty_account=[entry.counterparty_account for entry in entries],
        batch=[entry.batch for entry in entries],
        description=[_description(each) for each in placed],
        settles=None,
        base_amount=None,
        rate=[entry.rate for entry in entries],
        files=tuple(files),
        file=np.array([each.file for each in placed], dtype=np.int32),
        line=np.array([entry.line for entry in entries], dtype=np.int32),
        column=np.array([entry.column for entry in entries], dtype=np.int32),
        native_id=[entry.native_id for entry in entries],
        reversal=np.array([entry.reversal or bool(entry.return_reason) for entry in entries], dtype=np.bool_),
        original_amount=[entry.original_amount for entry in entries],
        original_currency=[entry.original_currency for entry in entries],
    )


def _day(each: PlacedEntry) -> date | None:
    return each.entry.booking_date or each.entry.value_date


def _ids(placed: Sequence[PlacedEntry], days: Sequence[date | None]) -> list[str]:
    counted: Counter[tuple[str, date | None]] = Counter()
    ids = []
    for each, day in zip(placed, days, strict=True):
        counted[each.account, day] += 1
        ids.append(f"{each.account}/{day.isoformat() if day else '-'}/{counted[each.account, day]}")
    return ids


def _description(each: PlacedEntry) -> str:
    """The whole text: a batch entry also says what its details say, for the documents they name."""
    details = [f"{detail.reference} {detail.description}".strip() for detail in each.entry.details]
    return " ".join(text for text in (each.entry.description, *details) if text)
