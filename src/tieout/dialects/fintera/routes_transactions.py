"""Financial transactions of a deposit account: listed, shown, entered, changed, deleted one by one or together."""

from tieout.dialects.fintera.answers import Answer, Blank, Many, One
from tieout.dialects.fintera.calling import Call, TurnedAway, not_found, require_faultless
from tieout.dialects.fintera.links import Page, link_header, page_number
from tieout.dialects.fintera.routes_deposit_accounts import deposit_account
from tieout.dialects.fintera.shapes_transactions import changes_of, described, read_transaction, write_transaction
from tieout.dialects.fintera.tied import accounts_around, lines_by_id
from tieout.domain.extra import with_extra
from tieout.domain.people import Face
from tieout.services.lines import (
    Condition,
    LineNow,
    LineRequest,
    Order,
    count_lines,
    delete_lines,
    edit_line,
    enter_lines,
    find_lines,
)

PAGE_SIZE = 20
_TITLE = "o Lançamento"
_FIELDS = {"lines": "base"}


def list_transactions(call: Call) -> Answer:
    """The transactions of an account, the newest first, 20 a page."""
    account = deposit_account(call)
    own = Condition("account_id", "=", account.id), Condition("side", "=", "statement")
    total = call.answer_of(count_lines(call.context, call.principal, account.entity_id, *own)).lines
    page = Page(page_number(call.asked), PAGE_SIZE, total)
    newest_first = Order("booking_day", descending=True), Order("id", descending=True)
    found: list[LineNow] = []
    if page.offset < total:
        found = call.answer_of(
            find_lines(
                call.context,
                call.principal,
                account.entity_id,
                *own,
                order=newest_first,
                limit=PAGE_SIZE,
                offset=page.offset,
            )
        )
    headers = link_header(call.asked, page)
    return Answer(
        Many("financial_transaction", "financial_transactions", written_transactions(call, found)), 200, headers
    )


def show_transaction(call: Call) -> Answer:
    """One transaction."""
    return _shown(call, _transaction(call))


def create_transaction(call: Call) -> Answer:
    """A new transaction: `type` gives the sign, `amount` comes without one."""
    account = deposit_account(call)
    given = call.given("financial_transaction")
    told = read_transaction(given, account.currency)
    given.required("type", told.direction)
    given.required("amount", told.minor_units)
    given.required("occurred_at", told.occurred_day)
    require_faultless(given)
    assert told.occurred_day is not None, "its absence is a fault"
    kept = {"original_description": None, **told.kept}
    request = LineRequest(
        side="statement",
        kind="",
        account_id=account.id,
        currency=account.currency,
        minor_units=told.signed(0),
        booking_day=told.occurred_day,
        reference=told.document or "",
        description=described(kept),
        extra=with_extra("", Face.FINTERA, kept),
    )
    (entered,) = call.answer_of(enter_lines(call.context, call.principal, account.entity_id, [request]), fields=_FIELDS)
    location = call.addresses.transaction(account.id, entered.id)
    return _shown(call, LineNow(entered, 0, None), 201, {"location": location})


def update_transaction(call: Call) -> Answer:
    """Change what is given; a reconciled transaction and one from the bank keep amount, day and account."""
    before = _transaction(call)
    given = call.given("financial_transaction")
    told = read_transaction(given, before.line.currency)
    require_faultless(given)
    changes = changes_of(before.line, told)
    edited = call.answer_of(
        edit_line(call.context, call.principal, before.line.entity_id, before.line.id, changes), fields=_FIELDS
    )
    return _shown(call, before._replace(line=edited))


def delete_transaction(call: Call) -> Answer:
    """Delete one transaction."""
    return _deleted(call, [_transaction(call).line.id])


def delete_transactions(call: Call) -> Answer:
    """Delete those of `selected_ids`, all or none."""
    account = deposit_account(call)
    ids = call.ids_of("selected_ids")
    known = lines_by_id(call, account.entity_id, ids)
    for line_id in ids:
        if line_id not in known or not _is_of(known[line_id], account.id):
            raise TurnedAway(not_found(_TITLE, line_id))
    return _deleted(call, ids)


def _deleted(call: Call, ids: list[int]) -> Answer:
    call.answer_of(delete_lines(call.context, call.principal, call.entity_id, ids), fields=_FIELDS)
    return Answer(Blank())


def _transaction(call: Call) -> LineNow:
    """The transaction of the path. Raises TurnedAway (404)."""
    account = deposit_account(call)
    line_id = call.id_of("transaction_id", _TITLE)
    found = lines_by_id(call, account.entity_id, [line_id]).get(line_id)
    if found is None or not _is_of(found, account.id):
        raise TurnedAway(not_found(_TITLE, line_id))
    return found


def _is_of(now: LineNow, account_id: int) -> bool:
    return now.line.side == "statement" and now.line.account_id == account_id


def _shown(call: Call, now: LineNow, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(One("financial_transaction", written_transactions(call, [now])[0]), status, headers or {})


def written_transactions(call: Call, found: list[LineNow]) -> list[dict[str, object]]:
    """Transactions as the vendor shows them."""
    accounts = accounts_around(call, found)
    return [write_transaction(now, accounts.get(now.line.id, ()), call.addresses) for now in found]
