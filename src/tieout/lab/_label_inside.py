"""Decides lines of the statement that cancel: own transfers and returned payments."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from tieout.lab._chance import Density
from tieout.lab._draft import Group, Line
from tieout.lab._label_named import decide
from tieout.lab._label_pairs import contradict
from tieout.lab._texts import normalised

# Windows of passes transfer and reversal in the default plan.
TRANSFER_DAYS = 5
REVERSAL_DAYS = 45


def label_transfers(groups: Sequence[Group], statement: Sequence[Line], days: int) -> None:
    """Pass transfer: the only opposite line on another own account, which one leg names or whose amount is rare."""
    opposite = _Opposites(statement, _could_be_transfer)
    density = Density(statement, days)
    for group in [group for group in groups if opposite.is_sole(group)]:
        out, back = group.statement
        named = out.party_account == back.account or back.party_account == out.account
        if named or density.is_rare(back.currency, back.minor_units, TRANSFER_DAYS):
            decide(group)
    for line in statement:
        line.contested = line.contested or (not line.matched and opposite.has_candidate(line))


def label_reversals(groups: Sequence[Group], statement: Sequence[Line]) -> None:
    """Pass reversal: the only opposite line on the account with the same reference, or with a text of a return.

    statement: all lines; a return may also take back a payment that is already matched.
    """
    opposite = _Opposites(statement, _could_be_return)
    for group in groups:
        if opposite.is_sole(group):
            decide(group)


def _could_be_transfer(line: Line, other: Line) -> bool:
    return line.account != other.account and -TRANSFER_DAYS <= line.day - other.day <= TRANSFER_DAYS


def _could_be_return(line: Line, other: Line) -> bool:
    if line.account != other.account or not -REVERSAL_DAYS <= line.day - other.day <= REVERSAL_DAYS:
        return False
    same = bool(line.reference) and normalised(line.reference) == normalised(other.reference)
    return same or ((line.says_return or other.says_return) and not contradict(line, other))


class _Opposites:
    """Counts, for every line, the lines of the opposite amount that a rule admits."""

    def __init__(self, statement: Sequence[Line], admits: Callable[[Line, Line], bool]) -> None:
        self._admits = admits
        self._by_amount: defaultdict[tuple[str, int], list[Line]] = defaultdict(list)
        for line in statement:
            self._by_amount[line.currency, line.minor_units].append(line)

    def has_candidate(self, line: Line) -> bool:
        """Whether any line could cancel this one."""
        return any(self._admits(line, other) for other in self._of(line))

    def is_sole(self, group: Group) -> bool:
        """Whether the two lines of the group are each other's only candidate and no earlier pass may take one."""
        if any(line.matched or line.contested for line in group.lines) or len(group.lines) != 2:
            return False
        first, second = group.statement
        return self._only(first) is second and self._only(second) is first

    def _only(self, line: Line) -> Line | None:
        found = [other for other in self._of(line) if self._admits(line, other)]
        return found[0] if len(found) == 1 else None

    def _of(self, line: Line) -> Sequence[Line]:
        return self._by_amount.get((line.currency, -line.minor_units), ())
