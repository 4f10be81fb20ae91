"""The problem as the matchers see it: integer columns of both sides, in one canonical order of rows.

Rows are sorted by booking day, id and account, so that the order of the input cannot matter. Texts become codes that
both sides share; two rows have the same code exactly where the texts compare equal.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tieout.domain.kinds import Side, is_book_entry
from tieout.domain.line_table import (
    BoolColumn,
    Coded,
    Int64Column,
    LineTable,
    TextColumn,
    distinct_texts,
    texts_at,
    texts_of,
)
from tieout.kernel.names import without_blanks
from tieout.matching.codes import NO_CODE, CodeLists, Codes, grouped
from tieout.matching.named_documents import BankTexts
from tieout.matching.parties import leaders
from tieout.matching.text_columns import account_keys, reference_keys
from tieout.matching.texts import account_key, is_cut, party_key, reference_key, says_bank_movement


@dataclass(slots=True, eq=False)
class SideColumns:
    """One side, all columns of one length; codes are shared by both sides, NO_CODE where the text is empty."""

    side: Side
    table: LineTable  # in the same order of rows
    amount: Int64Column  # signed minor units of the line
    left: Int64Column  # what no confirmed match uses yet; changes while the passes run
    day: Int64Column
    currency: Int64Column
    account: Int64Column
    reference: Int64Column
    party: Int64Column  # the same code for the names and account numbers of one party
    party_account: Int64Column
    batch: Int64Column
    twin: Int64Column  # rows with equal codes are interchangeable
    reversal: BoolColumn
    book_entry: BoolColumn  # ledger lines that are already posted; all False on the statement side

    def __len__(self) -> int:
        return len(self.amount)

    @property
    def open(self) -> BoolColumn:
        """Rows that still have something left."""
        return np.asarray(self.left != 0, dtype=np.bool_)


@dataclass(slots=True, eq=False)
class Problem:
    """Both sides, with what their texts say of each other."""

    statement: SideColumns
    ledger: SideColumns
    currencies: tuple[str, ...]  # by currency code
    party_names: tuple[str, ...]  # party keys by code
    own_accounts: frozenset[int]  # party_account codes that are accounts of the entity itself
    account_as_party: dict[int, int]  # account code to party_account code
    named: CodeLists  # reference codes of the documents that each statement row names
    foreign: CodeLists  # shape codes of numbers that look like a document's and that no ledger line has
    ledger_shapes: Int64Column  # shape code of each ledger row's reference
    bank_movement: BoolColumn  # statement rows whose text says a charge, interest or a transfer between own accounts
    settled: CodeLists  # reference codes of the open items that each ledger row settles in the books
    named_batches: CodeLists  # batch codes that each statement row names


def prepare(statement: LineTable, ledger: LineTable, settled: frozenset[str]) -> Problem:
    """Sort, code and index both sides.

    settled: ids of open items that a book entry settles; they have nothing left to match.
    """
    return _Preparation(in_canonical_order(statement), in_canonical_order(ledger), settled).problem()


def in_canonical_order(table: LineTable) -> LineTable:
    """The table sorted by booking day, id and account."""
    ranks = np.argsort(np.argsort(np.array(table.account.names or ("",))))
    accounts = ranks[table.account.codes] if len(table) else table.account.codes
    return taken(table, np.lexsort((accounts, _rank_of_texts(table.id), table.booking_day)))


def _rank_of_texts(column: TextColumn) -> Int64Column:
    """The place of each text in code point order, which is also the order of UTF-8 bytes."""
    if isinstance(column, list):
        order = np.array(sorted(range(len(column)), key=column.__getitem__), dtype=np.int64)
    else:
        order = column.arg_sort().to_numpy().astype(np.int64)
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def taken(table: LineTable, rows: Int64Column) -> LineTable:
    """The given rows of a table, in the order given."""
    if np.array_equal(rows, np.arange(len(table))):
        return table
    changes: dict[str, object] = {}
    for name in LineTable.__dataclass_fields__:
        value = getattr(table, name)
        if isinstance(value, Coded):
            changes[name] = Coded(value.codes[rows], value.names)
        elif isinstance(value, np.ndarray):
            changes[name] = value[rows]
        elif name == "extra" and value is not None:
            changes[name] = {key: _texts_taken(column, rows) for key, column in value.items()}
        elif name != "files" and value is not None:
            changes[name] = _texts_taken(value, rows)
    return replace(table, **changes)  # type: ignore[arg-type]


def _texts_taken(column: TextColumn, rows: Int64Column) -> TextColumn:
    if isinstance(column, list):
        return [column[row] for row in rows.tolist()]
    return column.gather(rows)


class _Preparation:
    def __init__(self, statement: LineTable, ledger: LineTable, settled: frozenset[str]) -> None:
        self._tables = {"statement": statement, "ledger": ledger}
        self._settled = settled
        self._references, self._batches = Codes(reference_key, reference_keys), Codes(reference_key, reference_keys)
        self._names, self._accounts = Codes(party_key), Codes(account_key, account_keys)

    def problem(self) -> Problem:
        currency = _shared(self._tables["statement"].currency, self._tables["ledger"].currency)
        account = _shared(self._tables["statement"].account, self._tables["ledger"].account, without_blanks)
        parties = self._parties()
        statement = self._side("statement", currency, account, parties)
        ledger = self._side("ledger", currency, account, parties)
        self._references_of_ledger = ledger.reference
        bank, books = self._tables["statement"], self._tables["ledger"]
        texts = BankTexts(bank.reference, bank.description)
        named = texts.named(self._references, books.reference)
        own = {code: self._accounts.of(name) for code, name in enumerate(account.names)}
        return Problem(
            statement=statement,
            ledger=ledger,
            currencies=currency.names,
            party_names=tuple(self._names.numbers),
            own_accounts=frozenset(own[code] for code in set(statement.account.tolist()) if own[code] != NO_CODE),
            account_as_party=own,
            named=named.documents,
            foreign=named.foreign,
            ledger_shapes=self._shapes(named.shape_of_code),
            bank_movement=_flags(bank.description, says_bank_movement),
            named_batches=texts.named(self._batches, books.batch).documents,
            settled=self._settled_references(ledger),
        )

    def _parties(self) -> dict[str, Int64Column]:
        names = {side: self._names.column(table.counterparty) for side, table in self._tables.items()}
        numbers = {side: self._accounts.column(table.counterparty_account) for side, table in self._tables.items()}
        self._party_accounts = numbers
        leader = leaders(
            np.concatenate([names["statement"], names["ledger"]]),
            np.concatenate([numbers["statement"], numbers["ledger"]]),
            list(self._names.numbers),
            self._cut_names(),
        )
        merged: dict[str, Int64Column] = {}
        for side in ("statement", "ledger"):
            nameless = (names[side] == NO_CODE) & (numbers[side] != NO_CODE)
            codes = np.where(names[side] == NO_CODE, NO_CODE, leader.of_name[names[side]])
            merged[side] = np.where(nameless, leader.of_account[numbers[side]], codes)
        return merged

    def _cut_names(self) -> frozenset[int]:
        cut = {name for table in self._tables.values() for name in distinct_texts(table.counterparty) if is_cut(name)}
        return frozenset(self._names.of(name) for name in cut)

    def _side(
        self, side: Side, currency: "_Shared", account: "_Shared", parties: dict[str, Int64Column]
    ) -> SideColumns:
        table = self._tables[side]
        position = 0 if side == "statement" else 1
        amount = table.minor_units.astype(np.int64)
        settled = np.zeros(len(table), dtype=np.bool_)
        if side == "ledger" and self._settled:
            settled[:] = [text in self._settled for text in texts_of(table.id, len(table))]
        book_entry = np.zeros(len(table), dtype=np.bool_)
        if side == "ledger":
            posted = np.array([is_book_entry(kind) for kind in table.kind.names] or [False])
            book_entry = posted[table.kind.codes] if len(table) else book_entry
        columns = SideColumns(
            side=side,
            table=table,
            amount=amount,
            left=np.where(settled, 0, amount),
            day=table.booking_day.astype(np.int64),
            currency=currency.codes[position],
            account=account.codes[position],
            reference=self._references.column(table.reference),
            party=parties[side],
            party_account=self._party_accounts[side],
            batch=self._batches.column(table.batch),
            twin=np.zeros(0, dtype=np.int64),
            reversal=np.zeros(len(table), dtype=np.bool_) if table.reversal is None else table.reversal,
            book_entry=book_entry,
        )
        columns.twin = _twins(columns)
        return columns

    def _settled_references(self, ledger: SideColumns) -> CodeLists:
        """The references of the open items that each book entry settles."""
        table = ledger.table
        if table.settles is None:
            return CodeLists.none(len(table))
        texts = texts_of(table.settles, len(table))
        codes = ledger.reference.tolist()
        code_of = {line: codes[row] for row, line in enumerate(texts_of(table.id, len(table)))} if any(texts) else {}
        found = [[code_of.get(line, NO_CODE) for line in text.split()] if text else [] for text in texts]
        return CodeLists.of([[code for code in row if code != NO_CODE] for row in found])

    def _shapes(self, shape_of_code: dict[int, int]) -> Int64Column:
        """The shape of each ledger row's reference."""
        of_code = np.full(len(self._references.numbers) + 1, NO_CODE, dtype=np.int64)
        of_code[list(shape_of_code)] = list(shape_of_code.values())
        return of_code[self._references_of_ledger]


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    codes: tuple[Int64Column, Int64Column]
    names: tuple[str, ...]


