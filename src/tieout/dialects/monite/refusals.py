"""Every refusal of the core in the vendor's terms: a status and a sentence.

The statuses are those of the vendor's OpenAPI document (401, 403, 404, 409, 422); the words are ours.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.responses import Response

from tieout.dialects.monite.answers import failed, misfit, misfits
from tieout.kernel.errors import Refusal

FORBIDDEN = "The token does not allow this."
NO_ENTITY = "There is no such entity, or the token does not reach it."
WRONG_CREDENTIALS = "The client id or the client secret is wrong."


class Spelling(NamedTuple):
    """How one refusal is said; facts of the refusal fill the braces."""

    message: str
    status: int = 422


def _no(message: str) -> Spelling:
    return Spelling(message, 409)


SPELLED: Mapping[str, Spelling] = {
    # Who may
    "not_found": Spelling("There is no such object.", 404),
    "not_permitted": Spelling(FORBIDDEN, 403),
    "second_person_needed": Spelling("Another user has to confirm what was prepared.", 403),
    "post_missing": Spelling("This token prepares; it makes nothing final alone.", 403),
    "last_owner": _no("An entity keeps at least one owner."),
    # What was sent
    "required": Spelling("Field required"),
    "not_allowed": Spelling("This value is not one of those allowed."),
    "not_an_amount": Spelling("This is not an amount."),
    "too_many_decimals": Spelling("This has more decimals than the currency."),
    "amount_zero": Spelling("The amount must not be zero."),
    "amount_out_of_range": Spelling("The amount is too large."),
    "bad_date": Spelling("This is not a day."),
    "unknown_currency": Spelling("This is not a currency of ISO 4217."),
    "too_many": Spelling("There are too many of these for one request."),
    "twice": Spelling("This is given twice."),
    "too_long": Spelling("This text is too long."),
    "exists": _no("The entity has an active accounting connection already."),
    "changed_meanwhile": _no("This was changed meanwhile; try again."),
    # Documents
    "not_read": Spelling("This file cannot be read."),
    "document_exists": _no("This file was received before."),
    "account_mismatch": _no("This is of another account."),
    # Lines
    "line_frozen": _no("A confirmed match holds this; undo it first."),
    "line_cleared": _no("This is ticked in a bank reconciliation."),
    "line_not_entered": _no("This came from the bank and cannot be changed."),
    "period_locked": _no("The period is locked."),
    "period_closed": _no("The period is closed."),
    "part_of_entry": _no("This belongs to a journal entry."),
    "account_in_use": _no("This account is in use."),
    "account_archived": _no("This account is archived."),
    # Matches
    "line_unknown": Spelling("There is no such line.", 404),
    "line_twice": Spelling("A line is named twice."),
    "line_tied": _no("This line is tied already."),
    "line_used_up": _no("Less than this is left of the line."),
    "allocation_zero": Spelling("An amount of zero ties nothing."),
    "allocation_sign": Spelling("The amount has the wrong sign."),
    "allocation_exceeds": Spelling("The amount is more than the line has."),
    "currency_differs": _no("The accounting system keeps its books in another currency than the entity."),
    "entities_differ": Spelling("The lines belong to different entities."),
    "accounts_differ": Spelling("The lines are of different accounts."),
    "side_missing": Spelling("Lines of both sides are needed."),
    "sides_mixed": Spelling("Lines of one side are needed."),
    "too_few_lines": Spelling("At least two lines are needed."),
    "residual_remains": Spelling("The two sides do not add up."),
    "direction_differs": Spelling("Payables go with money out, receivables with money in."),
    "unpaid": _no("This is not paid yet."),
    "already_paid": _no("This is paid already."),
    "rate_differs": Spelling("Amount and rate do not give the amount of the other side."),
    "state_differs": _no("The {concerns} is {state}, which does not allow this."),
    # Reconciliations
    "reconciliation_in_progress": _no("A bank reconciliation is in progress."),
    "not_latest": _no("Only the latest bank reconciliation can be changed."),
    "not_in_progress": _no("The bank reconciliation is complete."),
    "does_not_add_up": _no("The closing balance does not add up."),
    "end_before_start": Spelling("The end lies before the start."),
    "line_after_end": _no("This lies after the end of the period."),
    "both_given": Spelling("These cannot be given together."),
    # Books
    "instalments_differ": Spelling("The instalments do not add up."),
    "entry_unbalanced": Spelling("Debit and credit of the journal entry differ."),
    "entry_in_use": _no("A line of this journal entry is tied."),
    "resolved_already": _no("This is resolved already."),
    # Connections
    "platform_unavailable": Spelling("The accounting system did not do what it was asked: {message}", 503),
    # Signing in
    "credentials_wrong": Spelling(WRONG_CREDENTIALS, 401),
    "account_locked": Spelling("Too many attempts; try again later.", 401),
}


def refused_answer(refusals: Sequence[Refusal], place: str) -> Response:
    """One answer for every refusal of a request: the first that is more than a misfit, or else all misfits.

    place: where the fields that are refused stand: body or query.
    """
    for refusal in refusals:
        if (refusal.code, refusal.concerns) == ("not_found", "entity"):
            return failed(403, NO_ENTITY)
        if SPELLED[refusal.code].status != 422:
            return failed(SPELLED[refusal.code].status, message_of(refusal))
    return misfits([misfit(place, each.concerns, message_of(each), each.code) for each in refusals])


def message_of(refusal: Refusal) -> str:
    """The sentence with its facts."""
    facts = {"state": "in another state", "message": "no answer", **dict(refusal.facts)}
    concerns = _CALLED.get(refusal.concerns, refusal.concerns)
    return SPELLED[refusal.code].message.format_map({**facts, "concerns": concerns})


# As the vendor calls what a refusal concerns.
_CALLED: Mapping[str, str] = {"record": "synced record", "connection": "accounting connection", "": "object"}
