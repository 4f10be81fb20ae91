"""Bank accounts, and the accounts of the general ledger that they belong to."""

from starlette.responses import Response

from tieout.dialects.snapbooks.answers import gone, listed, page_of, shown
from tieout.dialects.snapbooks.calling import Here, Refused, given_fields, refuse, require
from tieout.dialects.snapbooks.shapes_accounts import (
    TYPES,
    BankAccountBody,
    BankAccountChange,
    own_fields,
    write_bank_account,
    write_ledger_account,
)
from tieout.domain.accounts import Account, AccountKind
from tieout.kernel.errors import Refusal
from tieout.services.accounts import AccountRequest, account, accounts, change_account, open_account, remove_account
from tieout.services.owning import entity_of_account

PER_PAGE = 50


def list_bank_accounts(here: Here) -> Response:
    """A page of the client account's bank accounts by id."""
    entity = here.asked_client_account()
    page = page_of(here.asked.query, PER_PAGE)
    found = require(accounts(here.context, here.principal, entity.id, kinds=(AccountKind.BANK,)))
    some = found[page.offset : page.offset + page.size]
    return listed([write_bank_account(each) for each in some], page, len(found))


def list_ledger_accounts(here: Here) -> Response:
    """A page of the client account's general ledger accounts by id."""
    entity = here.asked_client_account()
    page = page_of(here.asked.query, 100)
    found = require(accounts(here.context, here.principal, entity.id))
    some = found[page.offset : page.offset + page.size]
    return listed([write_ledger_account(each) for each in some], page, len(found))


def show_ledger_account(here: Here) -> Response:
    """One account of the general ledger."""
    return shown(write_ledger_account(_account(here, "general_ledger_account")))


def show_bank_account(here: Here) -> Response:
    """One bank account."""
    return shown(write_bank_account(_bank_account(here)))


def create_bank_account(here: Here) -> Response:
    """A new bank account."""
    body = here.body(BankAccountBody)
    entity = here.client_account(body.client_account_id)
    _require_type(body.type)
    request = AccountRequest(
        kind=AccountKind.BANK,
        name=body.name,
        currency=body.currency_code,
        code=body.general_ledger_account_number or "",
        number=body.iban or body.bban or "",
        extra=own_fields("", body.type, body.bban, body.iban, body.bic),
    )
    made = require(open_account(here.context, here.principal, entity.id, request))
    return shown(write_bank_account(made), 201)


def replace_bank_account(here: Here) -> Response:
    """A bank account with these fields and no others; its client account and currency stay what they are."""
    before = _bank_account(here)
    body = here.body(BankAccountBody)
    here.client_account(body.client_account_id)
    if (body.client_account_id, body.currency_code) != (before.entity_id, before.currency):
        field = "currency_code" if body.client_account_id == before.entity_id else "client_account_id"
        raise Refused(Refusal("not_allowed", field))
    return _changed(here, before, body)


def change_bank_account(here: Here) -> Response:
    """A bank account with some fields changed."""
    return _changed(here, _bank_account(here), here.body(BankAccountChange))


def delete_bank_account(here: Here) -> Response:
    """Remove a bank account that nothing is in."""
    found = _bank_account(here)
    require(remove_account(here.context, here.principal, found.entity_id, found.id))
    return gone()


def _changed(here: Here, before: Account, body: BankAccountBody | BankAccountChange) -> Response:
    written = write_bank_account(before)
    given = given_fields(body)
    after = {**written, **given}
    _require_type(str(after["type"]))
    changes: dict[str, object] = {
        "name": after["name"],
        "code": after["general_ledger_account_number"] or "",
        "number": after["iban"] or after["bban"] or "",
        "extra": own_fields(
            before.extra, str(after["type"]), *(_text(after[name]) for name in ("bban", "iban", "bic"))
        ),
    }
    changed = require(change_account(here.context, here.principal, before.entity_id, before.id, changes))
    return shown(write_bank_account(changed))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _require_type(name: str) -> None:
    if name not in TYPES:
        raise Refused(Refusal("not_allowed", "type"))


def _bank_account(here: Here) -> Account:
    found = _account(here, "bank_account")
    return found if found.kind == AccountKind.BANK else refuse("not_found", "bank_account")


def _account(here: Here, what: str) -> Account:
    number = here.named(what)
    entity_id = entity_of_account(here.context, here.principal, number)
    if entity_id is None:
        refuse("not_found", what)
    return require(account(here.context, here.principal, entity_id, number))