def _flags(texts: TextColumn, says: Callable[[str], bool]) -> BoolColumn:
    """Which rows' texts say something; every distinct text is asked once."""
    codes = Codes(lambda text: "yes" if says(text) else "")
    return np.asarray(codes.column(texts) != NO_CODE, dtype=np.bool_)


def _shared(left: Coded, right: Coded, key: Callable[[str], str] = str) -> _Shared:
    """Codes that both sides share, numbered in the order of the texts' keys."""
    names = tuple(sorted({key(name) for name in (*left.names, *right.names)}))
    numbers = {name: code for code, name in enumerate(names)}
    columns = [
        np.array([numbers[key(name)] for name in column.names] or [0], dtype=np.int64)[column.codes]
        for column in (left, right)
    ]
    return _Shared((columns[0], columns[1]), names)


def _twins(columns: SideColumns) -> Int64Column:
    """Rows alike in everything that could tell them apart get one code."""
    alike = grouped(
        columns.batch,
        columns.reference,
        columns.party_account,
        columns.party,
        columns.day,
        columns.account,
        columns.currency,
        columns.amount,
    )
    crowd = np.bincount(alike, minlength=1)[alike] > 1 if len(alike) else np.zeros(0, dtype=np.bool_)
    words = np.full(len(alike), NO_CODE, dtype=np.int64)
    words[crowd] = Codes(_telling).column(texts_at(columns.table.description, np.flatnonzero(crowd)))
    return grouped(alike, words)


def _telling(description: str) -> str:
    """What could distinguish two lines in a text: its words of five and more marks with a digit."""
    return " ".join(word for word in description.upper().split() if len(word) >= 5 and any(m.isdigit() for m in word))
