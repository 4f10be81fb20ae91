"""Book entries that carry the balance of their account: the column `balance` of a ledger file.

The balance stands after its entry, as an account ledger prints it. Which entry of a day came last is not written in
its date or id, so the balances themselves have to say it: each is the amount before it plus its own entry, and exactly
one of them is continued by no other.
"""

from collections import Counter
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

    None where the balances do not prove one: an entry carries none, one cannot be read, or they do not follow each
    other.
    """
    running = [_running(entry, exponent) for entry in entries]
    steps = [step for step in running if step is not None]
    if not steps or len(steps) < len(running):
        return None
    if len(_ends(steps)) > 1:
        return None
    last_day = max(entry.day for entry in entries)
    ends = _ends(steps) or _ends([step for entry, step in zip(entries, steps, strict=True) if entry.day == last_day])
    return ends[0] if len(ends) == 1 else None


class _Step(NamedTuple):
    before: int
    after: int


def _running(entry: BalancedEntry, exponent: int) -> _Step | None:
    try:
        after = minor_units_of(entry.balance, exponent)
    except (NotAnAmount, TooManyDecimals, AmountOutOfRange):
        return None
    return _Step(after - entry.minor_units, after)


def _ends(steps: Sequence[_Step]) -> list[int]:
    """Balances from which no entry starts; none where the entries lead back to where they began."""
    left = Counter(step.after for step in steps)
    left.subtract(step.before for step in steps)
    return [balance for balance, count in left.items() for _ in range(count)]
