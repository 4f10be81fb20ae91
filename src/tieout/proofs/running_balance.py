"""Book entries that carry the balance of their account: the column `balance` of a ledger file.

The balance stands after its entry, as an account ledger prints it. Which entry of a day came last is not written in
its date or id, so the balances themselves have to say it: each is the amount before it plus its own entry, and exactly
one of them is continued by no other.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals, minor_units_of

COLUMN = "balance"


class BalancedEntry(NamedTuple):
    """A book entry with the balance of its account after it, as the file writes it."""

    day: int
    minor_units: int
    balance: str  # decimal text; empty where the entry carries none


def balance_after(entries: Sequence[BalancedEntry], exponent: int) -> int | None:
    """The balance of the account after all these entries, in minor units; the order of the entries does not matter.

    None where the balances do not prove one: an entry carries none, one cannot be read, or a day does not follow the
    day before.
    """
    steps: defaultdict[int, list[_Step]] = defaultdict(list)
    for entry in entries:
        step = _running(entry, exponent)
        if step is None:
            return None
        steps[entry.day].append(step)
    balances: frozenset[int] | None = None  # which the account may have after the day; None: any
    for day in sorted(steps):
        balances = _after_day(steps[day], balances)
    return next(iter(balances)) if balances is not None and len(balances) == 1 else None


class _Step(NamedTuple):
    before: int
    after: int


def _running(entry: BalancedEntry, exponent: int) -> _Step | None:
    try:
        after = minor_units_of(entry.balance, exponent)
    except (NotAnAmount, TooManyDecimals, AmountOutOfRange):
        return None
    return _Step(after - entry.minor_units, after)


def _after_day(steps: Sequence[_Step], before: frozenset[int] | None) -> frozenset[int]:
    """The balances that an account may have after a day, given those before it; none where the day cannot follow.

    Entries that lead from one balance to another end at the one that no other entry starts from. Entries that lead
    back to where they began may have begun at any of their balances.
    """
    left = Counter(step.after for step in steps)
    left.subtract(step.before for step in steps)
    starts = [balance for balance, count in left.items() for _ in range(-count)]
    ends = [balance for balance, count in left.items() for _ in range(count)]
    if not ends:
        passed = frozenset(step.after for step in steps)
        return passed if before is None else passed & before
    follows = len(ends) == 1 and (before is None or starts[0] in before)
    return frozenset(ends) if follows else frozenset()
