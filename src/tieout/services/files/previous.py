"""Reads the folder of an earlier result: what it left open, what it dealt with, and with which balances it closed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec

from tieout.domain.kinds import Side
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NO_DAY, day_number, day_of_text
from tieout.kernel.errors import Finding, Place, Refused, TieoutError
from tieout.kernel.money import minor_units_of
from tieout.proofs.account_balances import AccountBalances
from tieout.services.files.lines_file import LinesFile, read_lines_file
from tieout.services.files.write_result import SUMS

Account: TypeAlias = tuple[str, str]  # name and currency

_ADVICE = "name a folder that `tieout reconcile --out` wrote"
_OPEN_PARQUET = "open.parquet"


class Outstanding(NamedTuple):
    """A line that one side of an account does not explain."""

    account: Account
    minor_units: int


class BookBalance(NamedTuple):
    """The balance per books of an account, and the day up to which entries are in it."""

    minor_units: int
    as_of: int


@dataclass(frozen=True, slots=True)
class Previous:
    """What an earlier run hands on; amounts in minor units."""

    folder: str
    lines: LinesFile
    remaining: Mapping[Side, Mapping[str, int]]  # what is left of each open line
    outstanding: Mapping[
        Side, Mapping[str, Outstanding]
    ]  # statement lines not in the books, book entries not on the bank
    awaiting: frozenset[str]  # statement lines that waited for a book entry before that run already
    closed: Mapping[Side, frozenset[str]]  # lines that runs before that one had dealt with
    closings: Mapping[Account, AccountBalances]  # of the accounts whose balance per bank was known
    books: Mapping[Account, BookBalance]  # of the accounts whose balance per books was known


class _Line(msgspec.Struct):
    line: str
    side: Side = "statement"


class _OpenPart(msgspec.Struct):
    side: Side
    line: str
    amount: str
    currency: str


class _OutstandingLines(msgspec.Struct):
    lines: list[str]
    amounts: list[str]


class _Reconciliation(msgspec.Struct):
    account: str
    currency: str
    as_of: str | None
    per_bank: str | None
    per_books: str | None
    in_books_not_on_bank: _OutstandingLines
    on_bank_not_in_books: _OutstandingLines


class _Closed(msgspec.Struct):
    statement: list[str]
    ledger: list[str]


class _BroughtForward(msgspec.Struct):
    awaiting: list[_Line]
    closed: _Closed


class _ResultFile(msgspec.Struct):
    """The part of result.json that the next run needs."""

    tieout: str
    reconciliations: list[_Reconciliation]
    brought_forward: _BroughtForward | None
    open_parts: list[_OpenPart] | None = None  # None where open.parquet has them


def read_previous(folder: str) -> Previous:
    """The result in a folder.

    Raises Refused where the folder holds none, or where a file of it was changed since.
    """
    reader = _Folder(folder)
    result = reader.result()
    lines = reader.lines()
    try:
        found = _read(reader, result, lines)
    except (ValueError, TieoutError) as error:
        if isinstance(error, Refused):
            raise
        raise reader.refused("result.json", f"this is not a result of tieout ({error})") from None
    for side in _SIDES:
        unknown = found.remaining[side].keys() - set(lines.ids(side))
        if unknown:
            raise reader.refused("lines.csv", f"the {side} line {min(unknown)} of result.json is not in it")
    return found


_SIDES: tuple[Side, Side] = ("statement", "ledger")


def _read(reader: "_Folder", result: "_ResultFile", lines: LinesFile) -> Previous:
    parts = reader.open_parts(result)
    earlier = result.brought_forward or _BroughtForward([], _Closed([], []))
    outstanding: dict[Side, dict[str, Outstanding]] = {"statement": {}, "ledger": {}}
    for each in result.reconciliations:
        account = each.account, each.currency
        outstanding["statement"] |= _outstanding(each.on_bank_not_in_books, account)
        outstanding["ledger"] |= _outstanding(each.in_books_not_on_bank, account)
    return Previous(
        folder=reader.folder,
        lines=lines,
        remaining={side: {line: amount for at, line, amount in parts if at == side} for side in _SIDES},
        outstanding=outstanding,
        awaiting=frozenset(each.line for each in earlier.awaiting),
        closed={"statement": frozenset(earlier.closed.statement), "ledger": frozenset(earlier.closed.ledger)},
        closings={
            (each.account, each.currency): AccountBalances(each.account, each.currency, balance, balance, _day(each))
            for each in result.reconciliations
            if (balance := _units(each.per_bank, each.currency)) is not None
        },
        books={
            (each.account, each.currency): BookBalance(balance, _day(each))
            for each in result.reconciliations
            if (balance := _units(each.per_books, each.currency)) is not None
        },
    )


def _outstanding(lines: "_OutstandingLines", account: Account) -> dict[str, Outstanding]:
    return {
        line: Outstanding(account, minor_units_of(amount, EXPONENTS.get(account[1], 2)))
        for line, amount in zip(lines.lines, lines.amounts, strict=True)
    }


def _units(amount: str | None, currency: str) -> int | None:
    return None if amount is None else minor_units_of(amount, EXPONENTS.get(currency, 2))


def _day(each: "_Reconciliation") -> int:
    return day_number(day_of_text(each.as_of)) if each.as_of else NO_DAY


class _Folder:
    def __init__(self, folder: str) -> None:
        self.folder, self._path = folder.rstrip("/\\") or folder, Path(folder)

    def refused(self, name: str, what: str, advice: str = _ADVICE) -> Refused:
        """The refusal of one file of the folder, or of the folder where `name` is empty."""
        place = Place(f"{self.folder}/{name}" if name else self.folder)
        return Refused([Finding("previous_not_a_result", what, place, advice=advice)])

    def _bytes(self, name: str) -> bytes:
        try:
            return (self._path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            if not self._path.exists():
                raise self.refused("", "there is no such folder") from None
            if not self._path.is_dir():
                raise self.refused("", "this is a file, not a folder with a result") from None
            raise self.refused(name, "it is missing, so this folder holds no result") from None
        except OSError as error:
            raise self.refused(name, f"it cannot be read: {error.strerror or error}", "check its permissions") from None

    def result(self) -> _ResultFile:
        """What result.json says."""
        try:
            return msgspec.json.decode(self._bytes("result.json"), type=_ResultFile)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.refused("result.json", f"this is not a result of tieout ({error})") from None

    def lines(self) -> LinesFile:
        """The lines of both sides."""
        try:
            return read_lines_file(self._unchanged("lines.csv"))
        except (ValueError, LookupError, TieoutError) as error:
            if isinstance(error, Refused):
                raise
            raise self.refused("lines.csv", f"these are not the lines of a result ({error})") from None

    def open_parts(self, result: _ResultFile) -> list[tuple[Side, str, int]]:
        """Side, line and what is left of each open line."""
        if result.open_parts is not None:
            return [
                (part.side, part.line, minor_units_of(part.amount, EXPONENTS.get(part.currency, 2)))
                for part in result.open_parts
            ]
        import polars

        raw = self._unchanged(_OPEN_PARQUET)
        try:
            return polars.read_parquet(raw, columns=["side", "line", "minor_units"]).rows()
        except polars.exceptions.PolarsError as error:
            raise self.refused(_OPEN_PARQUET, f"these are not the open lines of a result ({error})") from None

    def _unchanged(self, name: str) -> bytes:
        """The bytes of a file, as long as they are what was written: half of a result would prove nothing."""
        raw = self._bytes(name)
        listed = self._path / SUMS
        digest = f"{hashlib.sha256(raw).hexdigest()}  {name}"
        if listed.is_file() and digest not in listed.read_text("utf-8", errors="replace").splitlines():
            advice = "give the result as it was written; run the earlier period again where it is lost"
            raise self.refused(name, "this was changed since tieout wrote it", advice)
        return raw
