"""Every refusal in KashFlow's terms: a status, the `Error` that programs read and the `Message` that people read.

`InvalidSessionToken`, `InvalidCredentials` and `AccountLocked` are the vendor's own; the other names are ours, made in
its manner, because the vendor publishes none (README.md).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tieout.kernel.errors import Refusal


class Spelled(NamedTuple):
    """How one refusal is answered; `{field}` is what it concerns, `{match}` the match that holds a line."""

    status: int
    error: str
    message: str


SPELLED: Mapping[str, Spelled] = {
    # Who may
    "not_found": Spelled(404, "NotFound", "{field} was not found."),
    "not_permitted": Spelled(403, "InsufficientPermissions", "This needs FullAccess permission."),
    "second_person_needed": Spelled(403, "SecondPersonRequired", "Somebody other than its preparer must do this."),
    "post_missing": Spelled(403, "PostingNotGranted", "This token may prepare, but has not been granted to post."),
    # What was sent
    "required": Spelled(400, "MissingField", "{field} is required."),
    "not_allowed": Spelled(400, "InvalidField", "{field} is not valid."),
    "not_an_amount": Spelled(400, "InvalidAmount", "{field} is not an amount."),
    "too_many_decimals": Spelled(400, "InvalidAmount", "{field} has more decimals than its currency."),
    "amount_zero": Spelled(400, "InvalidAmount", "{field} cannot be zero."),
    "amount_out_of_range": Spelled(400, "InvalidAmount", "{field} is too large."),
    "bad_date": Spelled(400, "InvalidDate", "{field} is not a date."),
    "unknown_currency": Spelled(400, "InvalidCurrency", "{field} is not a known currency."),
    "too_many": Spelled(400, "TooManyRecords", "{field} holds more records than one request may carry."),
    "twice": Spelled(400, "DuplicateField", "{field} was given more than once."),
    "too_long": Spelled(400, "InvalidField", "{field} is too long."),
    "exists": Spelled(400, "AlreadyExists", "{field} exists already."),
    "changed_meanwhile": Spelled(400, "ChangedMeanwhile", "{field} was changed by somebody else meanwhile."),
    # Documents
    "not_read": Spelled(400, "UnreadableFile", "The file cannot be read."),
    "document_exists": Spelled(400, "AlreadyExists", "This file was received before."),
    "account_mismatch": Spelled(400, "BankAccountMismatch", "The file is of another bank account."),
    # Lines
    "line_frozen": Spelled(400, "TransactionMatched", "The transaction is used by match {match}; undo it first."),
    "line_cleared": Spelled(400, "TransactionReconciled", "The transaction is reconciled."),
    "line_not_entered": Spelled(
        400, "TransactionFromBank", "The transaction came from the bank; it cannot be changed."
    ),
    "period_locked": Spelled(400, "TransactionLocked", "Transactions up to {day} are locked."),
    "period_closed": Spelled(400, "PeriodReconciled", "The period is reconciled; reopen its reconciliation first."),
    "account_in_use": Spelled(400, "BankAccountInUse", "The bank account has transactions."),
    "account_archived": Spelled(400, "BankAccountArchived", "The bank account is archived."),
    # Matches
    "line_unknown": Spelled(404, "NotFound", "The transaction was not found."),
    "line_twice": Spelled(400, "DuplicateTransaction", "A transaction was named more than once."),
    "line_tied": Spelled(400, "TransactionMatched", "The transaction is used by match {match}; undo it first."),
    "line_used_up": Spelled(400, "TransactionMatched", "The transaction is used by match {match}; undo it first."),
    "allocation_zero": Spelled(400, "InvalidAllocation", "An allocation cannot be zero."),
    "allocation_sign": Spelled(400, "InvalidAllocation", "An allocation must have the sign of its transaction."),
    "allocation_exceeds": Spelled(400, "InvalidAllocation", "An allocation is more than its transaction."),
    "currency_differs": Spelled(400, "CurrencyMismatch", "The currencies differ."),
    "entities_differ": Spelled(400, "CompanyMismatch", "The transactions belong to different companies."),
    "accounts_differ": Spelled(400, "BankAccountMismatch", "The transactions belong to different bank accounts."),
    "side_missing": Spelled(400, "InvalidMatch", "A match needs transactions of both sides."),
    "sides_mixed": Spelled(400, "InvalidMatch", "Transactions that cancel each other are of one side."),
    "too_few_lines": Spelled(400, "InvalidMatch", "Transactions that cancel each other are at least two."),
    "residual_remains": Spelled(400, "InvalidMatch", "The two sides do not add up."),
    "direction_differs": Spelled(400, "InvalidMatch", "Purchases go with money out, invoices with money in."),
    "unpaid": Spelled(400, "NotPaid", "{field} is not paid."),
    "already_paid": Spelled(400, "AlreadyPaid", "{field} is paid already."),
    "rate_differs": Spelled(400, "InvalidMatch", "Amount and rate do not give the other side's amount."),
    "state_differs": Spelled(400, "InvalidMatch", "The match is not in a state that allows this."),
    # Reconciliations
    "reconciliation_in_progress": Spelled(
        400, "ReconciliationInProgress", "An incomplete reconciliation exists already; complete it first."
    ),
    "not_latest": Spelled(400, "NotLatestReconciliation", "Only the latest reconciliation can be changed."),
    "not_in_progress": Spelled(400, "ReconciliationComplete", "The reconciliation is complete."),
    "does_not_add_up": Spelled(
        400, "ReconciliationNotBalanced", "StartBalance and the reconciled transactions do not give EndBalance."
    ),
    "end_before_start": Spelled(400, "InvalidDate", "EndDate lies before StartDate."),
    "line_after_end": Spelled(400, "InvalidDate", "The transaction lies after EndDate."),
    "part_of_entry": Spelled(400, "TransactionOfJournal", "The transaction belongs to a journal; change that."),
    "last_owner": Spelled(400, "LastOwner", "The company would be left without an owner."),
    "both_given": Spelled(400, "MutuallyExclusive", "{field} cannot be given together."),
    # Books
    "instalments_differ": Spelled(400, "InvalidInvoice", "The instalments do not add up to the invoice."),
    "entry_unbalanced": Spelled(400, "InvalidJournal", "Debits and credits of the journal differ."),
    "entry_in_use": Spelled(400, "JournalInUse", "A line of the journal is matched."),
    "resolved_already": Spelled(400, "AlreadyResolved", "This difference is resolved already."),
    # Outside
    "platform_unavailable": Spelled(400, "PlatformUnavailable", "The accounting system did not do what it was asked."),
    # Signing in
    "credentials_wrong": Spelled(400, "InvalidCredentials", "The user name, password or memorable word is wrong."),
    "account_locked": Spelled(400, "AccountLocked", "The account is locked after too many attempts; try again later."),
    # What only the wire knows
    "session_invalid": Spelled(401, "InvalidSessionToken", "Session token provided is invalid."),
    "memorable_word_missing": Spelled(
        400, "MemorableWordMissing", "The user has no memorable word yet; set one first."
    ),
    "nothing_given": Spelled(400, "MissingField", "Give at least one of {field}."),
    "wrong_type": Spelled(400, "InvalidField", "{field} is not valid."),
    "not_json": Spelled(400, "InvalidRequest", "The request body is not valid JSON."),
    "not_xml": Spelled(400, "InvalidRequest", "The request body is not valid XML."),
    "not_storable": Spelled(400, "InvalidRequest", "{field} holds characters that cannot be kept."),
    "doctype": Spelled(400, "InvalidRequest", "A document type declaration is not accepted."),
    "too_deep": Spelled(400, "InvalidRequest", "The request body is nested too deeply."),
    "body_not_allowed": Spelled(400, "InvalidRequest", "This operation takes no request body."),
    "body_too_large": Spelled(413, "RequestTooLarge", "The request body is too large."),
    "body_too_slow": Spelled(408, "RequestTimeout", "The rest of the request body did not come."),
    "unsupported_media_type": Spelled(415, "UnsupportedMediaType", "Send application/json or application/xml."),
    "not_acceptable": Spelled(406, "NotAcceptable", "Answers are application/json or application/xml."),
    "no_such_path": Spelled(404, "NotFound", "There is no such resource."),
    "method_not_allowed": Spelled(405, "MethodNotAllowed", "The resource does not support this method."),
    "bad_parameter": Spelled(400, "InvalidParameter", "{field} is not valid."),
    "bad_request": Spelled(400, "InvalidRequest", "The request cannot be read."),
    "own_fault": Spelled(500, "ServerError", "The request could not be completed; nothing was changed."),
}

# Fields of the core by the name that the vendor's clients know them by.
_FIELD_NAMES = {
    "account": "Bank account",
    "line": "Transaction",
    "reconciliation": "Reconciliation",
    "entity": "Company",
    "name": "AccountName",
    "code": "Code",
    "booking_day": "Date",
    "day": "Date",
    "minor_units": "PaidIn or PaidOut",
    "description": "Comment",
    "counterparty": "CustomerCode or SupplierCode",
    "end_day": "EndDate",
    "end_minor_units": "EndBalance",
    "starting_day": "StartingDate",
    "starting_minor_units": "StartingAmount",
    "reconcile_day": "ReconcileDate",
    "through_day": "TransactionLockDate",
    "": "The request",
}


class Answered(NamedTuple):
    """One envelope for everything that was refused."""

    status: int
    error: str
    message: str


def answered(refusals: Sequence[Refusal]) -> Answered:
    """The status and `Error` of the first refusal, the `Message` of all, each once."""
    spelled = [SPELLED[refusal.code] for refusal in refusals]
    messages = dict.fromkeys(_message(*each) for each in zip(spelled, refusals, strict=True))
    return Answered(spelled[0].status, spelled[0].error, " ".join(messages))


def _message(spelled: Spelled, refusal: Refusal) -> str:
    last = refusal.concerns.rpartition(".")[2]
    field = _FIELD_NAMES.get(last, _FIELD_NAMES.get(refusal.concerns, refusal.concerns))
    facts = {"match": refusal.fact("match") or "another", "day": refusal.fact("through") or "the lock date"}
    return spelled.message.format(field=field, **facts)
