"""What the kind of a provider's entry says of how it may be tied; a bank's lines have no kind."""

import re
from collections.abc import Collection

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column, texts_at
from tieout.matching.codes import NO_CODE
from tieout.matching.columns import SideColumns

# Money and balances that only change place: no open item is settled by them.
ONLY_MOVED = frozenset({"payout", "carry_over", "reserve_hold", "reserve_release", "chargeback_reversed"})
# What may leave one account for another.
MAY_BE_TRANSFERRED = frozenset({"", "payout", "adjustment"})

# Which earlier entry each later one may take back.
_TAKES_BACK = {
    "": ("",),
    "refund": ("sale", "refund"),
    "sale": ("sale", "refund"),
    "chargeback": ("sale",),
    "chargeback_reversed": ("chargeback",),
    "reserve_release": ("reserve_hold",),
    "carry_over": ("carry_over",),
    "payout": ("payout",),
    "fee": ("fee",),
    "tax": ("tax",),
    "adjustment": ("adjustment",),
    "exchange": ("exchange",),
}
# Those whose kind alone says that they end what an earlier entry began.
_ENDS = frozenset({"chargeback_reversed", "reserve_release", "carry_over"})

_WORD = re.compile(r"[^\W_]+")
# A shorter number in a bank's text may mean anything.
_NUMBER_LENGTH_MIN = 5
_PROVIDER_LENGTH_MIN = 4


def of_kinds(side: SideColumns, kinds: Collection[str]) -> BoolColumn:
    """Which rows of a side have one of the kinds."""
    wanted = np.array([name in kinds for name in side.table.kind.names] or [False], dtype=np.bool_)
    if not wanted.any() or not len(side):
        return np.zeros(len(side), dtype=np.bool_)
    return np.asarray(wanted[side.table.kind.codes], dtype=np.bool_)


def takes_back(side: SideColumns, later: Int64Column, earlier: Int64Column) -> BoolColumn:
    """Per pair whether the kind of the later row may take back that of the earlier one."""
    names = side.table.kind.names or ("",)
    allowed = np.array([[other in _TAKES_BACK.get(name, ()) for other in names] for name in names], dtype=np.bool_)
    codes = side.table.kind.codes
    return np.asarray(allowed[codes[later], codes[earlier]], dtype=np.bool_)


def ends(side: SideColumns, later: Int64Column, earlier: Int64Column) -> BoolColumn:
    """Per pair whether the later row ends what the earlier one began: a hold, a chargeback, a balance carried on.

    Both amounts are equal and opposite, and no other order is named.
    """
    cancel = side.amount[later] + side.amount[earlier] == 0
    references = side.reference[later], side.reference[earlier]
    elsewhere = (references[0] != references[1]) & (references[0] != NO_CODE) & (references[1] != NO_CODE)
    ending = of_kinds(side, _ENDS)[later] & takes_back(side, later, earlier) & cancel & ~elsewhere
    return np.asarray(ending, dtype=np.bool_)


def has_direction(side: SideColumns, later: Int64Column) -> BoolColumn:
    """Per row whether its kind says that it is the later one of a pair, however the two lie in one day."""
    return of_kinds(side, _ENDS - {"carry_over"})[later]


def names_batch(side: SideColumns, payout: int, other: int) -> bool:
    """Whether the text of a bank line names the batch, or a number, that the payout has."""
    batch, reference, native_id = (_text(column, payout) for column in _numbers(side))
    own = {word for word in _words(f"{reference} {native_id}") if _tells(word)} | set(_words(batch))
    return not own.isdisjoint(_words(_said(side, other)))


def names_provider(side: SideColumns, payout: int, other: int) -> bool:
    """Whether the text of a bank line names the provider that the payout's account is called after."""
    provider = next(iter(_words(side.table.account.at(payout))), "")
    return len(provider) >= _PROVIDER_LENGTH_MIN and provider in "".join(_words(_said(side, other)))


def _numbers(side: SideColumns) -> tuple[object, ...]:
    return side.table.batch, side.table.reference, side.table.native_id


def _said(side: SideColumns, row: int) -> str:
    table = side.table
    return " ".join(
        _text(column, row) for column in (table.reference, table.counterparty, table.description, table.batch)
    )


def _text(column: object, row: int) -> str:
    return texts_at(column, [row])[0]  # type: ignore[arg-type]


def _words(text: str) -> list[str]:
    return [word.upper() for word in _WORD.findall(text)]


def _tells(word: str) -> bool:
    return len(word) >= _NUMBER_LENGTH_MIN and any(mark.isdigit() for mark in word)
