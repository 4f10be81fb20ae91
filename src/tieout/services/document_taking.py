"""Takes a document in that was read: accounts, statements and lines, inside one transaction."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tieout.domain.accounts import Account
from tieout.domain.kinds import Side
from tieout.domain.lines import Document, StoredStatement
from tieout.domain.statements import Balance, Statement
from tieout.kernel.dates import NO_DAY, day_number, day_text
from tieout.kernel.errors import Refusal
from tieout.services.document_accounts import AccountSearch, Owners, currency_of, in_account_currency, owners_of
from tieout.services.document_answers import Taken
from tieout.services.document_lines import Taking, add_new_lines, take_over_entered
from tieout.services.document_reading import DocumentRead
from tieout.services.document_union import united_with_stored
from tieout.services.period_locks import locked_days
from tieout.services.settlements.queueing import waiting_accounts
from tieout.services.settlements.taking import add_settlements
from tieout.store.protocols import Reading, Writing

# More than that nobody corrects before trying again.
REFUSALS_SHOWN_MAX = 20


def take_in(
    work: Writing, document: Document, read: DocumentRead, side: Side, now: int, by: str
) -> Taken | tuple[Refusal, ...]:
    """Add what a document brings and say what became of its lines; or every reason why nothing of it may be added.

    Where there are reasons, the caller rolls back: accounts may have been opened already.
    """
    given = work.one(Account, entity_id=document.entity_id, id=document.account_id) if document.account_id else None
    if given is not None and given.archived_at is not None:
        return (Refusal("account_archived", "account_id", (("account", str(given.id)),)),)
    search = AccountSearch(work, document.entity_id, side, given, now)
    owners = owners_of(search, read)
    refusals = [*search.refusals, *_without_day(read)]
    if side == "ledger":
        refusals += _locked(work, document, read, owners)
    if refusals:
        return tuple(refusals[:REFUSALS_SHOWN_MAX])
    read = replace(read, table=in_account_currency(read.table, owners))
    union = united_with_stored(work, document.entity_id, side, read, owners)
    stored = _stored_statements(work, document, read, owners)
    work.add(*stored)
    statement_ids = np.array([each.id for each in stored] or [0], dtype=np.int64)
    taking = Taking(document.entity_id, side, document.id, statement_ids, now, by)
    new_ids = add_new_lines(work, taking, read, owners, union)
    take_over_entered(work, taking, read, union)
    providers = add_settlements(work, taking, read, owners, union, new_ids)
    if new_ids and not providers:
        providers = waiting_accounts(work, document.entity_id, read.table.currency.names)
    return Taken(len(new_ids), len(union.known), len(union.taken_over), providers)


def _without_day(read: DocumentRead) -> list[Refusal]:
    """A booked entry without any day cannot be kept: no period has it. Entries of one row of a file are said once."""
    rows = np.flatnonzero(read.table.booking_day == NO_DAY)
    _, first = np.unique(read.table.line[rows], return_index=True)
    return [Refusal("bad_date", _place(read, row)) for row in rows[first][:REFUSALS_SHOWN_MAX].tolist()]


def _place(read: DocumentRead, row: int) -> str:
    return f"{read.checked.file}:{read.table.line[row]}:{read.table.column[row]}"


def _locked(view: Reading, document: Document, read: DocumentRead, owners: Owners) -> list[Refusal]:
    locked = locked_days(view, document.entity_id)
    if not locked.through:
        return []
    found = []
    for account_id in np.unique(owners.of_lines).tolist():
        through = locked.of(account_id)
        if through is not None:
            rows = np.flatnonzero((owners.of_lines == account_id) & (read.table.booking_day <= through))
            facts = (("through", day_text(through)),)
            found += [Refusal("period_locked", _place(read, row), facts) for row in rows[:REFUSALS_SHOWN_MAX].tolist()]
    return found


def _stored_statements(work: Writing, document: Document, read: DocumentRead, owners: Owners) -> list[StoredStatement]:
    """The statements of a document as they are kept, in its order; a proof that fails is kept with its gap."""
    if not read.statements:
        return []
    ids = work.new_ids(StoredStatement, len(read.statements))
    return [
        _stored(document, statement, account, statement_id)
        for statement, account, statement_id in zip(read.statements, _known(owners.of_statements), ids, strict=True)
    ]


def _known(accounts: Sequence[Account | None]) -> list[Account]:
    known = [account for account in accounts if account is not None]
    assert len(known) == len(accounts), "a statement without an account was refused"
    return known


def _stored(document: Document, statement: Statement, account: Account, statement_id: int) -> StoredStatement:
    opening, closing, proof = statement.opening, statement.closing, statement.proof
    return StoredStatement(
        entity_id=document.entity_id,
        id=statement_id,
        document_id=document.id,
        account_id=account.id,
        number=statement.number or "",
        kind=statement.kind,
        currency=currency_of(statement, account),
        opening_minor_units=None if opening is None else opening.minor_units,
        opening_day=_day(opening),
        closing_minor_units=None if closing is None else closing.minor_units,
        closing_day=_day(closing),
        lines=statement.tally.entries,
        movement_minor_units=statement.tally.sum,
        holds=proof.holds,
        gap_minor_units=proof.gap,
        reason=proof.reason or "",
    )


def _day(balance: Balance | None) -> int | None:
    return None if balance is None or balance.on is None else day_number(balance.on)
