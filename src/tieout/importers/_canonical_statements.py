"""Lines as statements: one per account and currency, proved by nothing, since the format has no balances."""

from collections.abc import Iterator

import numpy as np

from tieout.domain.line_table import Int64Column, LineTable, coded, texts_at
from tieout.domain.statements import Statement, StatementEntry, StatementKind, Tally
from tieout.kernel.currencies import exponent_of
from tieout.kernel.dates import day_of_number
from tieout.proofs.roll_forward import roll_forward


def statements_of(table: LineTable, keep_entries: bool) -> list[Statement]:
    """One booked statement per account and currency, in order of first appearance; its entries in order of the file.

    The account is written without blanks, as in every answer of a check; lines without one are of account None.
    """
    statements = []
    for rows in _rows_of_groups(table):
        tally = _tally(table.minor_units[rows])
        currency = table.currency.at(rows[0])
        statements.append(
            Statement(
                account=_account_name(table.account.at(rows[0])) or None,
                currency=currency,
                exponent=exponent_of(currency),
                number=None,
                kind=StatementKind.BOOKED,
                proof=roll_forward(None, tally.sum, None),
                tally=tally,
                entries=_entries(table, rows) if keep_entries else [],
            )
        )
    return statements


def _rows_of_groups(table: LineTable) -> Iterator[Int64Column]:
    """The rows of each account and currency, ascending."""
    if not len(table):
        return
    accounts = coded([_account_name(name) for name in table.account.names]).codes.astype(np.int64)
    groups = accounts[table.account.codes] * len(table.currency.names) + table.currency.codes
    in_groups = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[in_groups])) + 1
    yield from sorted(np.split(in_groups, starts), key=lambda rows: int(rows[0]))


def _account_name(account: str) -> str:
    return "".join(account.split())


def _tally(amounts: Int64Column) -> Tally:
    """Counts and sums; Python adds, since a sum of 64-bit amounts may need more than 64 bits."""
    return Tally(len(amounts), sum(amounts[amounts >= 0].tolist()), sum(amounts[amounts < 0].tolist()))


def _entries(table: LineTable, rows: Int64Column) -> list[StatementEntry]:
    """The entries; the id of a line is its native id."""
    identifiers, references, counterparties, counterparty_accounts, descriptions, batches, rates = (
        texts_at(column, rows)
        for column in (
            table.id,
            table.reference,
            table.counterparty,
            table.counterparty_account,
            table.description,
            table.batch,
            table.rate,
        )
    )
    return [
        StatementEntry(
            minor_units=int(table.minor_units[row]),
            booked=True,
            booking_date=day_of_number(int(table.booking_day[row])),
            value_date=day_of_number(int(table.value_day[row])),
            line=int(table.line[row]),
            column=int(table.column[row]),
            reference=references[place],
            counterparty=counterparties[place],
            counterparty_account=counterparty_accounts[place],
            description=descriptions[place],
            native_id=identifiers[place],
            batch=batches[place],
            rate=rates[place],
        )
        for place, row in enumerate(rows)
    ]
