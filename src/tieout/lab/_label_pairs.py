"""Decides pairs that only amount and date tie: counts for every line what else on the other side could be meant."""

from collections.abc import Iterable, Sequence

from tieout.lab._chance import Density
from tieout.lab._draft import Group, Line
from tieout.lab._label_named import decide

# Window of pass amount_and_date in the default plan.
AMOUNT_DAYS = 10


def label_pairs(
    groups: Sequence[Group], statement: Sequence[Line], ledger: Sequence[Line], days: int, same_account: bool
) -> None:
    """Pass amount_and_date: the pair is alone in both directions, and a party agrees or the amount is rare.

    same_account: book entries tie only to lines of their own account.
    A line with candidates that is not decided here is contested: an engine may use it for one of them.
    """
    reach = _Reach(statement, ledger, same_account)
    found = [group for group in groups if reach.is_sole(group)]
    densities = Density(statement, days), Density(ledger, days)
    for group in [group for group in found if agree(*_pair(group)) or _is_rare(group, densities, reach)]:
        decide(group)
    for line in reach.lines_with_candidates():
        line.contested = line.contested or not line.matched


def agree(line: Line, other: Line) -> bool:
    """Whether the account numbers are the same, or the names are clearly those of one party."""
    if line.party_account and line.party_account == other.party_account:
        return True
    return line.party is not None and line.party is other.party and line.clear_name and other.clear_name


def contradict(line: Line, other: Line) -> bool:
    """Whether the lines are surely of two parties: known account numbers differ, or no word of the names is alike."""
    if line.party_account and other.party_account and line.party_account != other.party_account:
        return True
    known = line.party is not None and other.party is not None
    return known and line.party is not other.party and line.party.marks.isdisjoint(other.party.marks)  # type: ignore[union-attr]


def _pair(group: Group) -> tuple[Line, Line]:
    return group.statement[0], group.ledger[0]


def _is_rare(group: Group, densities: tuple[Density, Density], reach: "_Reach") -> bool:
    line, other = _pair(group)
    own = len(reach.candidates(line))
    return densities[0].is_rare(line.currency, line.minor_units, AMOUNT_DAYS, own) and densities[1].is_rare(
        other.currency, other.minor_units, AMOUNT_DAYS, own
    )


class _Reach:
    """For every line the lines of the other side with its amount, inside the window, that no party contradicts."""

    def __init__(self, statement: Sequence[Line], ledger: Sequence[Line], same_account: bool) -> None:
        self._candidates: dict[int, list[Line]] = {}
        self._lines: list[Line] = []
        cells = _cells(statement, ledger, same_account)
        for lines, others in cells:
            self._look(lines, others)
            self._look(others, lines)

    def candidates(self, line: Line) -> list[Line]:
        """Lines of the other side that could be meant; twins all stand in it, others at most two."""
        return self._candidates.get(id(line), [])

    def lines_with_candidates(self) -> Iterable[Line]:
        """Every line that has at least one candidate."""
        return (line for line in self._lines if self._candidates[id(line)])

    def is_sole(self, group: Group) -> bool:
        """Whether the pair, or the set of twins it belongs to, is alone in both directions and equal in number."""
        if len(group.statement) != 1 or len(group.ledger) != 1:
            return False
        line, other = _pair(group)
        if line.contested or other.contested or other not in self.candidates(line):
            return False
        ahead, back = self.candidates(line), self.candidates(other)
        alike = all(one.is_like(other) for one in ahead) and all(one.is_like(line) for one in back)
        return alike and len(ahead) == len(back)

    def _look(self, lines: Sequence[Line], others: Sequence[Line]) -> None:
        """Candidates of each line; `others` in order of days."""
        first = 0
        for line in lines:
            while first < len(others) and others[first].day < line.day - AMOUNT_DAYS:
                first += 1
            self._candidates[id(line)] = _up_to_two_kinds(line, others, first)
            self._lines.append(line)


def _up_to_two_kinds(line: Line, others: Sequence[Line], first: int) -> list[Line]:
    """All candidates where they are twins; otherwise two that are none: enough to know of more than one answer."""
    found: list[Line] = []
    for place in range(first, len(others)):
        other = others[place]
        if other.day > line.day + AMOUNT_DAYS:
            break
        if not contradict(line, other):
            if found and not other.is_like(found[0]):
                return [found[0], other]
            found.append(other)
    return found


def _cells(
    statement: Sequence[Line], ledger: Sequence[Line], same_account: bool
) -> Iterable[tuple[list[Line], list[Line]]]:
    """Lines of both sides with one currency and amount, each in order of days."""
    cells: dict[tuple[str, int, str], tuple[list[Line], list[Line]]] = {}
    for line in ledger:
        key = (line.currency, line.minor_units, line.account if same_account else "")
        cells.setdefault(key, ([], []))[1].append(line)
    for line in statement:
        cell = cells.get((line.currency, line.minor_units, line.account if same_account else ""))
        if cell is not None:
            cell[0].append(line)
    for lines, others in cells.values():
        if lines:
            yield sorted(lines, key=lambda line: line.day), sorted(others, key=lambda line: line.day)
