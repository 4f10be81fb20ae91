"""Deposit accounts of an entity: listed, shown, opened, changed, removed."""

from tieout.dialects.fintera.answers import Answer, Blank, Many, One
from tieout.dialects.fintera.calling import Call, TurnedAway, not_found, require_faultless
from tieout.dialects.fintera.fields import Given
from tieout.dialects.fintera.refusals import BLANK
from tieout.dialects.fintera.routes_entities import named_so
from tieout.dialects.fintera.shapes_deposit_accounts import read_deposit_account, write_deposit_account
from tieout.domain.accounts import Account, AccountKind
from tieout.domain.extra import with_extra
from tieout.domain.people import Face
from tieout.services.accounts import (
    AccountRequest,
    account,
    accounts,
    balance,
    change_account,
    open_account,
    remove_account,
)
from tieout.services.lines import Condition, Order, find_lines
from tieout.services.people.entities import entity

# A provider is an account like a bank; a book account has no outside.
KINDS = (AccountKind.BANK, AccountKind.PROVIDER)
_TITLE = "a Conta Bancária"
_FIELDS = {"account_id": "base"}


def deposit_account(call: Call) -> Account:
    """The deposit account of the path. Raises TurnedAway (404)."""
    account_id = call.id_of("deposit_account_id", _TITLE)
    missing = not_found(_TITLE, account_id)
    found = account(call.context, call.principal, call.entity_id, account_id)
    if not isinstance(found, Account) or found.kind not in KINDS:
        raise TurnedAway(missing)
    return found


def list_deposit_accounts(call: Call) -> Answer:
    """Every deposit account, archived ones too, by id; searched by name as entities are."""
    found = call.answer_of(accounts(call.context, call.principal, call.entity_id, kinds=KINDS, archived=True))
    wanted = [each for each in found if named_so(call.asked.query, each.name)]
    return Answer(Many("deposit_account", "deposit_accounts", [_written(call, each) for each in wanted]))


def show_deposit_account(call: Call) -> Answer:
    """One deposit account."""
    return Answer(One("deposit_account", _written(call, deposit_account(call))))


def create_deposit_account(call: Call) -> Answer:
    """A new bank account in the currency that is named, or in the entity's."""
    of_entity = call.answer_of(entity(call.context, call.principal, call.entity_id))
    given = call.given("deposit_account")
    told = read_deposit_account(given, of_entity.currency)
    if told.kept.get("deposit_account_type_id") is None:
        given.fault("deposit_account_type", BLANK)
    _require_name(given, told.columns.get("name", ""))
    require_faultless(given)
    request = AccountRequest(
        kind=AccountKind.BANK,
        name=told.columns["name"],
        currency=told.columns["currency"],
        starting_minor_units=told.columns.get("starting_minor_units", 0),
        extra=with_extra("", Face.FINTERA, told.kept),
    )
    opened = call.answer_of(open_account(call.context, call.principal, call.entity_id, request), fields=_FIELDS)
    location = call.addresses.deposit_account(opened.id)
    return Answer(One("deposit_account", _written(call, opened)), 201, {"location": location})


def update_deposit_account(call: Call) -> Answer:
    """Change what is given; the answer has no body, as the vendor's."""
    before = deposit_account(call)
    given = call.given("deposit_account")
    told = read_deposit_account(given, before.currency)
    if "name" in told.columns:
        _require_name(given, told.columns["name"])
    if told.columns.pop("currency") != before.currency:
        given.fault("currency", "não pode ser alterada")
    require_faultless(given)
    changes = {**told.columns, "extra": with_extra(before.extra, Face.FINTERA, told.kept)}
    call.answer_of(change_account(call.context, call.principal, call.entity_id, before.id, changes), fields=_FIELDS)
    return Answer(Blank())


def delete_deposit_account(call: Call) -> Answer:
    """Remove an account that never had anything in it; any other can be archived."""
    gone = deposit_account(call)
    call.answer_of(remove_account(call.context, call.principal, call.entity_id, gone.id))
    return Answer(Blank())


def _require_name(given: Given, name: str) -> None:
    if not name:
        given.required("name", None)


def _written(call: Call, each: Account) -> dict[str, object]:
    holds = call.answer_of(balance(call.context, call.principal, each.entity_id, each.id, "statement"))
    newest = call.answer_of(
        find_lines(
            call.context,
            call.principal,
            each.entity_id,
            Condition("account_id", "=", each.id),
            Condition("side", "=", "statement"),
            order=(Order("booking_day", descending=True), Order("id", descending=True)),
            limit=1,
        )
    )
    last_day = newest[0].line.booking_day if newest else None
    return write_deposit_account(each, holds, last_day, call.addresses)
