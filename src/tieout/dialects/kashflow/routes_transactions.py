"""Bank transactions: listed with totals, shown, entered, edited and deleted."""

from dataclasses import replace

from starlette.responses import Response

from tieout.contracts.http_answers import bytes_answer
from tieout.dialects.kashflow.account_entries import entry_named, placed
from tieout.dialects.kashflow.amounts import in_minor_units, on_the_wire
from tieout.dialects.kashflow.answers import Answer, refuse
from tieout.dialects.kashflow.bank_accounts import account_named, balance_on_the_wire
from tieout.dialects.kashflow.entries import KEPT, KINDS, Placed, transaction_shown
from tieout.dialects.kashflow.parameters import Parameters
from tieout.dialects.kashflow.serving import Here, body_as, named, require
from tieout.dialects.kashflow.shapes_transactions import (
    TRANSACTION,
    TRANSACTION_CHANGE,
    TRANSACTION_PAGE,
    TransactionChange,
    TransactionPage,
    TransactionShown,
)
from tieout.dialects.kashflow.transaction_lists import Listed, as_csv, balances, listed, wanted_of
from tieout.domain.account_amounts import amount_in
from tieout.domain.accounts import Account, AccountKind
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.people import Face
from tieout.services.accounts import account
from tieout.services.context import Denied
from tieout.services.lines import LineRequest, delete_lines, edit_line, enter_lines, line

# A table is made in memory, some kilobyte a line; who needs more asks for fewer days at a time.
_CSV_LINES_MAX = 100_000


def list_transactions(here: Here) -> Answer | Response:
    """GET /bankaccounts/{account_id}/transactions, as JSON or XML, or as CSV with `iscsv`."""
    of = account_named(here)
    parameters = Parameters(here.asked)
    wanted = wanted_of(of, parameters)
    if parameters.flag("iscsv"):
        everything = listed(here, of, wanted, 0, _CSV_LINES_MAX)
        if everything.total > _CSV_LINES_MAX:
            refuse("too_many", "The list")
        return bytes_answer(as_csv(_shown(here, of, everything)), "text/csv; charset=utf-8")
    found = listed(here, of, wanted, parameters.offset, parameters.per_page)
    opening = on_the_wire(of.starting_minor_units, of.currency)
    if wanted.first_day is not None:
        opening = balance_on_the_wire(here, of, wanted.first_day - 1)
    page = TransactionPage(
        transactions=tuple(_shown(here, of, found)),
        links=parameters.links(found.total, found.amount, opening, balance_on_the_wire(here, of, wanted.last_day)),
    )
    return Answer(200, TRANSACTION_PAGE.write(page), TRANSACTION_PAGE.type_name)


def show_transaction(here: Here) -> Answer:
    """GET /bankaccounts/{account_id}/transactions/{transaction_id}."""
    of = account_named(here)
    return _answer(entry_named(here, of, _transaction_id(here)), 200)


def create_transaction(here: Here) -> Answer:
    """POST /bankaccounts/{account_id}/transactions: a book entry of the account."""
    of = account_named(here)
    given = body_as(here.asked, TRANSACTION_CHANGE)
    if given.booking_day is None:
        refuse("required", "Date")
    if given.account_id not in (None, of.id):
        refuse("not_allowed", "AccountId")
    signed = _signed(given, of)
    if signed is None:
        refuse("required", "PaidIn or PaidOut")
    request = LineRequest(
        side="ledger",
        kind=_kind(given.transaction_type or 0),
        account_id=of.id,
        currency=of.currency,
        minor_units=signed,
        booking_day=given.booking_day,
        description=given.comment or "",
        counterparty=given.customer_code or given.supplier_code or "",
        extra=_extra("", given),
    )
    (made,) = require(enter_lines(here.context, here.principal, here.company, [request]))
    return _answer(_again(here, of, made.id), 201)


