"""Which lines of a document are new: the same file twice is once, overlaps are united, equal rows stay as many.

Lines are counted, since a bank's own id is evidence and no key. A document that overlaps others shows each line as
often as the one that shows it most often; one that follows another by its balances adds to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from tieout.domain.accounts import Account
from tieout.domain.kinds import Side
from tieout.domain.line_table import Int64Column, LineTable, texts_at
from tieout.domain.lines import Line, Origin, StoredStatement
from tieout.domain.statements import Balance, BalanceProof, Statement, StatementKind, Tally
from tieout.kernel.dates import day_of_number
from tieout.services.document_accounts import Owners
from tieout.services.document_reading import DocumentRead
from tieout.services.files.uniting import chained_files
from tieout.store.protocols import Condition, Reading

# The document that is being taken in, which has no id yet.
_THIS = 0


class LineKey(NamedTuple):
    """What two lines of one account share when they are the same movement told twice."""

    currency: str
    kind: str
    booking_day: int
    minor_units: int
    native_id: str
    reference: str
    batch: str  # two payouts may tell equal fees; where one side names none, they may still be the same
    text: str  # counterparty and description, in capitals, with single blanks


@dataclass(slots=True)
class Union:
    """What becomes of the lines of a document, by row."""

    known: dict[int, int] = field(default_factory=dict)  # to the id of the line that tells it already
    taken_over: dict[int, Line] = field(default_factory=dict)  # to the entered line that it is

    def new_rows(self, count: int) -> Int64Column:
        """The rows that are lines of their own, ascending."""
        new = np.ones(count, dtype=np.bool_)
        new[[*self.known, *self.taken_over]] = False
        return np.flatnonzero(new)


def united_with_stored(view: Reading, entity_id: int, side: Side, read: DocumentRead, owners: Owners) -> Union:
    """What of a document is there already, what entered lines its lines are, in the order of its rows."""
    union = Union()
    for account_id in np.unique(owners.of_lines).tolist():
        rows = np.flatnonzero(owners.of_lines == account_id)
        span = _span(read.table, rows)
        if view.count(Line, *span, entity_id=entity_id, account_id=account_id, side=side):
            told = _told(view, entity_id, account_id, side, span)
            chained = _chained(view, entity_id, owners.accounts.get(account_id), read, owners)
            _unite(union, read.table, rows, [line for line in told if line.document_id not in chained])
            if side == "statement":
                at_account = Condition("account_id", "=", account_id)
                entered = view.lines(
                    entity_id, *span, at_account, Condition("side", "=", side), Condition("origin", "=", Origin.ENTERED)
                )
                _take_over(union, read.table, rows, [now.line for now in entered])
    return union


def _span(table: LineTable, rows: Int64Column) -> tuple[Condition, Condition]:
    days = table.booking_day[rows]
    return Condition("booking_day", ">=", int(days.min())), Condition("booking_day", "<=", int(days.max()))


def _told(view: Reading, entity_id: int, account_id: int, side: Side, span: Sequence[Condition]) -> list[Line]:
    """Lines as a document or a feed told them, by id: also those that somebody edited or deleted since."""
    origins = Condition("origin", "in", (Origin.DOCUMENT, Origin.FEED))
    first: dict[int, Line] = {}
    for line in view.all(Line, *span, origins, entity_id=entity_id, account_id=account_id, side=side):
        if line.id not in first or line.version < first[line.id].version:
            first[line.id] = line
    return [first[line_id] for line_id in sorted(first)]


def _chained(
    view: Reading, entity_id: int, account: Account | None, read: DocumentRead, owners: Owners
) -> frozenset[int | None]:
    """Documents that this one follows by its balances, or that follow it: their lines add up with its own."""
    if account is None:
        return frozenset()
    stored = view.all(StoredStatement, entity_id=entity_id, account_id=account.id, kind=StatementKind.BOOKED)
    own = [
        (_THIS, _balances_of(statement))
        for statement, owner in zip(read.statements, owners.of_statements, strict=True)
        if owner is not None and owner.id == account.id and statement.kind is StatementKind.BOOKED
    ]
    placed = [*((each.document_id, _stored_balances(each)) for each in stored), *own]
    if not own:
        return frozenset()
    groups = chained_files(placed)
    return frozenset(document for document, group in groups.items() if group == groups[_THIS]) - {_THIS}


def _balances_of(statement: Statement) -> Statement:
    """The statement as far as a stored one tells it, so that the two compare."""
    tally = Tally(statement.tally.entries, statement.tally.sum, 0)
    return Statement(
        account=None,
        currency=None,
        exponent=statement.exponent,
        number=statement.number or "",
        kind=statement.kind,
        proof=statement.proof,
        opening=statement.opening,
        closing=statement.closing,
        tally=tally,
    )


def _stored_balances(stored: StoredStatement) -> Statement:
    return Statement(
        account=None,
        currency=None,
        exponent=0,
        number=stored.number,
        kind=StatementKind.BOOKED,
        proof=BalanceProof(stored.holds, stored.gap_minor_units, None, stored.reason),
        opening=_balance(stored.opening_minor_units, stored.opening_day),
        closing=_balance(stored.closing_minor_units, stored.closing_day),
        tally=Tally(stored.lines, stored.movement_minor_units, 0),
    )


def _balance(minor_units: int | None, day: int | None) -> Balance | None:
    return None if minor_units is None else Balance(minor_units, None if day is None else day_of_number(day))


def _unite(union: Union, table: LineTable, rows: Int64Column, told: Sequence[Line]) -> None:
    """Note the rows that lines already tell: of k equal rows the first ones, as many as there are such lines.

    A movement may be told before anybody knows which payout it is of: a line or row without a batch may be any of them.
    """
    waiting: defaultdict[LineKey, list[int]] = defaultdict(list)
    for line in reversed(told):
        waiting[_key_of_line(line)].append(line.id)
    left: list[tuple[int, LineKey]] = []
    for row, key in _keys(table, rows):
        if waiting.get(key):
            union.known[row] = waiting[key].pop()
        else:
            left.append((row, key))
    _unite_without_batch(union, left, waiting)


def _unite_without_batch(
    union: Union, left: Sequence[tuple[int, LineKey]], waiting: Mapping[LineKey, Sequence[int]]
) -> None:
    nameless: defaultdict[LineKey, list[tuple[int, str]]] = defaultdict(list)
    for told, lines in waiting.items():
        nameless[told._replace(batch="")] += [(line, told.batch) for line in lines]
    for row, key in left:
        candidates = sorted(nameless.get(key._replace(batch=""), ()))
        found = next((line for line in candidates if not (line[1] and key.batch)), None)
        if found is not None:
            union.known[row] = found[0]
            nameless[key._replace(batch="")].remove(found)


def _take_over(union: Union, table: LineTable, rows: Int64Column, entered: Sequence[Line]) -> None:
    """Note the rows that somebody entered before the bank told them: one entered line for one row, oldest first.

    Entered lines with the very same texts are found first, then those of the same day and amount whose words all
    stand in what the bank tells.
    """
    if not entered:
        return
    new = [row for row in rows.tolist() if row not in union.known]
    keys = dict(_keys(table, np.array(new, dtype=np.int64)))
    free = sorted(entered, key=lambda line: line.id)
    for fits in (_same_texts, _words_within):
        by_amount: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
        for line in free:
            by_amount[line.booking_day, line.minor_units].append(line)
        for row, key in keys.items():
            candidates = by_amount.get((key.booking_day, key.minor_units), ())
            line_found = next((line for line in candidates if fits(key, line)), None)
            if row not in union.taken_over and line_found is not None:
                union.taken_over[row] = line_found
                by_amount[key.booking_day, key.minor_units].remove(line_found)
        taken = {line.id for line in union.taken_over.values()}
        free = [line for line in free if line.id not in taken]


def _same_texts(key: LineKey, line: Line) -> bool:
    return _key_of_line(line)._replace(kind=key.kind, batch=key.batch) == key


def _words_within(key: LineKey, line: Line) -> bool:
    if line.native_id and key.native_id and line.native_id != key.native_id:
        return False
    told = set(f"{key.text} {key.reference.upper()}".split())
    return set(f"{line.counterparty} {line.description} {line.reference}".upper().split()) <= told


def _key_of_line(line: Line) -> LineKey:
    return LineKey(
        line.currency,
        line.kind,
        line.booking_day,
        line.minor_units,
        line.native_id,
        line.reference,
        line.batch,
        _text(line.counterparty, line.description),
    )


def _keys(table: LineTable, rows: Int64Column) -> Iterator[tuple[int, LineKey]]:
    texts: list[Iterable[Any]] = [
        texts_at(column, rows)
        for column in (table.native_id, table.reference, table.batch, table.counterparty, table.description)
    ]
    days, amounts = table.booking_day[rows].tolist(), table.minor_units[rows].tolist()
    for row, day, amount, native_id, reference, batch, counterparty, description in zip(
        rows.tolist(), days, amounts, *texts, strict=True
    ):
        text = _text(counterparty, description)
        yield (
            row,
            LineKey(table.currency.at(row), table.kind.at(row), day, amount, native_id, reference, batch, text),
        )


def _text(counterparty: str, description: str) -> str:
    return " ".join(f"{counterparty} {description}".upper().split())
