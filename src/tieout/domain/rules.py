"""The rules by which a service says no: one code each, which every dialect spells in its own words."""

from collections.abc import Mapping

# What the rule says, for people; `{concerns}` and facts are filled in by the face.
RULES: Mapping[str, str] = {
    # Who may
    "not_found": "there is no such thing here",
    "not_permitted": "this needs a capability that the user does not have in this entity",
    "second_person_needed": "somebody else than who prepared it must do this",
    "post_missing": "this token may prepare, but an owner has not granted it to post alone",
    "last_owner": "an entity keeps at least one owner who can sign in",
    # What was sent
    "required": "this must be given",
    "not_allowed": "this value is not one of those allowed",
    "not_an_amount": "this is not an amount",
    "too_many_decimals": "this has more decimals than its currency",
    "amount_zero": "an amount of zero cannot be used here",
    "amount_out_of_range": "this amount is larger than can be kept",
    "bad_date": "this is not a day",
    "unknown_currency": "this is not a currency of ISO 4217",
    "too_many": "this is more than one call may carry",
    "twice": "this was given twice",
    "too_long": "this text is longer than can be kept",
    "exists": "this exists already",
    "changed_meanwhile": "this was changed by somebody else meanwhile",
    # Documents
    "not_read": "this file cannot be read",
    "document_exists": "this very file was received before",
    "account_mismatch": "the file is of another account",
    # Lines
    "line_frozen": "a confirmed match uses this line; undo it first",
    "line_cleared": "this line is ticked in a reconciliation",
    "line_not_entered": "this line came from the bank; it cannot be changed",
    "period_locked": "the period is locked",
    "period_closed": "the period is reconciled; reopen it first",
    "part_of_entry": "this line is part of a journal entry; change the entry instead",
    "account_in_use": "this account has lines",
    "account_archived": "this account is archived",
    # Matches
    "line_unknown": "there is no such line",
    "line_twice": "a line is named twice",
    "line_tied": "this line is tied already",
    "line_used_up": "less than this is left of the line",
    "allocation_zero": "an allocation of zero ties nothing",
    "allocation_sign": "an allocation must have its line's sign",
    "allocation_exceeds": "an allocation is more than its line",
    "currency_differs": "the currencies differ",
    "entities_differ": "lines of one match belong to one entity",
    "accounts_differ": "book entries are tied inside their own account",
    "side_missing": "a match needs lines of both sides",
    "sides_mixed": "lines that cancel each other are of one side",
    "too_few_lines": "lines that cancel each other are at least two",
    "residual_remains": "the two sides do not add up",
    "direction_differs": "payables go with money out, receivables with money in",
    "unpaid": "this is not paid yet",
    "already_paid": "this is paid already",
    "rate_differs": "amount and rate do not give the other side's amount",
    "state_differs": "its state does not allow this",
    # Reconciliations
    "reconciliation_in_progress": "an incomplete reconciliation exists already",
    "not_latest": "only the latest reconciliation can be changed",
    "not_in_progress": "the reconciliation is complete",
    "does_not_add_up": "opening balance plus ticked lines is not the closing balance",
    "end_before_start": "the end lies before the start",
    "line_after_end": "this line lies after the end of the period",
    "both_given": "these two cannot be given together",
    # Books
    "instalments_differ": "the instalments do not add up to the invoice",
    "entry_unbalanced": "debits and credits of the entry differ",
    "entry_in_use": "a line of this entry is tied",
    "resolved_already": "this difference is resolved",
    # Outside
    "platform_unavailable": "the accounting system did not do what it was asked",
    # Signing in
    "credentials_wrong": "name or password is wrong",
    "account_locked": "too many attempts; try again later",
}
