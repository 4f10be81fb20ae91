"""The bank reconciliation of an account at any day: why the bank and the books differ, line by line (P7).

Balance per books = balance per bank + book entries not yet on the bank - bank lines not yet in the books. Only lines
from documents and feeds are what the bank says; a typed-in statement line is none. Both balances and every line are in
the account's currency: of a book entry in another one counts the foreign amount.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from tieout.domain.account_amounts import amount_in
from tieout.domain.accounts import Account
from tieout.domain.kinds import BOOK_ENTRY_KINDS, Side
from tieout.domain.lines import Line, Origin, StoredStatement
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.matches import Allocation, Match
from tieout.domain.people import Capability, Principal
from tieout.domain.results import BankReconciliation, Outstanding
from tieout.domain.statements import StatementKind
from tieout.kernel.dates import NO_DAY
from tieout.proofs.account_balances import AccountBalances, last_of
from tieout.proofs.bank_reconciliation import Balances, BankReconciler
from tieout.services.account_balances import balance_of
from tieout.services.context import Context, Denied, denied
from tieout.services.days import is_day
from tieout.services.permitting import not_permitted
from tieout.services.stored_matches import match_of, side_of
from tieout.services.table_of_lines import sorting_id, table_of_account
from tieout.store.protocols import Condition, LineNow, Reading

_SIDES: tuple[Side, Side] = ("statement", "ledger")


def bank_reconciliation(
    context: Context, principal: Principal, entity_id: int, account_id: int, as_of_day: int
) -> BankReconciliation | Denied:
    """The bank reconciliation of an account at the end of a day; needs READ. Refused: not_found, bad_date.

    `account` and the lines are ids as decimal texts; lines by booking day, then id, each with its age in days. holds
    is None with a reason where it cannot be proved: `open_items_only` where no book entry was ever posted to the
    account, `no_bank_balance` where neither a statement nor a bank line nor a starting day says what the bank held.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    if not is_day(as_of_day):
        return denied("bad_date", "as_of_day")
    with context.store.reading() as view:
        account = view.one(Account, entity_id=entity_id, id=account_id)
        if account is None:
            return denied("not_found", "account")
        return _reconciliation(view, account, as_of_day)


def _reconciliation(view: Reading, account: Account, as_of: int) -> BankReconciliation:
    per_bank = _per_bank(view, account, as_of)
    lines = _lines_of(view, account, as_of)
    key = (str(account.id), account.currency)
    closing = AccountBalances(*key, opening=None, closing=per_bank or 0, as_of=as_of)
    books = {key: balance_of(view, account, "ledger", as_of)} if _has_entries(view, account) else {}
    reconciler = BankReconciler(
        table_of_account(account.id, account.currency, lines.statement),
        table_of_account(account.id, account.currency, lines.ledger),
        Balances([closing], books),
    )
    for match in lines.matches:
        reconciler.take(match)
    (found,) = reconciler.reconciliations()
    found = found._replace(
        in_books_not_on_bank=_with_plain_ids(found.in_books_not_on_bank),
        on_bank_not_in_books=_with_plain_ids(found.on_bank_not_in_books),
    )
    if per_bank is not None:
        return found
    return found._replace(per_bank=None, difference=None, holds=None, reason=found.reason or "no_bank_balance")


def _of_side(account: Account, side: Side) -> tuple[Condition, ...]:
    """What the bank says of an account, or what is posted to it."""
    own = (Condition("account_id", "=", account.id), Condition("side", "=", side))
    if side == "statement":
        return (*own, Condition("origin", "in", (Origin.DOCUMENT, Origin.FEED)))
    return (*own, Condition("kind", "in", BOOK_ENTRY_KINDS))


def _has_entries(view: Reading, account: Account) -> bool:
    return bool(view.lines(account.entity_id, *_of_side(account, "ledger"), limit=1))


class _AccountLines(NamedTuple):
    """What the reconciliation at a day looks at: lines up to that day, and the live matches that tie them."""

    statement: list[Line]
    ledger: list[Line]
    matches: list[Match]


