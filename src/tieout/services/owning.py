"""Whose a row is that a caller knows by its id alone: only an entity that the caller sees is ever told."""

from typing import Any

from tieout.domain.accounts import Account
from tieout.domain.books import JournalEntry
from tieout.domain.lines import Line
from tieout.domain.match_records import MatchRecord
from tieout.domain.notes import Note
from tieout.domain.people import Principal
from tieout.services.context import Context


def entity_of_line(context: Context, principal: Principal, line_id: int) -> int | None:
    """The entity of a line, deleted ones included; None where there is none that the principal sees."""
    return _entity_of(context, principal, line_id, Line)


def entity_of_account(context: Context, principal: Principal, account_id: int) -> int | None:
    """The entity of an account; None where there is none that the principal sees."""
    return _entity_of(context, principal, account_id, Account)


def entity_of_journal_entry(context: Context, principal: Principal, entry_id: int) -> int | None:
    """The entity of a journal entry; None where there is none that the principal sees."""
    return _entity_of(context, principal, entry_id, JournalEntry)


def entity_of_match(context: Context, principal: Principal, match_id: int) -> int | None:
    """The entity of a match or a note; None where there is none that the principal sees."""
    return _entity_of(context, principal, match_id, MatchRecord, Note)


def _entity_of(context: Context, principal: Principal, row_id: int, *nouns: type[Any]) -> int | None:
    with context.store.reading() as view:
        for noun in nouns:
            entity_id = view.entity_of(noun, row_id)
            if entity_id is not None:
                return entity_id if principal.sees(entity_id) else None
    return None
