"""From the opening balance of an account to its closing balance, by what became of its movements."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column, LineTable
from tieout.domain.results import AccountProof, OpenLine
from tieout.kernel.currencies import EXPONENTS

StepKind: TypeAlias = Literal[
    "opening", "in_tied", "in_open", "out_tied", "out_open", "set_aside", "unexplained", "closing"
]


class Step(NamedTuple):
    """One bar: from where to where the balance goes; for opening and closing, from zero."""

    kind: StepKind
    minor_units: int  # signed; the balance itself for opening and closing
    start: int
    end: int


class Waterfall(NamedTuple):
    """One account in one currency. Opening plus every step gives the closing balance, exactly.

    `stated` is False where the file states no balances: the steps then begin at zero.
    `unexplained` is the part of the movement between the stated balances that no line explains.
    """

    account: str
    currency: str
    stated: bool
    steps: tuple[Step, ...]


def waterfalls(
    statement: LineTable,
    proofs: Sequence[AccountProof],
    parts: Iterable[OpenLine],
    ignored_rows: Sequence[int],
    earlier_rows: Sequence[int] = (),
) -> tuple[Waterfall, ...]:
    """One waterfall per account and currency of the statement side, in the order of the proofs, then by name.

    parts: the open lines of the result; those of the ledger are passed over.
    ignored_rows: rows of statement lines that a decision sets aside.
    earlier_rows: rows of statement lines brought forward, which moved before the opening balance.
    An account whose statements do not follow each other has no one opening and closing balance, and none is made up.
    """
    remaining = np.zeros(len(statement), dtype=np.int64)
    for part in parts:
        if part.side == "statement":
            remaining[part.row] = part.remaining
    aside = np.zeros(len(statement), dtype=np.bool_)
    aside[list(ignored_rows)] = True
    moved = np.ones(len(statement), dtype=np.bool_)
    moved[list(earlier_rows)] = False
    drawn = []
    for account, currency in _accounts_of(statement, proofs):
        ends = _ends([proof for proof in proofs if (proof.account, proof.currency) == (account, currency)])
        rows = _rows_of(statement, account, currency)
        rows = rows[moved[rows]]
        if ends is not None and len(rows):
            movements = _movements(statement.minor_units[rows], remaining[rows], aside[rows])
            drawn.append(_drawn(account, currency, ends, movements))
    return tuple(drawn)


def _accounts_of(statement: LineTable, proofs: Sequence[AccountProof]) -> list[tuple[str, str]]:
    accounts, currencies = statement.account, statement.currency
    numbers = np.unique(accounts.codes.astype(np.int64) * len(currencies.names) + currencies.codes).tolist()
    places = [divmod(number, len(currencies.names)) for number in numbers]
    pairs = {(accounts.names[account], currencies.names[currency]) for account, currency in places}
    proved = dict.fromkeys((proof.account, proof.currency) for proof in proofs)
    return [*(pair for pair in proved if pair in pairs), *sorted(pairs - proved.keys())]


def _rows_of(statement: LineTable, account: str, currency: str) -> Int64Column:
    account_code, currency_code = statement.account.names.index(account), statement.currency.names.index(currency)
    of_account = (statement.account.codes == account_code) & (statement.currency.codes == currency_code)
    return np.flatnonzero(of_account).astype(np.int64)


class _Ends(NamedTuple):
    stated: bool
    opening: int
    closing: int


def _ends(proofs: list[AccountProof]) -> _Ends | None:
    """The first opening and the last closing of statements that follow each other; None where they do not.

    Between statements that follow each other every other balance is both an opening and a closing.
    """
    stated = {(proof.opening, proof.closing) for proof in proofs}
    if any(proof.exponent != EXPONENTS.get(proof.currency, 2) for proof in proofs):
        return None
    if not stated or any(None in pair for pair in stated):
        return _Ends(stated=False, opening=0, closing=0)
    openings, closings = Counter(opening for opening, _ in stated), Counter(closing for _, closing in stated)
    first, last = list((openings - closings).elements()), list((closings - openings).elements())
    if len(first) == len(last) == 1 and first[0] is not None and last[0] is not None:
        return _Ends(stated=True, opening=first[0], closing=last[0])
    opening = proofs[0].opening
    if not first and not last and opening is not None:
        return _Ends(stated=True, opening=opening, closing=opening)
    return None


def _movements(minor_units: Int64Column, remaining: Int64Column, aside: BoolColumn) -> list[tuple[StepKind, int]]:
    open_parts = np.where(aside, 0, remaining)
    tied = np.where(aside, 0, minor_units - open_parts)
    into = minor_units > 0
    return [
        ("in_tied", exact_sum(tied[into])),
        ("in_open", exact_sum(open_parts[into])),
        ("out_tied", exact_sum(tied[~into])),
        ("out_open", exact_sum(open_parts[~into])),
        ("set_aside", exact_sum(minor_units[aside])),
    ]


def _drawn(account: str, currency: str, ends: _Ends, movements: list[tuple[StepKind, int]]) -> Waterfall:
    moved = sum(minor_units for _, minor_units in movements)
    closing = ends.closing if ends.stated else moved
    steps = [Step("opening", ends.opening, 0, ends.opening)]
    level = ends.opening
    for kind, minor_units in [*movements, ("unexplained", closing - ends.opening - moved)]:
        if minor_units or kind in ("in_tied", "in_open", "out_tied", "out_open"):
            steps.append(Step(kind, minor_units, level, level + minor_units))
            level += minor_units
    return Waterfall(account, currency, ends.stated, (*steps, Step("closing", closing, 0, closing)))


def exact_sum(column: Int64Column) -> int:
    """The sum of a column, whatever its size: NumPy alone would wrap around silently."""
    high, low = column >> 32, column & 0xFFFF_FFFF
    return (int(high.sum()) << 32) + int(low.sum())
