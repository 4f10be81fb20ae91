"""From one STMTRS, CCSTMTRS or INVSTMTRS to one statement."""

from tieout.contracts.building import StatementBuilder
from tieout.domain.statements import Balance, BalanceProof, Statement
from tieout.importers._ofx_amounts import decimal_marks, plain_amount
from tieout.importers._ofx_corrections import without_corrected
from tieout.importers._ofx_entries import UNREADABLE, EntryReader
from tieout.importers._ofx_markup import ENTRY, PENDING_ENTRY, Aggregate
from tieout.importers._ofx_notes import Notes
from tieout.importers._ofx_texts import day_of

_ENTRIES = (ENTRY, PENDING_ENTRY)
_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM")


def read_statement(aggregate: Aggregate, notes: Notes, keep_entries: bool) -> Statement:
    """The statement of one account; what cannot be read is noted."""
    parts = list(aggregate.within())
    entries = without_corrected([part for part in parts if part.name in _ENTRIES], notes)
    ledger_balance = next((part for part in parts if part.name == "LEDGERBAL"), None)
    builder = StatementBuilder(aggregate.leaf("CURDEF").upper() or None, keep_entries)
    builder.account = _account(aggregate, parts)
    marks = _marks(entries, ledger_balance)
    reader = EntryReader(builder, marks, notes)
    for entry in entries:
        if (read := reader.read(entry)) is not None:
            builder.add(read)
    if ledger_balance is not None:
        builder.closing = _balance(ledger_balance, builder, marks, notes)
    _warn_about_trades(parts, notes)
    return builder.finish(_unproved)


def _account(aggregate: Aggregate, parts: list[Aggregate]) -> str | None:
    """ACCTID as written, without spaces."""
    named = next((part for part in parts if part.name in _ACCOUNTS), aggregate)
    return "".join(named.leaf("ACCTID").split()) or None


def _marks(entries: list[Aggregate], ledger_balance: Aggregate | None) -> frozenset[str]:
    amounts = [entry.leaf("TRNAMT") for entry in entries]
    if ledger_balance is not None:
        amounts.append(ledger_balance.leaf("BALAMT"))
    return decimal_marks(amounts)


def _balance(aggregate: Aggregate, builder: StatementBuilder, marks: frozenset[str], notes: Notes) -> Balance | None:
    """LEDGERBAL; the available balance never stands in for it, since it knows of credit limits and of holds."""
    amount, day = aggregate.leaf("BALAMT"), aggregate.leaf("DTASOF")
    try:
        minor_units = builder.minor_units(plain_amount(amount, builder.currency, marks))
    except UNREADABLE as problem:
        what = str(problem) if amount else "the ledger balance has no amount"
        notes.warn("unreadable_balance", what, aggregate.offset, excerpt=f"BALAMT {amount}")
        return None
    on = day_of(day)
    if on is None:
        what = f"DTASOF {day!r} is not a day" if day else "the ledger balance names no day"
        notes.warn("bad_date", what, aggregate.offset)
    return Balance(minor_units, on)


def _warn_about_trades(parts: list[Aggregate], notes: Notes) -> None:
    """Trades move securities; only the bank transactions of an investment account are counted."""
    lists = [part for part in parts if part.name == "INVTRANLIST"]
    trades = [part for each in lists for part in each.parts if part.name not in ("INVBANKTRAN", *_ENTRIES)]
    if trades:
        count = "1 trade is" if len(trades) == 1 else f"{len(trades)} trades are"
        what = f"{count} left out; the statement counts the bank transactions of the account only"
        notes.warn("trades_left_out", what, trades[0].offset)


def _unproved(builder: StatementBuilder) -> BalanceProof:
    """OFX never states an opening balance, so that one file proves nothing; a chain of them does."""
    assert builder.opening is None
    return BalanceProof(holds=None, gap=None, identity=None, reason="no_opening")
