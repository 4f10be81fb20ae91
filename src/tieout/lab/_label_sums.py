"""Decides payments of several documents, and documents paid in parts, by counting every sum inside one party."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from tieout.lab._chance import subsets, sum_is_rare
from tieout.lab._draft import Group, Line
from tieout.lab._label_named import decide, within_days

# Window and limit of pass sum_of_many in the default plan.
SUM_DAYS = 45
LINES_MAX = 5
# More sums than this are not counted: long before, chance alone makes the answer worthless.
SUMS_MAX = 20_000

_Key = tuple[int, str, str]


def label_sums(
    groups: Sequence[Group],
    later: Sequence[Group],
    statement: Sequence[Line],
    ledger: Sequence[Line],
    same_account: bool,
) -> None:
    """Pass sum_of_many: the only sum in its party and window, sharing no line with another sum, and rare.

    later: groups of later passes; a line of theirs that some sum could use is contested.
    same_account: book entries tie only to lines of their own account.
    """
    wanted: defaultdict[_Key, list[Group]] = defaultdict(list)
    for group in groups:
        if _is_sum_of_one_party(group):
            wanted[_key(group.statement[0], same_account)].append(group)
    for line in (line for group in later for line in group.lines):
        if line.party is not None:
            wanted.setdefault(_key(line, same_account), [])
    sides = _blocks(wanted, statement, same_account), _blocks(wanted, ledger, same_account)
    for key, members in wanted.items():
        _label_block(members, sides[0][key], sides[1][key])


def _key(line: Line, same_account: bool) -> _Key:
    return id(line.party), line.currency, line.account if same_account else ""


def _is_sum_of_one_party(group: Group) -> bool:
    one, many = sorted((group.statement, group.ledger), key=len)
    party = one[0].party
    clear = all(line.party is party and line.clear_name and not line.contested for line in group.lines)
    named = any(line.documents for line in group.statement)
    return party is not None and clear and not named and len(one) == 1 and 2 <= len(many) <= LINES_MAX


def _blocks(
    wanted: dict[_Key, list[Group]], lines: Sequence[Line], same_account: bool
) -> defaultdict[_Key, list[Line]]:
    blocks: defaultdict[_Key, list[Line]] = defaultdict(list)
    for line in lines:
        key = _key(line, same_account)
        if key in wanted:
            blocks[key].append(line)
    return blocks


def _label_block(groups: Sequence[Group], statement: Sequence[Line], ledger: Sequence[Line]) -> None:
    """Decide the groups of one block that are the only answer for each of their lines."""
    hits = _all_sums(statement, ledger)
    if hits is None:
        for line in (*statement, *ledger):
            line.contested = True
        return
    uses = Counter(line for hit in hits for line in hit)
    for group in groups:
        lines = frozenset(group.lines)
        if lines in hits and all(uses[line] == 1 for line in lines) and _is_rare(group, statement, ledger):
            decide(group)
    for line in uses:
        line.contested = line.contested or not line.matched


def _all_sums(statement: Sequence[Line], ledger: Sequence[Line]) -> list[frozenset[Line]] | None:
    """Every sum of either side that gives a line of the other, with that line; None where they are too many."""
    hits: list[frozenset[Line]] = []
    for line, others in [(line, ledger) for line in statement] + [(line, statement) for line in ledger]:
        near = [other for other in others if within_days([line], [other], SUM_DAYS)]
        if subsets(len(near), LINES_MAX) > SUMS_MAX:
            return None
        hits += [frozenset((line, *some)) for some in _sums(line, near)]
    return hits


def _sums(line: Line, near: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    for count in range(2, min(len(near), LINES_MAX) + 1):
        for some in combinations(near, count):
            if sum(other.minor_units for other in some) == line.minor_units:
                yield some


def _is_rare(group: Group, statement: Sequence[Line], ledger: Sequence[Line]) -> bool:
    one = group.statement[0] if len(group.statement) == 1 else group.ledger[0]
    others = ledger if len(group.statement) == 1 else statement
    amounts = [other.minor_units for other in others if within_days([one], [other], SUM_DAYS)]
    return sum_is_rare(amounts, one.minor_units, LINES_MAX)
