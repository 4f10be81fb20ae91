"""What may be entered as a line: the request, and every rule that it can break."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tieout.domain.accounts import Account
from tieout.domain.kinds import BOOK_ENTRY_KINDS, kinds_of
from tieout.domain.lines import Line
from tieout.domain.people import Entity
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.days import is_day
from tieout.services.period_locks import LockedDays, locked_days
from tieout.services.texts import text_refusals
from tieout.store.protocols import Reading

# What one call may carry; more go in several calls, or as a document.
LINES_MAX = 10_000
# More than that nobody corrects before trying again.
REFUSALS_SHOWN_MAX = 100

_SIDES = ("statement", "ledger")
_RATE = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)
_IDS = re.compile(r"(?:[0-9]{1,16}(?: [0-9]{1,16})*)?", re.ASCII)
SAID_ELSEWHERE = ("parent_id", "transfer_id", "paid_day")
TEXTS = (
    "reference",
    "counterparty",
    "counterparty_account",
    "batch",
    "description",
    "native_id",
    "settles",
    "rate",
    "extra",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRequest:
    """A line to enter; the fields mean what they mean in domain.lines.Line.

    What a line belongs to (parent_id, transfer_id) and whether it is paid is said by the services of invoices, journal
    entries, transfers and payments: a request that says so itself is refused.
    """

    side: str  # statement, ledger
    kind: str
    account_id: int  # 0 where an open item names none
    currency: str
    minor_units: int
    booking_day: int
    value_day: int | None = None
    reference: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    batch: str = ""
    description: str = ""
    native_id: str = ""
    settles: str = ""
    foreign_minor_units: int | None = None
    foreign_currency: str = ""
    rate: str = ""
    parent_id: int | None = None
    transfer_id: int | None = None
    paid_day: int | None = None
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What lines of one entity are checked against, as it is at one moment."""

    currency: str  # functional
    accounts: Mapping[int, Account]
    locked: LockedDays


def ground_of(view: Reading, entity_id: int) -> Ground:
    """The ground of an entity that exists."""
    entity = view.one(Entity, id=entity_id)
    assert entity is not None, "a principal sees only entities that exist"
    accounts = {account.id: account for account in view.all(Account, entity_id=entity_id)}
    return Ground(entity.currency, accounts, locked_days(view, entity_id))


def line_refusals(line: LineRequest | Line, ground: Ground, where: str = "") -> list[Refusal]:
    """Every rule that a line breaks by itself; `where` goes before the field: "lines[3]."."""
    return [
        *(Refusal(code, where + name, facts) for code, name, facts in _broken(line, ground)),
        *text_refusals((where + name, getattr(line, name)) for name in TEXTS),
        *ground.locked.refusals(line.account_id, line.booking_day, f"{where}booking_day"),
    ]


_Broken = tuple[str, str, tuple[tuple[str, str], ...]]


def _broken(line: LineRequest | Line, ground: Ground) -> Iterator[_Broken]:
    if isinstance(line, LineRequest):
        yield from (("not_allowed", name, ()) for name in SAID_ELSEWHERE if getattr(line, name) is not None)
    yield from placing_faults(line.side, line.kind, line.account_id, line.currency, ground)
    for name in ("minor_units", "foreign_minor_units"):
        amount = getattr(line, name)
        if amount is not None and not -MINOR_UNITS_MAX <= amount <= MINOR_UNITS_MAX:
            yield "amount_out_of_range", name, ()
    for name in ("booking_day", "value_day", "paid_day"):
        day = getattr(line, name)
        if day is not None and not is_day(day):
            yield "bad_date", name, ()
    if line.foreign_currency and line.foreign_currency not in EXPONENTS:
        yield "unknown_currency", "foreign_currency", ()
    if bool(line.foreign_currency) != (line.foreign_minor_units is not None):
        yield "required", "foreign_minor_units" if line.foreign_currency else "foreign_currency", ()
    if line.rate and (_RATE.fullmatch(line.rate) is None or not line.rate.strip("0.")):
        yield "not_an_amount", "rate", ()
    if _IDS.fullmatch(line.settles) is None:
        yield "not_allowed", "settles", ()


def placing_faults(side: str, kind: str, account_id: int, currency: str, ground: Ground) -> Iterator[_Broken]:
    """What is wrong with where a line is put: its side, kind, account and currency, as code, field and facts.

    A statement line is in its account's currency; a book entry in that or in the functional one; an open item in any.
    """
    if side not in _SIDES:
        yield "not_allowed", "side", ()
        return
    if kind not in kinds_of("statement" if side == "statement" else "ledger"):
        yield "not_allowed", "kind", ()
    if currency not in EXPONENTS:
        yield "unknown_currency", "currency", ()
    open_item = side == "ledger" and kind not in BOOK_ENTRY_KINDS
    account = ground.accounts.get(account_id)
    if account is None:
        if account_id:
            yield "not_found", "account_id", ()
        elif not open_item:
            yield "required", "account_id", ()
        return
    if account.archived_at is not None:
        yield "account_archived", "account_id", (("account", str(account.id)),)
    allowed = {account.currency} if side == "statement" else {account.currency, ground.currency}
    if currency in EXPONENTS and not open_item and currency not in allowed:
        yield "currency_differs", "currency", (("account", str(account.id)), ("currency", account.currency))
