"""Brings what an earlier run left open together with the lines of the new files, so that each line counts once.

A line of a canonical file is known by its id. A line of a bank file has an id that we gave it, so it is known by what
it says, and only where the balances do not show that the new statements go on where the earlier run closed.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tieout.domain.kinds import BOOK_ENTRY_KINDS, Side
from tieout.domain.line_table import LineTable, TextColumn, concat, texts_at, texts_of
from tieout.domain.results import BroughtForward, amount_text
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import day_text
from tieout.kernel.errors import Finding, Place, Refused
from tieout.kernel.money import minor_units_of
from tieout.kernel.names import without_blanks
from tieout.matching.columns import taken
from tieout.proofs.account_balances import NO_ACCOUNT, AccountBalances
from tieout.services.files.continuity import continuity
from tieout.services.files.previous import Account, Previous
from tieout.services.files.read_sides import FINDINGS_SHOWN_MAX, SideRead

# The extra column of a line that comes with less than all of it.
WHOLE_AMOUNT = "amount in full"

# An account has fewer lines a day than numbers of this length count.
_NUMBER_LENGTH_MAX = 9

_SIDES: tuple[Side, Side] = ("statement", "ledger")


@dataclass(frozen=True, slots=True)
class Brought:
    """Both sides with what the earlier run hands on."""

    statement: LineTable
    ledger: LineTable
    held: tuple[tuple[str, int], ...]  # parts of statement lines, in minor units, that wait for a book entry
    ignored: tuple[str, ...]  # book entries that were set aside before
    balances: tuple[AccountBalances, ...]  # with which accounts closed
    books: Mapping[Account, int]  # balances per books then, in minor units
    booked: frozenset[str]  # book entries that are in those
    forward: BroughtForward
    warnings: tuple[Finding, ...]


def bring_forward(previous: Previous, statement: SideRead, ledger: SideRead) -> Brought:
    """Unite the lines of two sides with the open lines of an earlier run.

    Raises Refused where an account opens with another balance than the earlier run closed it with, and where a line
    that is tied already comes with another amount.
    """
    balances = continuity(previous, statement.statements, statement.statement_files)
    held = _awaiting(previous, ledger.lines)
    ignored = sorted(previous.outstanding["ledger"].keys() - previous.remaining["ledger"].keys())
    carried: dict[Side, dict[str, int]] = {
        "statement": _sums(previous.remaining["statement"], held),
        "ledger": {**previous.remaining["ledger"]}
        | {line: previous.outstanding["ledger"][line].minor_units for line in ignored},
    }
    sides = [_Side(previous, side, read, carried[side], held, balances.followed)
             for side, read in zip(_SIDES, (statement, ledger), strict=True)]  # fmt: skip
    tables = [each.table() for each in sides]
    if faults := [fault for each in sides for fault in each.faults]:
        raise Refused(faults[:FINDINGS_SHOWN_MAX], len(faults))
    return Brought(
        statement=tables[0],
        ledger=tables[1],
        held=tuple(sorted(held.items())),
        ignored=tuple(ignored),
        balances=tuple(previous.closings[account] for account in sorted(previous.closings)),
        books={account: balance.minor_units for account, balance in previous.books.items()},
        booked=_booked(previous, tables[1], carried["ledger"]),
        forward=BroughtForward(
            lines=tuple(
                (each.side, line)
                for each, table in zip(sides, tables, strict=True)
                for line in _in_order(table, carried[each.side])
            ),
            closed=(sides[0].closed(), sides[1].closed()),
            left_out=sum(each.left_out for each in sides),
        ),
        warnings=balances.warnings,
    )


def _awaiting(previous: Previous, ledger: LineTable) -> dict[str, int]:
    """What of statement lines is tied to open items or set aside and still waits for its book entry.

    Where no book entries are given for an account, nothing of it can wait for one.
    """
    entries = np.array([kind in BOOK_ENTRY_KINDS for kind in ledger.kind.names] or [False])
    rows = np.flatnonzero(entries[ledger.kind.codes]) if len(ledger) else np.zeros(0, dtype=np.int64)
    named = {(ledger.account.at(row), ledger.currency.at(row)) for row in rows.tolist()}
    named |= previous.lines.accounts_of(BOOK_ENTRY_KINDS)
    booked = {(without_blanks(name), currency) for name, currency in named}
    remaining = previous.remaining["statement"]
    return {
        line: part
        for line, outstanding in previous.outstanding["statement"].items()
        if (part := outstanding.minor_units - remaining.get(line, 0))
        and (line in previous.awaiting or outstanding.account in booked)
    }


def _booked(previous: Previous, ledger: LineTable, carried: Collection[str]) -> frozenset[str]:
    """The book entries brought forward that an earlier balance per books has in it."""
    found = set()
    for row, line in enumerate(texts_of(ledger.id, len(ledger))):
        if line in carried:
            books = previous.books.get((without_blanks(ledger.account.at(row)), ledger.currency.at(row)))
            if books is not None and int(ledger.booking_day[row]) <= books.as_of:
                found.add(line)
    return frozenset(found)


def _sums(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {line: left.get(line, 0) + right.get(line, 0) for line in [*left, *(right.keys() - left.keys())]}


def _in_order(table: LineTable, wanted: Collection[str]) -> list[str]:
    """The wanted ids by booking day and id."""
    days = table.booking_day.tolist()
    chosen = [(days[row], line) for row, line in enumerate(texts_of(table.id, len(table))) if line in wanted]
    return [line for _, line in sorted(chosen)]


class _Side:
    """One side: the new lines, and what an earlier run knows of them."""

    def __init__(
        self,
        previous: Previous,
        side: Side,
        read: SideRead,
        carried: Mapping[str, int],
        held: Mapping[str, int],
        followed: Collection[Account],
    ) -> None:
        self.side, self.left_out, self.faults = side, 0, list[Finding]()
        self._read, self._carried, self._held, self._followed = read, carried, held, followed
        self._earlier = previous.lines
        self._earlier_ids = previous.lines.ids(side)
        self._closed_before = previous.closed[side]

    def closed(self) -> tuple[str, ...]:
        """Ids of the lines that need nothing any more, in order of the ids."""
        return tuple(sorted(self._closed_before | (set(self._earlier_ids) - self._carried.keys())))

    def table(self) -> LineTable:
        """The new lines that no earlier run has, and the open ones of the earlier run with what is left of them."""
        new = self._read.lines
        first_of_bank = len(new) - self._read.bank_lines
        ids = texts_of(new.id, len(new))
        kept, replaced = self._canonical(new, ids[:first_of_bank])
        numbered, bank = self._bank(new, ids, first_of_bank)
        table = taken(new, np.array(kept + bank, dtype=np.int64))
        if numbered:
            table = replace(table, id=_with_ids(table.id, kept + bank, numbered))
        carried = self._carried_lines(self._carried.keys() - replaced)
        self.left_out = len(new) - len(table)
        return concat([table, carried]) if len(carried) else table

    def _carried_lines(self, wanted: Collection[str]) -> LineTable:
        earlier = self._earlier.table(self.side, wanted)
        ids = texts_of(earlier.id, len(earlier))
        amounts = np.array([self._carried[line] for line in ids], dtype=np.int64)
        reduced = np.flatnonzero(amounts != earlier.minor_units).tolist()
        if not reduced:
            return earlier
        whole = [*texts_of((earlier.extra or {}).get(WHOLE_AMOUNT), len(earlier))]
        bases = [*texts_of(earlier.base_amount, len(earlier))]
        for row in reduced:
            whole[row] = whole[row] or amount_text(int(earlier.minor_units[row]), earlier.currency.at(row))
            bases[row] = ""  # the carrying value was that of the whole line
        extra = {**(earlier.extra or {}), WHOLE_AMOUNT: whole}
        return replace(earlier, minor_units=amounts, base_amount=bases if any(bases) else None, extra=extra)

    def _canonical(self, new: LineTable, ids: Sequence[str]) -> tuple[list[int], set[str]]:
        """Rows of lines that are new or newer, and ids of open lines of which the new file has the newer version."""
        known = set(self._earlier_ids)
        repeated = {line for line in ids if line in known}
        earlier = self._earlier.table(self.side, repeated) if repeated else None
        rows = {} if earlier is None else {line: row for row, line in enumerate(texts_of(earlier.id, len(earlier)))}
        kept: list[int] = []
        replaced: set[str] = set()
        for row, line in enumerate(ids):
            if earlier is None or line not in rows:
                if line not in self._closed_before:
                    kept.append(row)
            elif self._is_untouched(line, earlier, rows[line]):
                kept.append(row)
                replaced.add(line)
            elif (fault := self._changed(new, row, line, earlier, rows[line])) is not None:
                self.faults.append(fault)
        return kept, replaced

    def _is_untouched(self, line: str, earlier: LineTable, row: int) -> bool:
        """Whether nothing was ever tied of an open line, so that its file may still correct it."""
        return (
            line not in self._held
            and self._carried.get(line) == int(earlier.minor_units[row])
            and _whole_amount(earlier, row) == int(earlier.minor_units[row])
        )

    def _changed(self, new: LineTable, row: int, line: str, earlier: LineTable, earlier_row: int) -> Finding | None:
        """The finding about a line that was tied and comes again with an amount that it never had."""
        whole, left = _whole_amount(earlier, earlier_row), self._carried.get(line, 0)
        currency = earlier.currency.at(earlier_row)
        if new.currency.at(row) == currency and int(new.minor_units[row]) in (whole, left or whole):
            return None
        now = f"{amount_text(int(new.minor_units[row]), new.currency.at(row))} {new.currency.at(row)}"
        before = f"{amount_text(whole, currency)} {currency}"
        place = Place(new.files[int(new.file[row])], int(new.line[row]), int(new.column[row]))
        what = f"the {self.side} line was {before} when an earlier run tied it, and is {now} here"
        advice = "give the changed line an id of its own, or run the earlier period again with it"
        return Finding("tied_line_changed", what, place, line, advice)

    def _bank(self, new: LineTable, ids: Sequence[str], first: int) -> tuple[dict[int, str], list[int]]:
        """Rows of bank lines that no earlier run has, and new ids for those whose number is taken."""
        known = self._known_bank_lines()
        kept: list[int] = []
        for row in range(first, len(new)):
            account = without_blanks(new.account.at(row)), new.currency.at(row)
            key = (account, _content(new, row)) if known and account not in self._followed else None
            if key is not None and known[key]:
                known[key] -= 1
            else:
                kept.append(row)
        numbers = _last_numbers([*self._earlier_ids, *self._closed_before]) if kept else Counter[str]()
        numbered: dict[int, str] = {}
        for row in kept:
            day = ids[row].rpartition("/")[0]
            numbers[day] += 1
            numbered[row] = f"{day}/{numbers[day]}"
        return numbered, kept

    def _known_bank_lines(self) -> Counter[tuple[Account, tuple[object, ...]]]:
        """How often the earlier run has each bank line of accounts whose balances show no continuation."""
        found: Counter[tuple[Account, tuple[object, ...]]] = Counter()
        if not self._read.bank_lines or not (self._bank_accounts() - set(self._followed)):
            return found
        earlier = self._earlier.table(self.side, set(self._earlier_ids))
        for row, line in enumerate(texts_of(earlier.id, len(earlier))):
            account = without_blanks(earlier.account.at(row)), earlier.currency.at(row)
            day = day_text(int(earlier.booking_day[row])) or "-"
            if line.startswith(f"{earlier.account.at(row) or NO_ACCOUNT}/{day}/"):
                found[account, _content(earlier, row)] += 1
        return found

    def _bank_accounts(self) -> set[Account]:
        new, first = self._read.lines, len(self._read.lines) - self._read.bank_lines
        return {(without_blanks(new.account.at(row)), new.currency.at(row)) for row in range(first, len(new))}


def _whole_amount(table: LineTable, row: int) -> int:
    """The amount of the line before anything was tied of it."""
    written = texts_at((table.extra or {}).get(WHOLE_AMOUNT), [row])[0]
    return minor_units_of(written, EXPONENTS.get(table.currency.at(row), 2)) if written else int(table.minor_units[row])


def _content(table: LineTable, row: int) -> tuple[object, ...]:
    """What a bank line says, without the id that we gave it."""
    reference, party, description, native_id = (
        texts_at(column, [row])[0]
        for column in (table.reference, table.counterparty, table.description, table.native_id)
    )
    text = " ".join(f"{party} {description}".upper().split())
    return int(table.booking_day[row]), _whole_amount(table, row), native_id, reference, text


def _last_numbers(ids: Sequence[str]) -> Counter[str]:
    """The largest N of the ids ACCOUNT/DAY/N, by ACCOUNT/DAY."""
    last: Counter[str] = Counter()
    for line in ids:
        day, _, number = line.rpartition("/")
        if number.isascii() and number.isdigit() and len(number) <= _NUMBER_LENGTH_MAX:
            last[day] = max(last[day], int(number))
    return last


def _with_ids(column: TextColumn, rows: Sequence[int], numbered: Mapping[int, str]) -> TextColumn:
    """The ids of the rows, with the new ones."""
    ids = [numbered.get(row, line) for row, line in zip(rows, texts_of(column, len(rows)), strict=True)]
    if isinstance(column, list):
        return ids
    import polars

    return polars.Series(ids, dtype=polars.String)
