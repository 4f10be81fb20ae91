"""The entries to book that follow from confirmed matches, signed as on the bank account.

Per match and currency the payments and adjustments add up to what the match uses of its statement lines. A match with
book entries is booked already, all but its adjustments; a realised gain or loss is said beside that sum.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from tieout.domain.kinds import is_book_entry
from tieout.domain.line_table import LineTable, texts_of
from tieout.domain.matches import Adjustment, AdjustmentType, Allocation, Match, MatchKind, MatchState
from tieout.domain.results import Posting
from tieout.kernel.names import without_blanks

PAYMENT, TRANSFER, REALISED_EXCHANGE = "payment", "transfer", "realised_exchange"


def postings(matches: Iterable[Match], statement: LineTable, ledger: LineTable) -> Iterator[Posting]:
    """The postings of each confirmed match, in the order of the matches: payments, adjustments, realised exchange."""
    writer = _Writer(statement, ledger)
    for match in matches:
        if match.state is MatchState.CONFIRMED:
            yield from writer.of_match(match)


class _Share(NamedTuple):
    """What one statement line pays of one ledger line."""

    line: str
    ledger_line: str
    minor_units: int
    currency: str


class _Writer:
    def __init__(self, statement: LineTable, ledger: LineTable) -> None:
        self._statement, self._ledger = _Rows(statement), _Rows(ledger)

    def of_match(self, match: Match) -> Iterator[Posting]:
        lines = [leg for leg in match.allocations if leg.side == "statement"]
        if not lines:
            return  # within the books: nothing reached the bank
        first = lines[0].line
        if match.kind is MatchKind.WITHIN:
            yield from self._transfer(match, lines)
            for adjustment in match.adjustments:
                yield self._adjustment(match, first, adjustment._replace(minor_units=-adjustment.minor_units))
            return
        for share in _shares(match, lines):
            posting = self._payment(match, share)
            if posting is not None:
                yield posting
        for adjustment in match.adjustments:
            yield self._adjustment(match, first, adjustment)
        yield from self._realised(match, first)

    def _payment(self, match: Match, share: _Share) -> Posting | None:
        row = self._ledger.rows[share.ledger_line]
        if is_book_entry(self._ledger.table.kind.at(row)):
            return None
        return Posting(
            match=match.id,
            kind=PAYMENT,
            line=share.line,
            settles=share.ledger_line,
            account=self._ledger.table.account.at(row),
            minor_units=share.minor_units,
            currency=share.currency,
            booking_day=self._day(share.line),
            text=f"{self._ledger.parties[row]} {self._ledger.references[row]}".strip(),
        )

    def _adjustment(self, match: Match, line: str, adjustment: Adjustment) -> Posting:
        text = adjustment.rule or ""
        # The legs of a conversion only pass through; what it gained or lost is what the account of differences holds.
        account = "" if adjustment.type is AdjustmentType.EXCHANGE else adjustment.account or ""
        if adjustment.rate:
            text = f"{text} at {adjustment.rate}".strip()
        return Posting(
            match=match.id,
            kind=adjustment.type.value,
            line=line,
            settles="",
            account=account,
            minor_units=adjustment.minor_units,
            currency=adjustment.currency,
            booking_day=self._day(line),
            text=text,
        )

    def _realised(self, match: Match, line: str) -> Iterator[Posting]:
        """The gain or loss that the adjustments of the match contain, for the account of exchange differences."""
        realised = match.realised
        if realised is None or not realised.minor_units or realised.currency is None:
            return
        exchange = [leg.account for leg in match.adjustments if leg.type is AdjustmentType.EXCHANGE and leg.account]
        yield Posting(
            match=match.id,
            kind=REALISED_EXCHANGE,
            line=line,
            settles="",
            account=exchange[0] if exchange else "",
            minor_units=realised.minor_units,
            currency=realised.currency,
            booking_day=self._day(line),
            text="settled value less carrying value",
        )

    def _transfer(self, match: Match, lines: Sequence[Allocation]) -> Iterator[Posting]:
        """Money that left one own account for another, booked once, where it left; a return on one account is not."""
        names = self._statement.table.account
        accounts = {leg.line: without_blanks(names.at(self._statement.rows[leg.line])) for leg in lines}
        into = [leg for leg in lines if leg.minor_units > 0]
        for leg in lines:
            others = sorted({accounts[other.line] for other in into} - {accounts[leg.line]})
            if leg.minor_units < 0 and others:
                yield Posting(
                    match=match.id,
                    kind=TRANSFER,
                    line=leg.line,
                    settles="",
                    account=others[0],
                    minor_units=leg.minor_units,
                    currency=leg.currency,
                    booking_day=self._day(leg.line),
                    text=f"from {accounts[leg.line]} to {others[0]}",
                )

    def _day(self, line: str) -> int:
        return int(self._statement.table.booking_day[self._statement.rows[line]])


class _Rows:
    """The lines of one side by id."""

    def __init__(self, table: LineTable) -> None:
        self.table = table
        self.rows = {line: row for row, line in enumerate(texts_of(table.id, len(table)))}

    @cached_property
    def parties(self) -> list[str]:
        """The name of each line's counterparty."""
        return texts_of(self.table.counterparty, len(self.table))

    @cached_property
    def references(self) -> list[str]:
        """The reference of each line."""
        return texts_of(self.table.reference, len(self.table))


def _shares(match: Match, lines: Sequence[Allocation]) -> Iterator[_Share]:
    """Which statement line pays how much of which ledger line, in one currency after the other.

    The shares of a ledger line add up to its allocation, those of a statement line to its own, of which the
    adjustments come out of the first one. A currency without statement lines is paid by way of the first line.
    """
    ledger = [leg for leg in match.allocations if leg.side == "ledger"]
    for currency in dict.fromkeys(leg.currency for leg in ledger):
        owed = [leg for leg in ledger if leg.currency == currency]
        paying = [leg for leg in lines if leg.currency == currency]
        if not paying:
            yield from (_Share(lines[0].line, leg.line, leg.minor_units, currency) for leg in owed)
            continue
        adjusted = sum(leg.minor_units for leg in match.adjustments if leg.currency == currency)
        paying[0] = paying[0]._replace(minor_units=paying[0].minor_units - adjusted)
        yield from _poured(paying, owed)


def _poured(paying: Sequence[Allocation], owed: Sequence[Allocation]) -> Iterator[_Share]:
    """Lines pay in their order, each until it is used up; both sides have the same sum."""
    left = [leg.minor_units for leg in paying]
    place = 0
    for leg in owed:
        rest = leg.minor_units
        last = leg is owed[-1]
        while place < len(left) - 1 and (last or _is_used_up(left[place], rest)):
            if left[place]:
                yield _Share(paying[place].line, leg.line, left[place], leg.currency)
            rest -= left[place]
            place += 1
        if rest:
            yield _Share(paying[place].line, leg.line, rest, leg.currency)
        left[place] -= rest


def _is_used_up(paying: int, owed: int) -> bool:
    """Whether what is left of a payment is used up by what is owed without ending it, both in one direction."""
    return not paying or 0 < paying < owed or owed < paying < 0
