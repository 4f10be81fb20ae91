"""Conservation: every line that came in is tied, open, settled in the books or set aside, whole and exactly once."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable, texts_of
from tieout.domain.results import Conservation, OpenLine, amount_text
from tieout.proofs.tied import TiedAmounts

# Whoever reads the first faults knows where to look; the last one says how many more there are.
FAULTS_MAX = 20

_SIDES: tuple[Side, Side] = ("statement", "ledger")


class Shares(NamedTuple):
    """What became of the lines of one side, account and currency, in minor units: total is the sum of the others."""

    side: Side
    account: str
    currency: str
    total: int
    tied: int
    open: int
    settled: int  # open items that a book entry settles
    ignored: int  # set aside by a decision

    @property
    def gap(self) -> int:
        """What is missing (positive) or counted twice (negative) of a positive total; zero where all is conserved."""
        return self.total - self.tied - self.open - self.settled - self.ignored


class Outcomes(NamedTuple):
    """What a reconciliation says became of its lines."""

    tied: TiedAmounts  # by confirmed matches
    open_lines: Sequence[OpenLine]
    settled: Collection[str] = ()  # ids of ledger lines
    ignored: Collection[tuple[Side, str]] = ()


def conservation(statement: LineTable, ledger: LineTable, outcomes: Outcomes) -> Conservation:
    """Prove that nothing was lost and nothing counted twice, line by line and per side, account and currency.

    Lines of 0.00 are open. The faults say what does not add up, in words, at most FAULTS_MAX and a count of the rest.
    """
    found: list[str] = []
    for side, table in zip(_SIDES, (statement, ledger), strict=True):
        books = _Books(side, table, outcomes)
        found += books.faults()
        found += _unbalanced(books.shares())
    if len(found) > FAULTS_MAX:
        found = [*found[:FAULTS_MAX], f"and {len(found) - FAULTS_MAX} more"]
    return Conservation(holds=not found, faults=tuple(found))


def shares(statement: LineTable, ledger: LineTable, outcomes: Outcomes) -> tuple[Shares, ...]:
    """What became of every account's lines; statement before ledger, then in order of account and currency."""
    return tuple(
        each
        for side, table in zip(_SIDES, (statement, ledger), strict=True)
        for each in _Books(side, table, outcomes).shares()
    )


def _unbalanced(accounts: Sequence[Shares]) -> Iterator[str]:
    for each in accounts:
        if each.gap:
            total, gap = amount_text(each.total, each.currency), amount_text(each.gap, each.currency)
            name = f"account {each.account}" if each.account else "no account"
            yield f"{each.side} lines of {name}: {gap} of {total} {each.currency} is not accounted for"


class _Books:
    """One side: its lines, and each of the four things that may have become of them."""

    def __init__(self, side: Side, table: LineTable, outcomes: Outcomes) -> None:
        self._side, self._table = side, table
        self._ids = texts_of(table.id, len(table))
        self._amounts: list[int] = table.minor_units.tolist()
        self._tied = outcomes.tied.of(side)
        self._parts = [part for part in outcomes.open_lines if part.side == side]
        self._open: dict[str, int] = {part.line: part.remaining for part in self._parts}
        self._settled = frozenset(outcomes.settled) if side == "ledger" else frozenset()
        self._ignored = frozenset(line for of_side, line in outcomes.ignored if of_side == side)

    def faults(self) -> Iterator[str]:
        """Lines that are not accounted for whole and once, and ids that are no line or stand for several."""
        yield from self._identity_faults()
        currencies = self._table.currency
        rows = zip(self._ids, self._amounts, currencies.codes.tolist(), strict=True)
        for line, amount, currency in rows:
            tied, is_open = self._tied.get(line, 0), line in self._open
            aside = (line in self._settled) + (line in self._ignored)
            whole = tied == amount != 0
            if whole and not is_open and not aside:
                continue  # most lines
            gap = amount - tied - self._open.get(line, 0) - aside * amount
            if gap:
                yield self._words(line, gap, amount, currencies.names[currency])
            elif aside + is_open + whole != 1:
                yield f"{self._side} line {line} has {aside + is_open + whole} outcomes instead of one"

    def _words(self, line: str, gap: int, amount: int, currency: str) -> str:
        missing = f"{amount_text(gap, currency)} of {amount_text(amount, currency)} {currency}"
        return f"{self._side} line {line}: {missing} is not accounted for"

    def _identity_faults(self) -> Iterator[str]:
        known = Counter(self._ids) if len(set(self._ids)) < len(self._ids) else dict.fromkeys(self._ids, 1)
        for line, count in known.items():
            if count > 1:
                yield f"{self._side} line {line} stands {count} times among the lines"
        if len(self._open) < len(self._parts):
            counts = Counter(part.line for part in self._parts)
            yield from (f"{self._side} line {line} is open {n} times" for line, n in counts.items() if n > 1)
        for said, lines in self._named().items():
            yield from (f"{self._side} line {line} is {said}, but not among the lines" for line in lines)
        for part in self._parts:
            if not 0 <= part.row < len(self._ids) or self._ids[part.row] != part.line:
                yield f"{self._side} line {part.line} is open, but row {part.row} is another line"

    def _named(self) -> Mapping[str, Sequence[str]]:
        """Ids in each outcome that no line has."""
        known = set(self._ids)
        outcomes = {"tied": self._tied, "open": self._open, "settled": self._settled, "ignored": self._ignored}
        return {said: sorted(set(lines) - known) for said, lines in outcomes.items()}

    def shares(self) -> list[Shares]:
        """The sums of each account and currency."""
        accounts, currencies = self._table.account, self._table.currency
        sums: dict[tuple[int, int], list[int]] = {}
        rows = zip(self._ids, self._amounts, accounts.codes.tolist(), currencies.codes.tolist(), strict=True)
        for line, amount, account, currency in rows:
            of_account = sums.get((account, currency))
            if of_account is None:
                of_account = sums[account, currency] = [0, 0, 0, 0, 0]
            of_account[0] += amount
            if line in self._tied:
                of_account[1] += self._tied[line]
            if line in self._open:
                of_account[2] += self._open[line]
            if line in self._settled:
                of_account[3] += amount
            if line in self._ignored:
                of_account[4] += amount
        named = sorted((accounts.names[key[0]], currencies.names[key[1]], key) for key in sums)
        return [Shares(self._side, account, currency, *sums[key]) for account, currency, key in named]
