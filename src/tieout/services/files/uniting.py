"""Unites statements of overlapping files: the same file twice is one, two equal coffees stay two.

A bank's own id is evidence, not a key, so entries are counted: files that follow each other by their balances add up,
files that overlap hold each entry as often as the one that shows it most often.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from tieout.domain.statements import Statement, StatementEntry, StatementKind

_Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """A booked entry with the account and the file it comes from."""

    account: str  # the provider where the file names none, "-" where it does not say either
    currency: str
    file: int  # position of its file
    entry: StatementEntry


def united(files: Sequence[Sequence[Statement]]) -> list[PlacedEntry]:
    """The booked entries of all files, each as often as it happened, in the order of files, statements and entries.

    files: the statements of each file. Intraday statements and advices are left out: they are not booked, or list
    again what a statement has.
    """
    by_account: defaultdict[tuple[str, str], list[tuple[int, Statement]]] = defaultdict(list)
    for number, statements in enumerate(files):
        for statement in statements:
            if statement.kind is StatementKind.BOOKED:
                by_account[statement.account_name, statement.currency or ""].append((number, statement))
    return [
        PlacedEntry(account, currency, number, entry)
        for (account, currency), placed in by_account.items()
        for number, entry in _of_account(placed)
    ]


def _of_account(placed: list[tuple[int, Statement]]) -> Iterable[tuple[int, StatementEntry]]:
    """The entries of one account: per key as many as the group of files that shows most of them."""
    group = chained_files(placed)
    shown: defaultdict[int, Counter[_Key]] = defaultdict(Counter)
    taken: Counter[_Key] = Counter()
    for number, statement in _each_once(placed):
        counts = shown[group[number]]
        for entry in statement.entries:
            if not entry.booked:
                continue
            key = _key(entry)
            counts[key] += 1
            if counts[key] > taken[key]:
                taken[key] = counts[key]
                yield number, entry


def _key(entry: StatementEntry) -> _Key:
    text = " ".join(f"{entry.counterparty} {entry.description}".upper().split())
    return entry.booking_date, entry.minor_units, entry.native_id, entry.reference, entry.batch, text


def _identity(statement: Statement) -> _Key:
    return (
        statement.number,
        statement.opening,
        statement.closing,
        statement.tally.entries,
        statement.tally.credits,
        statement.tally.debits,
        tuple(_key(entry) for entry in statement.entries),
    )


def _each_once(placed: list[tuple[int, Statement]]) -> Iterable[tuple[int, Statement]]:
    """Statements without those that another file repeats whole."""
    seen: dict[_Key, int] = {}
    for number, statement in placed:
        first = seen.setdefault(_identity(statement), number)
        if first == number:
            yield number, statement


def chained_files(placed: list[tuple[int, Statement]]) -> dict[int, int]:
    """By file the number of its group: files that follow each other by their balances, or one file alone.

    placed: (file, statement) of one account. A statement has one follower: of two downloads that begin alike, the
    longer one.
    """
    group = {number: number for number, _ in placed}
    statements = sorted(_each_once(placed), key=lambda each: -each[1].tally.entries)
    free: defaultdict[tuple[Hashable, Hashable], list[tuple[int, Statement]]] = defaultdict(list)
    for number, statement in statements:
        if statement.opening is not None:
            free[statement.opening.minor_units, statement.opening.on].append((number, statement))
    for number, statement in statements:
        followers = [
            (key, follower)
            for day in _opening_days(statement)
            for key in [(statement.closing.minor_units if statement.closing else None, day)]
            for follower in free.get(key, ())
            if follower[0] != number and not _repeats_last_day(statement, follower[1])
        ]
        if followers:
            key, follower = followers[0]
            free[key].remove(follower)
            _merge(group, number, follower[0])
    return group


def _repeats_last_day(statement: Statement, follower: Statement) -> bool:
    """Whether both hold the last day, with entries that cancel, so that no balance can tell it."""
    last = statement.closing.on if statement.closing else None
    days = [
        Counter(_key(entry) for entry in each.entries if entry.booked and entry.booking_date == last)
        for each in (statement, follower)
    ]
    moved = sum(entry.minor_units for entry in follower.entries if entry.booked and entry.booking_date == last)
    return bool(days[0]) and days[0] == days[1] and moved == 0


def _opening_days(statement: Statement) -> list[Hashable]:
    """Days that the opening of the next statement may bear: this closing's day, or the day after."""
    closing = statement.closing
    if closing is None or closing.on is None:
        return []
    following = closing.on.fromordinal(closing.on.toordinal() + 1)
    return [closing.on, following]


def _merge(group: dict[int, int], left: int, right: int) -> None:
    low, high = sorted((group[left], group[right]))
    for number, leader in group.items():
        if leader == high:
            group[number] = low
