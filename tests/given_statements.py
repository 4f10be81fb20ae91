"""Statements in the words of a test: opening, entries, closing, and the day each balance is for."""

from datetime import date

from tieout.contracts.building import StatementBuilder
from tieout.domain.statements import Balance, Statement, StatementEntry, StatementKind

ACCOUNT = "NO9386011117947"


def a_statement(
    opening: str | None = "100.00",
    *entries: str,
    closing: str | None = "100.00",
    opens: str | None = "2026-05-01",
    closes: str | None = "2026-05-31",
    account: str | None = ACCOUNT,
    currency: str | None = "NOK",
    number: str | None = None,
    kind: StatementKind = StatementKind.BOOKED,
    pending: tuple[str, ...] = (),
) -> Statement:
    """One statement; amounts as decimal text, days as YYYY-MM-DD, None where the bank says nothing."""
    builder = StatementBuilder(currency, keep_entries=True)
    builder.account, builder.number, builder.kind = account, number, kind
    builder.opening, builder.closing = _balance(builder, opening, opens), _balance(builder, closing, closes)
    for text, booked in [(text, True) for text in entries] + [(text, False) for text in pending]:
        builder.add(StatementEntry(builder.minor_units(text), booked, None, None, line=1, column=1))
    return builder.finish()


def _balance(builder: StatementBuilder, amount: str | None, on: str | None) -> Balance | None:
    return (
        None if amount is None else Balance(builder.minor_units(amount), None if on is None else date.fromisoformat(on))
    )