def edit_transaction(here: Here) -> Answer:
    """PUT /bankaccounts/{account_id}/transactions/{transaction_id}: what the body names; the rest stays."""
    of = account_named(here)
    before = entry_named(here, of, _transaction_id(here))
    given = body_as(here.asked, TRANSACTION_CHANGE)
    if given == TransactionChange(id=given.id):
        refuse("nothing_given", "Date, PaidIn, PaidOut, Comment and the other fields")
    if given.id not in (None, before.wire_id):
        refuse("not_allowed", "Id")
    changes = _changes(here, before, given)
    require(edit_line(here.context, here.principal, here.company, before.line.id, changes))
    return _answer(_again(here, of, before.line.id), 200)


def delete_transaction(here: Here) -> Answer:
    """DELETE /bankaccounts/{account_id}/transactions/{transaction_id}; of a transfer, both sides."""
    found = entry_named(here, account_named(here), _transaction_id(here))
    require(delete_lines(here.context, here.principal, here.company, [found.line.id]))
    return Answer(204)


def _transaction_id(here: Here) -> int:
    return named(here.asked, "transaction_id", "line")


def _answer(entry: Placed, status: int) -> Answer:
    return Answer(status, TRANSACTION.write(transaction_shown(entry)), TRANSACTION.type_name)


def _again(here: Here, of: Account, line_id: int) -> Placed:
    """A line as it is now that it was written, shown in the account that it came through."""
    now = require(line(here.context, here.principal, here.company, line_id))
    (entry,) = placed(here, of, [now])
    return entry if now.line.account_id == of.id else replace(entry, originating_account_id=now.line.account_id)


def _shown(here: Here, of: Account, found: Listed) -> list[TransactionShown]:
    after = balances(here, of, found.lines)
    return [transaction_shown(entry, after.get(entry.line.id)) for entry in placed(here, of, found.lines)]


def _changes(here: Here, before: Placed, given: TransactionChange) -> dict[str, object]:
    changes: dict[str, object] = {"extra": _extra(before.line.extra, given)}
    if given.booking_day is not None:
        changes["booking_day"] = given.booking_day
    if given.comment is not None:
        changes["description"] = given.comment
    signed = _signed(given, before.account)
    if signed is not None and signed != amount_in(before.line, before.account.currency):
        changes["minor_units" if before.line.currency == before.account.currency else "foreign_minor_units"] = signed
    kept = extra_of(before.line.extra, Face.KASHFLOW)
    name = given.customer_code or given.supplier_code
    if name and name not in (kept.get("customer_code"), kept.get("supplier_code")):
        changes["counterparty"] = name
    if given.transaction_type not in (None, before.payment_type, before.transaction_type):
        changes["kind"] = _kind(given.transaction_type or 0)
    if given.account_id not in (None, before.account.id, before.originating_account_id):
        changes["account_id"] = _other_account(here, given.account_id or 0)
    return changes


def _other_account(here: Here, account_id: int) -> int:
    """The bank account of the company that a transaction is moved to."""
    found = account(here.context, here.principal, here.company, account_id)
    if isinstance(found, Denied) or found.kind != AccountKind.BANK:
        refuse("not_allowed", "AccountId")
    return found.id


def _signed(given: TransactionChange, of: Account) -> int | None:
    """Paid in less paid out, of which at most one is more than zero, in minor units; None where neither is given."""
    if given.paid_in is None and given.paid_out is None:
        return None
    paid_in, paid_out = given.paid_in or 0, given.paid_out or 0
    if paid_in < 0 or paid_out < 0:
        refuse("not_allowed", "PaidIn" if paid_in < 0 else "PaidOut")
    if paid_in and paid_out:
        refuse("both_given", "PaidIn and PaidOut")
    found = in_minor_units(paid_in - paid_out, of.currency)
    return refuse(found, "PaidIn or PaidOut") if isinstance(found, str) else found


def _kind(transaction_type: int) -> str:
    return KINDS[transaction_type] if 0 <= transaction_type < len(KINDS) else refuse("not_allowed", "TransactionType")


def _extra(before: str, given: TransactionChange) -> str:
    """What only the vendor's clients know, put over what was kept of it."""
    fields = {name: getattr(given, name) for name in KEPT if getattr(given, name) is not None}
    return with_extra(before, Face.KASHFLOW, fields) if fields else before
