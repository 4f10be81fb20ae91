"""Which of the balances that a statement lists is its booked opening, and which its booked closing."""

from collections.abc import Sequence
from typing import NamedTuple

from tieout.contracts.building import StatementBuilder
from tieout.domain.statements import Balance
from tieout.importers._camt_notes import At, Notes
from tieout.importers._camt_texts import (
    SIGNS,
    UNREADABLE_AMOUNT,
    Texts,
    day_written,
    unsigned,
)
from tieout.importers._camt_xml import Element

# In the order of preference; interim balances count only where two or more show where a page begins and ends.
OPENINGS = ("OPBD", "PRCD")
CLOSINGS = ("CLBD",)
_INTERIM = "ITBD"
_BOOKED = frozenset((*OPENINGS, *CLOSINGS, _INTERIM))


class StatedBalance(NamedTuple):
    """A booked balance as the statement states it, unread."""

    code: str  # OPBD, PRCD, CLBD or ITBD
    amount: str
    currency: str
    mark: str
    day: str
    at: At


def booked_balance(element: Element, at: At) -> StatedBalance | None:
    """A Bal element; None for one that is not booked: available, forward, expected and informational balances."""
    texts = Texts(element)
    code = texts.first("Tp/CdOrPrtry/Cd", "Tp/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Prtry")
    if code not in _BOOKED:
        return None
    amount = element.find("{*}Amt")
    currency = "" if amount is None else amount.get("Ccy", "").strip()
    day = texts.first("Dt/Dt", "Dt/DtTm", "Dt")
    return StatedBalance(code, texts.first("Amt"), currency, texts.first("CdtDbtInd"), day, at)


def set_balances(builder: StatementBuilder, stated: Sequence[StatedBalance], notes: Notes) -> None:
    """Set the opening and closing balance of a statement from the balances of all its pages, in their order.

    Opening: OPBD, else PRCD, else the first of two or more ITBD. Closing: CLBD, else the last of two or more ITBD.
    A lone ITBD is neither.
    """
    interim = [balance for balance in stated if balance.code == _INTERIM]
    openings = _of_first_code(OPENINGS, stated) or (interim if len(interim) > 1 else [])
    closings = _of_first_code(CLOSINGS, stated) or (interim if len(interim) > 1 else [])
    builder.opening = _read_one("opening", openings, builder, notes)
    builder.closing = _read_one("closing", closings[::-1], builder, notes)


def _of_first_code(codes: Sequence[str], stated: Sequence[StatedBalance]) -> list[StatedBalance]:
    found = ([balance for balance in stated if balance.code == code] for code in codes)
    return next((balances for balances in found if balances), [])


def _read_one(
    role: str, candidates: Sequence[StatedBalance], builder: StatementBuilder, notes: Notes
) -> Balance | None:
    """The first candidate in the account's currency, else the first; None where it cannot be read."""
    own = builder.currency
    stated = next((each for each in candidates if not own or each.currency in (own, "")), None)
    if stated is None:
        if not candidates:
            return None
        stated = candidates[0]
        what = f"the {role} balance is stated in {stated.currency}, the account is kept in {own}; its figure is used"
        notes.warn("balance_currency", what, stated.at, f"{stated.currency} {stated.amount}")
    if stated.mark not in (*SIGNS, ""):
        what = f"the mark {stated.mark!r} of the {role} balance is neither CRDT nor DBIT"
        notes.warn("unreadable_balance", what, stated.at)
        return None
    try:
        amount = SIGNS.get(stated.mark, 1) * unsigned(stated.amount, builder)
    except UNREADABLE_AMOUNT as problem:
        what = str(problem) if stated.amount else "no amount is stated"
        notes.warn("unreadable_balance", f"the {role} balance cannot be read: {what}", stated.at)
        return None
    on = day_written(stated.day)
    if on is None and stated.day:
        notes.warn("bad_date", f"the date of the {role} balance is no calendar day", stated.at, stated.day)
    return Balance(amount, on)
