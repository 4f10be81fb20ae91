"""Writes the books as canonical CSV: the open items, and the book entries with the balance that each leaves."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence

from examples.making.statements import decimal
from examples.making.story import BookEntry, OpenItem

_OPEN_ITEMS = (
    "id kind currency amount booking_date due_date reference counterparty counterparty_account batch base_amount rate "
    "description"
).split()
_BOOK_ENTRIES = (
    "id account kind currency amount booking_date reference counterparty batch settles description balance"
).split()


def open_items(documents: Sequence[OpenItem]) -> bytes:
    """The open items by day and id."""
    return _table(
        _OPEN_ITEMS,
        [
            (
                each.id,
                each.kind,
                each.currency,
                _signed(each.amount),
                each.day,
                each.due_day,
                each.reference,
                each.party.name,
                each.party.account,
                each.batch,
                "" if each.carrying is None else _signed(each.carrying),
                each.rate,
                each.text,
            )
            for each in sorted(documents, key=lambda each: (each.day, each.id))
        ],
    )


def book_entries(entries: Sequence[BookEntry]) -> bytes:
    """The entries of every account by account, day and voucher, as an account ledger prints them."""
    balances: defaultdict[str, int] = defaultdict(int)
    rows = []
    for each in sorted(entries, key=lambda each: (each.account.number, each.day, each.id)):
        number = each.account.number
        balances[number] = balances.get(number, each.account.opening) + each.amount
        rows.append(
            (
                each.id,
                number,
                each.kind,
                each.account.currency,
                _signed(each.amount),
                each.day,
                each.reference,
                each.party.name,
                each.batch,
                each.settles,
                each.text,
                _signed(balances[number]),
            )
        )
    return _table(_BOOK_ENTRIES, rows)


def _signed(minor_units: int) -> str:
    return f"{'-' if minor_units < 0 else ''}{decimal(minor_units)}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
