"""What an account holds at a day, by the bank's lines or by the books."""

from tieout.domain.accounts import Account
from tieout.domain.kinds import BOOK_ENTRY_KINDS, Side
from tieout.domain.people import Capability, Principal
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Condition, Reading


def balance(
    context: Context, principal: Principal, entity_id: int, account_id: int, side: Side, through_day: int | None = None
) -> int | Denied:
    """The starting balance and every line of one side after the starting day, up to and including `through_day`.

    Minor units of the account's currency; open items are no part of it. A book entry in the functional currency
    counts with its amount in the account's currency, and with nothing where it names none.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        account = view.one(Account, entity_id=entity_id, id=account_id)
        return denied("not_found", "account") if account is None else balance_of(view, account, side, through_day)


def balance_of(view: Reading, account: Account, side: Side, through_day: int | None = None) -> int:
    """As `balance`, inside a view."""
    within = [Condition("account_id", "=", account.id), Condition("side", "=", side)]
    if side == "ledger":
        within.append(Condition("kind", "in", BOOK_ENTRY_KINDS))
    if account.starting_day is not None:
        within.append(Condition("booking_day", ">", account.starting_day))
    if through_day is not None:
        within.append(Condition("booking_day", "<=", through_day))
    own = view.line_totals(account.entity_id, *within, Condition("currency", "=", account.currency))
    converted = view.lines(account.entity_id, *within, Condition("currency", "!=", account.currency))
    foreign = sum(now.line.foreign_minor_units or 0 for now in converted)
    return account.starting_minor_units + own.minor_units + foreign
