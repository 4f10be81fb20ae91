"""Every refusal of the core in the vendor's terms: a status and a message.

The statuses are the vendor's (400, 403, 404; page on external reconciliations, read 2026-11-20); the words are ours.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.responses import Response

from tieout.dialects.snapbooks.answers import FORBIDDEN, INVALID, wrong
from tieout.kernel.errors import Refusal

# The column of the core that a refusal is about, as the vendor calls the field.
FIELDS: Mapping[str, str] = {
    "minor_units": "amount",
    "booking_day": "booking_date",
    "value_day": "value_date",
    "account_id": "bank_account_id",
    "account": "bank_account_id",
    "currency": "currency_code",
    "foreign_currency": "currency_code",
    "rate": "exchange_rate",
    "through_day": "locked_to",
    "number": "iban",
    "code": "general_ledger_account_number",
    "draft": "is_draft",
    # As the dialect itself names them.
    "general_ledger_account_id": "general_ledger_account_id",
}
# Lines of a match are named by their ids; the vendor's field for them is this one.
LINES = "entries"
# Anything else that is concerned, a line's id, a currency, an account, is one of what the entries name.
_FIELD = re.compile(r"[a-z_]+(\[[0-9]+\])?(\.[a-z_]+)?")


class Spelling(NamedTuple):
    """How one refusal is said; facts of the refusal fill the braces."""

    message: str
    status: int = 400


SPELLED: Mapping[str, Spelling] = {
    # Who may
    "not_found": Spelling("Not found.", 404),
    "not_permitted": Spelling(FORBIDDEN, 403),
    "second_person_needed": Spelling("Another user has to reconcile what you prepared.", 403),
    "post_missing": Spelling("This token has not been granted to post.", 403),
    "last_owner": Spelling("A client account keeps at least one owner."),
    # What was sent
    "required": Spelling("This field is required."),
    "not_allowed": Spelling("This value is not allowed."),
    "not_an_amount": Spelling("This is not a decimal."),
    "too_many_decimals": Spelling("This has more decimals than the currency."),
    "amount_zero": Spelling("The amount must not be zero."),
    "amount_out_of_range": Spelling("The amount is too large."),
    "bad_date": Spelling("This is not a date."),
    "unknown_currency": Spelling("This is not an ISO 4217 currency code."),
    "too_many": Spelling("There are too many of these for one request."),
    "twice": Spelling("This is given twice."),
    "too_long": Spelling("This text is too long."),
    "exists": Spelling("This has already been taken."),
    "changed_meanwhile": Spelling("This was changed by somebody else meanwhile; try again."),
    # Documents
    "not_read": Spelling("This file cannot be read."),
    "document_exists": Spelling("This file was received before."),
    "account_mismatch": Spelling("This is of another bank account."),
    # Lines
    "line_frozen": Spelling("This is reconciled by {match}; delete that reconciliation first."),
    "line_cleared": Spelling("This is ticked in a bank reconciliation."),
    "line_not_entered": Spelling("This came from the bank and cannot be changed."),
    "period_locked": Spelling("The period is locked through {through}."),
    "period_closed": Spelling("The period is closed through {through}."),
    "part_of_entry": Spelling("This belongs to a journal entry."),
    "account_in_use": Spelling("This account is in use."),
    "account_archived": Spelling("This account is archived."),
    # Matches
    "line_unknown": Spelling("There is no record {concerns} of this type in the client account."),
    "line_twice": Spelling("Record {concerns} is named twice."),
    "line_tied": Spelling("Record {concerns} is already reconciled by {match}."),
    "line_used_up": Spelling("Less than this is left of record {concerns}, see reconciliation {match}."),
    "allocation_zero": Spelling("The amount of record {concerns} must not be zero."),
    "allocation_sign": Spelling("The amount of record {concerns} has the wrong sign."),
    "allocation_exceeds": Spelling("The amount of record {concerns} is more than the record has."),
    "currency_differs": Spelling("The currency of {concerns} is another one."),
    "entities_differ": Spelling("Record {concerns} belongs to another client account."),
    "accounts_differ": Spelling("Journal entry line {concerns} is on another account than the bank transaction."),
    "side_missing": Spelling("Both sides need at least one entry."),
    "sides_mixed": Spelling("Only journal entry lines can be reconciled with each other."),
    "too_few_lines": Spelling("At least two entries are needed."),
    "residual_remains": Spelling("The entries do not balance."),
    "direction_differs": Spelling("The directions of the entries differ."),
    "unpaid": Spelling("This is not paid yet."),
    "already_paid": Spelling("This is already paid."),
    "rate_differs": Spelling("Amount and exchange rate do not give the amount of the other side."),
    "state_differs": Spelling("The reconciliation is not in a state that allows this."),
    # Reconciliations
    "reconciliation_in_progress": Spelling("There is a bank reconciliation in progress."),
    "not_latest": Spelling("Only the latest bank reconciliation can be changed."),
    "not_in_progress": Spelling("The bank reconciliation is complete."),
    "does_not_add_up": Spelling("The closing balance does not add up."),
    "end_before_start": Spelling("The end lies before the start."),
    "line_after_end": Spelling("This lies after the end of the period."),
    "both_given": Spelling("These cannot be given together."),
    # Books
    "instalments_differ": Spelling("The instalments do not add up."),
    "entry_unbalanced": Spelling("Debit and credit of the journal entry differ."),
    "entry_in_use": Spelling("A line of this journal entry is reconciled by {match}."),
    "resolved_already": Spelling("This is resolved already."),
    # Outside
    "platform_unavailable": Spelling("The accounting system did not do what it was asked."),
    # Signing in
    "credentials_wrong": Spelling("Unauthenticated.", 401),
    "account_locked": Spelling("Too many attempts; try again later.", 401),
}


def refused_answer(refusals: Sequence[Refusal]) -> Response:
    """One answer for every refusal of a request.

    An unknown client account is answered as a foreign one: 403. Where something is forbidden, nothing else is told.
    """
    if any(SPELLED[each.code].status == 403 or (each.code, each.concerns) == _NO_ENTITY for each in refusals):
        told = next((each for each in refusals if SPELLED[each.code].status == 403), None)
        return wrong(403, SPELLED[told.code].message if told else FORBIDDEN)
    status = status_of(refusals[0])
    if status != 400:
        return wrong(status, SPELLED[refusals[0].code].message)
    errors: dict[str, list[str]] = {}
    for refusal in refusals:
        messages, said = errors.setdefault(field_of(refusal), []), message_of(refusal)
        if said not in messages:
            messages.append(said)
    return wrong(400, INVALID, errors)


_NO_ENTITY = ("not_found", "entity")


def status_of(refusal: Refusal) -> int:
    """The status of a refusal alone; a field of the body that names nothing is a bad request, not a missing page."""
    column = refusal.concerns.rpartition(".")[2]
    return 400 if refusal.code == "not_found" and column in FIELDS else SPELLED[refusal.code].status


def field_of(refusal: Refusal) -> str:
    """The vendor's field that a refusal is about: `lines[2].currency_code`, `entries` for the lines of a match."""
    if _FIELD.fullmatch(refusal.concerns) is None:
        return LINES
    path, _, column = refusal.concerns.rpartition(".")
    column = FIELDS.get(column, column)
    return f"{path}.{column}".removeprefix(".")


def message_of(refusal: Refusal) -> str:
    """The message with its facts; a fact that is not told is a dash."""
    facts = {"match": "-", "through": "-", **dict(refusal.facts), "concerns": refusal.concerns}
    return SPELLED[refusal.code].message.format_map(facts)
