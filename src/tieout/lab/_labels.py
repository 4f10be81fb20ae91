"""Labels every true group: is it the only answer that the default plan can find over these lines?

The passes of the default plan are followed in their order, first for book entries, then for open items, then within the
statement, by counting and nothing else; nothing here knows the matching engine. A group that one pass decides leaves
its lines out of the count of the later ones. Where a line has another candidate, or a limit or an estimate is near, the
label is False: a cautious label can hide an answer from recall, but never demand one that nobody can give.
"""

from collections.abc import Callable

from tieout.domain.kinds import is_book_entry
from tieout.lab._draft import Draft, Group, Line
from tieout.lab._label_inside import label_reversals, label_transfers
from tieout.lab._label_named import label_batches, label_named
from tieout.lab._label_pairs import label_pairs
from tieout.lab._label_sums import label_sums


def label(draft: Draft) -> list[tuple[Line, ...]]:
    """Set `decidable` on every group; returns the sets of interchangeable lines of both sides."""
    twins = _find_twins(draft.statement) + _find_twins(draft.ledger)
    within = [group for group in draft.groups if group.kind == "within"]
    for posted in (True, False):
        _label_across(draft, within, posted)
    label_transfers(within, _open(draft.statement), draft.days)
    label_reversals(_undecided(within), draft.statement)
    return twins


def _label_across(draft: Draft, within: list[Group], posted: bool) -> None:
    """The passes over book entries (posted), or over open items."""
    across = [group for group in draft.groups if group.kind == "across"]
    groups = [group for group in across if is_book_entry(group.ledger[0].kind) is posted]
    ledger = [line for line in draft.ledger if not line.settled and is_book_entry(line.kind) is posted]
    label_named(groups, _open(draft.statement), ledger)
    label_batches(groups, _open(draft.statement), _open(ledger), draft.days)
    label_pairs(_undecided(groups), _open(draft.statement), _open(ledger), draft.days, same_account=posted)
    label_sums(_undecided(groups), within, _open(draft.statement), _open(ledger), same_account=posted)


def _open(lines: list[Line]) -> list[Line]:
    return [line for line in lines if not line.matched]


def _undecided(groups: list[Group]) -> list[Group]:
    return [group for group in groups if not group.decidable]


def _find_twins(lines: list[Line]) -> list[tuple[Line, ...]]:
    """Lines alike in account, amount, party, day, batch, kind and every number they carry, in order of their first."""
    crowds = _crowds(lines, lambda line: (line.minor_units, line.day, line.currency))
    sets = [tuple(alike) for crowd in crowds for alike in _crowds(crowd, _appearance)]
    for alike in sets:
        for line in alike:
            line.twins = alike
    return sets


def _crowds(lines: list[Line], key: Callable[[Line], tuple[object, ...]]) -> list[list[Line]]:
    """Lines that share a key with another one."""
    first: dict[tuple[object, ...], Line] = {}
    crowds: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        known = key(line)
        if first.setdefault(known, line) is not line:
            crowds.setdefault(known, [first[known]]).append(line)
    return list(crowds.values())


def _appearance(line: Line) -> tuple[object, ...]:
    return (
        line.currency,
        line.minor_units,
        line.day,
        line.account,
        line.name,
        line.party_account,
        line.reference,
        line.documents,
        line.batch,
        line.kind,
        line.settled,
    )
