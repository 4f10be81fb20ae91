"""The batches that a provider's report tells: which of its rows are entries, which the payout, what was carried."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tieout.domain.line_table import LineTable, texts_at
from tieout.domain.statements import Statement
from tieout.kernel.dates import day_text
from tieout.services.document_accounts import Owners
from tieout.services.document_reading import DocumentRead


@dataclass(slots=True, kw_only=True)
class ToldBatch:
    """One batch as a document tells it, by rows of the document's lines.

    A report between two balances says by them what was carried; its batches end with a payout each, and what comes
    behind the last one waits for the next.
    """

    account_id: int
    channel: str
    currency: str
    number: str  # empty for entries that are not paid out yet
    statement: int  # index into the document's statements
    balanced: bool  # balances say what was carried; otherwise rows do
    gap: int | None = None  # of a balanced one: what its report leaves unexplained
    entries: list[int] = field(default_factory=list)
    carried: list[int] = field(default_factory=list)
    payouts: list[int] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        """Every row of the batch."""
        return [*self.entries, *self.carried, *self.payouts]


def told_batches(read: DocumentRead, owners: Owners) -> list[ToldBatch]:
    """The batches of a document in the order of its statements; none of one that no provider made."""
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for row, number in enumerate(read.statement_of.tolist()):
        rows[number].append(row)
    found: list[ToldBatch] = []
    for number, (statement, account) in enumerate(zip(read.statements, owners.of_statements, strict=True)):
        if statement.channel and account is not None:
            currency = statement.currency or account.currency
            of_statement = _Told(read.table, number, account.id, statement.channel, currency)
            reported = read.batch_of(number)
            if reported is not None:
                found.append(of_statement.reported(reported.number or "", rows[number]))
            else:
                found += of_statement.balanced(statement, rows[number])
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """One statement of a provider."""

    table: LineTable
    number: int
    account_id: int
    channel: str
    currency: str

    def reported(self, number: str, rows: Sequence[int]) -> ToldBatch:
        batch = self._batch(number, balanced=False)
        for row in rows:
            self._take(batch, row)
        return batch

    def balanced(self, statement: Statement, rows: Sequence[int]) -> Iterator[ToldBatch]:
        """One batch per payout; what the report leaves unexplained stands with the last one that has rows."""
        found = [self._batch("", balanced=True)]
        for row in rows:
            self._take(found[-1], row)
            if found[-1].payouts:
                found[-1].number = self._number(row)
                found.append(self._batch("", balanced=True))
        found = [batch for batch in found if batch.rows]
        proved = statement.proof.holds is not None
        for batch in found:
            batch.gap = 0 if proved else None
        if found and proved:
            found[-1].gap = statement.proof.gap
        yield from found

    def _batch(self, number: str, *, balanced: bool) -> ToldBatch:
        return ToldBatch(
            account_id=self.account_id,
            channel=self.channel,
            currency=self.currency,
            number=number,
            statement=self.number,
            balanced=balanced,
        )

    def _take(self, batch: ToldBatch, row: int) -> None:
        """A payout that came back is an entry: it is paid again, with whatever the next payout brings."""
        kind = self.table.kind.at(row)
        if kind == "payout" and self.table.minor_units[row] < 0:
            batch.payouts.append(row)
        elif kind == "carry_over":
            batch.carried.append(row)
        else:
            batch.entries.append(row)

    def _number(self, row: int) -> str:
        """What the provider calls its payout, or the day on which it made it."""
        (native_id,) = texts_at(self.table.native_id, [row])
        return native_id or day_text(int(self.table.booking_day[row]))
