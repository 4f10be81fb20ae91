"""A patient clerk: the default plan followed line by line over the files, comparing everything with everything.

Shares nothing with the generator's labels but the rules: it reads the CSV, finds document numbers in the texts itself,
and ties what is the only answer. It does not ask how likely an accident is; the generator does.
"""

import csv
import itertools
import pathlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tieout.kernel.currencies import exponent_of
from tieout.kernel.money import minor_units_of
from tieout.lab.score import ConfirmedMatch

_BOOK_ENTRIES = frozenset(
    "customer_payment supplier_payment customer_batch_payment supplier_batch_payment journal_entry_line "
    "bank_transfer bank_entry".split()
)
_LEGAL_FORMS = frozenset(("AS", "GMBH", "AB", "LTDA", "A/S"))
_RETURN_WORDS = ("return", "retur", "reversal", "rücklastschrift", "estorno", "tilbakeført")
_OWN_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss"})


@dataclass(frozen=True, eq=False)
class Row:
    """One line of a file with its amount in minor units."""

    id: str
    text: dict[str, str]
    units: int
    day: date

    def __getitem__(self, column: str) -> str:
        return self.text.get(column, "")


def rows_of(path: pathlib.Path) -> list[Row]:
    """The lines of a canonical CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                cells["id"],
                cells,
                minor_units_of(cells["amount"], exponent_of(cells["currency"])),
                date.fromisoformat(cells["booking_date"]),
            )
            for cells in csv.DictReader(file)
        ]


def key_of(text: str) -> str:
    """Letters and digits in upper case."""
    return "".join(re.findall(r"[0-9A-Za-z]+", text)).upper()


def plain(name: str) -> str:
    """A name in plain capitals."""
    parts = unicodedata.normalize("NFKD", name.translate(_OWN_LETTERS))
    return "".join(mark for mark in parts if not unicodedata.combining(mark)).upper()


def same_party(row: Row, other: Row) -> bool:
    """Equal account numbers, or names that are equal or cut."""
    if row["counterparty_account"] and row["counterparty_account"] == other["counterparty_account"]:
        return True
    short, long = sorted((plain(row["counterparty"]), plain(other["counterparty"])), key=len)
    return bool(short) and (short == long or (len(short) >= 20 and long.startswith(short)))


def other_party(row: Row, other: Row) -> bool:
    """Account numbers that differ, or names of which no word begins or ends alike."""
    accounts = {row["counterparty_account"], other["counterparty_account"]} - {""}
    if len(accounts) == 2:
        return True
    marks = [
        {mark for word in plain(name).split() if word not in _LEGAL_FORMS for mark in (word[:3], "-" + word[-3:])}
        for name in (row["counterparty"], other["counterparty"])
    ]
    return bool(marks[0]) and bool(marks[1]) and marks[0].isdisjoint(marks[1])


def days(row: Row, other: Row) -> int:
    """Days between two rows."""
    return abs((row.day - other.day).days)


class Clerk:
    """Ties the lines of two files, pass by pass; `matches` are what it confirms."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.statement = rows_of(folder / "statement.csv")
        self.ledger = rows_of(folder / "ledger.csv")
        settled = {line for row in self.ledger for line in row["settles"].split(" ") if line}
        self.gone = {row.id for row in self.ledger if row.id in settled}
        self.matches: list[ConfirmedMatch] = []
        for posted in (True, False):
            ledger = [row for row in self.ledger if (row["kind"] in _BOOK_ENTRIES) is posted]
            for one_pass in (self._exact, self._in_text, self._batches, self._amounts, self._sums):
                one_pass(self._open(ledger))
        self._cancel("transfer", _is_transfer)
        self._cancel("reversal", _is_return)

    def _open(self, rows: Sequence[Row]) -> list[Row]:
        return [row for row in rows if row.id not in self.gone]

    def _tie(self, matcher: str, statement: Iterable[Row], ledger: Iterable[Row]) -> None:
        sides = tuple(row.id for row in statement), tuple(row.id for row in ledger)
        self.gone.update(*sides)
        kind: Literal["across", "within"] = "across" if sides[1] else "within"
        self.matches.append(ConfirmedMatch(kind, "confirmed", *sides, matcher=matcher))

    def _pair(self, matcher: str, ledger: Sequence[Row], fits: Callable[[Row, Row], bool]) -> None:
        """Tie the pairs that are alone in both directions, where identical rows count as one."""
        statement = self._open(self.statement)
        ahead = {
            row.id: [other for other in ledger if _same_money(row, other) and fits(row, other)] for row in statement
        }
        back = {other.id: [row for row in statement if other in ahead[row.id]] for other in ledger}
        for row in statement:
            others = ahead[row.id]
            rows = back[others[0].id] if others else []
            if not others or row.id in self.gone or len(rows) != len(others):
                continue
            if _all_alike(rows) and _all_alike(others) and all(ahead[one.id] == others for one in rows):
                for one, other in zip(rows, others, strict=True):
                    self._tie(matcher, [one], [other])

    def _exact(self, ledger: Sequence[Row]) -> None:
        def fits(row: Row, other: Row) -> bool:
            key = key_of(row["reference"])
            return bool(key) and key == key_of(other["reference"]) and days(row, other) <= 45

        self._pair("exact_reference", ledger, fits)

    def _in_text(self, ledger: Sequence[Row]) -> None:
        carrying: defaultdict[str, list[Row]] = defaultdict(list)
        for other in ledger:
            carrying[key_of(other["reference"])].append(other)
        carrying.pop("", None)
        named = {row.id: sorted(_numbers_in(row) & carrying.keys()) for row in self._open(self.statement)}
        times = Counter(number for numbers in named.values() for number in numbers)
        for row in self._open(self.statement):
            documents = [other for number in named[row.id] for other in carrying[number]]
            near = all(days(row, other) <= 45 and _account_fits(row, other) for other in documents)
            if not documents or len(documents) != len(named[row.id]) or not near:
                continue
            if all(times[number] == 1 for number in named[row.id]):
                if _is_explained(row, documents):
                    self._tie("reference_in_text", [row], documents)
            elif len(documents) == 1:
                self._instalments(named, documents[0])

    def _instalments(self, named: dict[str, list[str]], document: Row) -> None:
        rows = [row for row in self._open(self.statement) if key_of(document["reference"]) in named[row.id]]
        paid = sum(row.units for row in rows)
        if all((row.units > 0) is (document.units > 0) for row in rows) and abs(paid) < abs(document.units):
            for row in rows:
                self._tie("reference_in_text", [row], [document])

    def _batches(self, ledger: Sequence[Row]) -> None:
        batches: defaultdict[str, list[Row]] = defaultdict(list)
        for other in ledger:
            batches[other["batch"]].append(other)
        batches.pop("", None)
        totals = {batch: sum(row.units for row in rows) for batch, rows in batches.items()}
        names = {key_of(batch): batch for batch in batches}
        naming = {
            row.id: {row["batch"]} - {""} or {names[key] for key in _numbers_in(row) if key in names}
            for row in self._open(self.statement)
        }
        for batch, rows in batches.items():
            by_name = [row for row in self._open(self.statement) if batch in naming[row.id]]
            by_total = [row for row in self._open(self.statement) if not naming[row.id] and row.units == totals[batch]]
            payouts = by_name or by_total
            if len(payouts) != 1 or any(days(payouts[0], row) > 10 for row in rows):
                continue
            kept = totals[batch] - payouts[0].units
            if kept == 0 or (by_name and 0 < kept <= totals[batch] * 5 // 100):
                self._tie("batch_total", payouts, rows)

    def _amounts(self, ledger: Sequence[Row]) -> None:
        self._pair("amount_and_date", ledger, lambda row, other: days(row, other) <= 10 and not other_party(row, other))

    def _sums(self, ledger: Sequence[Row]) -> None:
        statement = self._open(self.statement)
        found: list[tuple[list[Row], list[Row]]] = []
        for row in statement:
            found += [([row], some) for some in _sums_of(row, ledger)]
        for other in ledger:
            found += [(some, [other]) for some in _sums_of(other, statement)]
        uses = Counter(row.id for rows, others in found for row in (*rows, *others))
        for rows, others in found:
            if all(uses[row.id] == 1 for row in (*rows, *others)):
                self._tie("sum_of_many", rows, others)

    def _cancel(self, matcher: str, fits: Callable[[Row, Row], bool]) -> None:
        rows = self._open(self.statement)
        opposite = {
            row.id: [
                other
                for other in rows
                if other["currency"] == row["currency"] and other.units == -row.units and fits(row, other)
            ]
            for row in rows
        }
        for row in rows:
            others = opposite[row.id]
            if len(others) == 1 and opposite[others[0].id] == [row] and row.id not in self.gone:
                self._tie(matcher, [row, others[0]], [])


def _same_money(row: Row, other: Row) -> bool:
    return row["currency"] == other["currency"] and row.units == other.units and _account_fits(row, other)


def _account_fits(row: Row, other: Row) -> bool:
    return other["kind"] not in _BOOK_ENTRIES or row["account"] == other["account"]


def _all_alike(rows: Sequence[Row]) -> bool:
    columns = ("account", "booking_date", "reference", "counterparty", "counterparty_account", "batch", "kind")
    return len({tuple(row[column] for column in columns) for row in rows}) == 1


def _numbers_in(row: Row) -> set[str]:
    """Every run of letters and digits of the line, alone and joined to the runs before it."""
    runs = re.findall(r"[0-9A-Z]+", f"{row['reference']} {row['description']}".upper())
    return {"".join(runs[start:end]) for end in range(1, len(runs) + 1) for start in range(max(0, end - 4), end)}


def _is_explained(row: Row, documents: Sequence[Row]) -> bool:
    """Equal, an instalment of one document, a card fee, a discount, or an exchange near the carrying value."""
    if any(other["currency"] != row["currency"] for other in documents):
        carried = minor_units_of(documents[0]["base_amount"] or "0", 2)
        return len(documents) == 1 and abs(row.units - carried) * 100 <= abs(carried) * 5
    total = sum(other.units for other in documents)
    missing = abs(total) - abs(row.units)
    if total * row.units < 0 or missing < 0:
        return False
    fee = missing * 1000 <= total * 35 and missing <= 50 * 10 ** exponent_of(row["currency"])
    return missing == 0 or len(documents) == 1 or fee or missing * 100 <= abs(total) * 3


def _sums_of(one: Row, others: Sequence[Row]) -> list[list[Row]]:
    near = [
        other
        for other in others
        if other["currency"] == one["currency"] and same_party(one, other) and days(one, other) <= 45
    ]
    near = [other for other in near if _account_fits(one, other) and _account_fits(other, one)]
    return [
        list(some)
        for count in range(2, 6)
        for some in itertools.combinations(near, count)
        if sum(other.units for other in some) == one.units
    ]


def _is_transfer(row: Row, other: Row) -> bool:
    return row["account"] != other["account"] and days(row, other) <= 5


def _is_return(row: Row, other: Row) -> bool:
    if row["account"] != other["account"] or days(row, other) > 45:
        return False
    texts = f"{row['description']} {other['description']}".lower()
    same = bool(row["reference"]) and key_of(row["reference"]) == key_of(other["reference"])
    return same or any(word in texts for word in _RETURN_WORDS)