def _lines_of(view: Reading, account: Account, as_of: int) -> _AccountLines:
    """Lines after the starting day; one up to it counts where a match ties it to one after."""
    begin = NO_DAY if account.starting_day is None else account.starting_day
    after = Condition("booking_day", ">", begin)
    sides = {side: view.lines(account.entity_id, *_of_side(account, side), after) for side in _SIDES}
    tied = [each.line.id for lines in sides.values() for each in lines if each.used_minor_units]
    stored = view.matches_of(account.entity_id, tied, MatchStatus.CONFIRMED) if tied else []
    known = {each.line.id for lines in sides.values() for each in lines}
    others = sorted({leg.line_id for match in stored for leg in match.allocations} - known)
    if others and account.starting_day is not None:
        earlier = (Condition("id", "in", others), Condition("booking_day", "<=", begin))
        for side in _SIDES:
            sides[side] += view.lines(account.entity_id, *_of_side(account, side), *earlier)
    statement, ledger = (_up_to(sides[side], as_of) for side in _SIDES)
    return _AccountLines(statement, ledger, _matches_of(account, stored, [*statement, *ledger]))


def _up_to(lines: Iterable[LineNow], as_of: int) -> list[Line]:
    return [each.line for each in lines if each.line.booking_day <= as_of]


def _matches_of(account: Account, stored: Sequence[StoredMatch], lines: Sequence[Line]) -> list[Match]:
    """The matches with the legs of these lines alone, in the account's currency."""
    by_id = {line.id: line for line in lines}
    used: defaultdict[int, int] = defaultdict(int)
    found = []
    for each in stored:
        legs = []
        for leg in each.allocations:
            if leg.line_id in by_id:
                line = by_id[leg.line_id]
                before, used[line.id] = used[line.id], used[line.id] + leg.minor_units
                part = _share(account, line, used[line.id]) - _share(account, line, before)
                legs.append(Allocation(side_of(leg.side), sorting_id(line.id), part, account.currency))
        found.append(match_of(each)._replace(allocations=tuple(legs)))
    return found


def _share(account: Account, line: Line, used: int) -> int:
    """What a used part of a line is in the account's currency, rounded half to even; all of it is all of it."""
    if line.currency == account.currency:
        return used
    return round(Fraction(amount_in(line, account.currency) * used, line.minor_units))


def _with_plain_ids(outstanding: Outstanding) -> Outstanding:
    return outstanding._replace(lines=tuple(str(int(line)) for line in outstanding.lines))


def _per_bank(view: Reading, account: Account, as_of: int) -> int | None:
    """What the bank holds at the end of a day: its nearest stated balance, and the lines between; None if unknown.

    The last closing up to the day; else the starting balance; else the next closing after it, counted back. Of an
    account that nobody gave a starting day, the lines alone.
    """
    closings = _closings(view, account)
    last = last_of([each for each in closings if each.as_of <= as_of])
    if last is not None and last.closing is not None:
        return last.closing + _moved(view, account, last.as_of, as_of)
    if account.starting_day is not None:
        return account.starting_minor_units + _moved(view, account, account.starting_day, as_of)
    later = min((each.as_of for each in closings), default=None)
    following = last_of([each for each in closings if each.as_of == later])
    if following is not None and following.closing is not None:
        return following.closing - _moved(view, account, as_of, following.as_of)
    known = view.lines(account.entity_id, *_of_side(account, "statement"), limit=1)
    return account.starting_minor_units + _moved(view, account, NO_DAY, as_of) if known else None


def _closings(view: Reading, account: Account) -> list[AccountBalances]:
    """Every closing balance that a booked statement of the account states."""
    statements = view.all(
        StoredStatement,
        Condition("closing_minor_units", "!=", None),
        Condition("closing_day", "!=", None),
        entity_id=account.entity_id,
        account_id=account.id,
        kind=StatementKind.BOOKED,
    )
    return [
        AccountBalances("", each.currency, each.opening_minor_units, each.closing_minor_units, each.closing_day)
        for each in statements
        if each.currency == account.currency and each.closing_day is not None
    ]


def _moved(view: Reading, account: Account, after: int, through: int) -> int:
    """The sum of what the bank says it moved after one day, up to and including another."""
    days = (Condition("booking_day", ">", after), Condition("booking_day", "<=", through))
    own = Condition("currency", "=", account.currency)
    return view.line_totals(account.entity_id, *_of_side(account, "statement"), own, *days).minor_units
