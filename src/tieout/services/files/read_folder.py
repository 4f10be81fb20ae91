"""Reads a folder that `--out` wrote, for checking it: its lines, its matches, and what it says became of the lines."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tieout.contracts.result_json import MatchShape
from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable, texts_of
from tieout.domain.matches import Adjustment, AdjustmentType, Allocation, Match, MatchKind, MatchState
from tieout.domain.results import OpenLine
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import TieoutError, UsageError
from tieout.kernel.money import minor_units_of
from tieout.services.files.lines_file import LinesFile, read_lines_file
from tieout.services.files.write_result import SUMS

RESULT, LINES = "result.json", "lines.csv"
MATCHES, ALLOCATIONS, OPEN = "matches.parquet", "allocations.parquet", "open.parquet"


class OutstandingShape(msgspec.Struct):
    """Outstanding lines as result.json spells them."""

    lines: list[str]
    sum: str
    ages: list[int]
    amounts: list[str]


class AccountShape(msgspec.Struct):
    """A bank reconciliation as result.json spells it."""

    account: str
    currency: str
    as_of: str | None
    per_bank: str | None
    in_books_not_on_bank: OutstandingShape
    on_bank_not_in_books: OutstandingShape
    per_books: str | None
    difference: str | None
    holds: bool | None


class ProofShape(msgspec.Struct):
    """A balance proof as result.json spells it."""

    account: str
    opening: str | None
    movements: str
    closing: str | None
    holds: bool | None
    gap: str | None


class _PartShape(msgspec.Struct):
    side: Side
    line: str
    amount: str
    currency: str


class _LineShape(msgspec.Struct):
    side: Side
    line: str


class _ConservationShape(msgspec.Struct):
    holds: bool


class _AwaitingShape(msgspec.Struct):
    line: str
    amount: str
    currency: str


class _ForwardShape(msgspec.Struct):
    awaiting: list[_AwaitingShape]


class ResultShape(msgspec.Struct):
    """What is checked of result.json; `matches` and `open_parts` are absent where Parquet files have them."""

    tieout: str
    proofs: list[ProofShape]
    reconciliations: list[AccountShape]
    settled_in_books: list[str]
    ignored: list[_LineShape]
    conservation: _ConservationShape
    summary: dict[str, Any]
    brought_forward: _ForwardShape | None = None
    matches: list[MatchShape] | None = None
    open_parts: list[_PartShape] | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """A result as its folder tells it."""

    result: ResultShape
    statement: LineTable
    ledger: LineTable
    matches: Sequence[Match]
    open_lines: Sequence[OpenLine]
    held: Mapping[str, int]  # of statement lines: dealt with by an earlier run, waiting for a book entry
    changed: tuple[str, ...]  # files that are missing or not as SHA256SUMS lists them


def read_folder(folder: str) -> Folder:
    """Everything in the folder that a result can be checked by.

    Raises UsageError where it holds no result, or a file that cannot be read as one of a result.
    """
    path = Path(folder)
    try:
        result = msgspec.convert(_json(path / RESULT), ResultShape)
        lines = read_lines_file((path / LINES).read_bytes())
        statement, ledger = _table(lines, "statement"), _table(lines, "ledger")
        rows = {"statement": _rows(statement), "ledger": _rows(ledger)}
        return Folder(
            result=result,
            statement=statement,
            ledger=ledger,
            matches=list(_matches(path, result)),
            open_lines=[
                OpenLine(side, line, amount, currency, rows[side].get(line, -1), None)
                for side, line, amount, currency in _open_parts(path, result)
            ],
            held=_held(result),
            changed=tuple(_changed(path)),
        )
    except FileNotFoundError as error:
        raise _refused(folder, f"{Path(error.filename).name} is missing") from None
    except OSError as error:
        raise _refused(folder, f"it cannot be read: {error.strerror or error}") from None
    except (ValueError, LookupError, msgspec.ValidationError, TieoutError) as error:
        raise _refused(folder, str(error)) from None


def _refused(folder: str, what: str) -> UsageError:
    return UsageError(f"{folder}: this is not a result of tieout ({what}); name a folder that --out wrote")


def _json(path: Path) -> object:
    """The JSON of the file. Raises ValueError for a member that stands twice: readers would disagree about it."""

    def once_each(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members):
            raise ValueError(f"{path.name} has a member twice in one object")
        return found

    return json.loads(path.read_bytes(), object_pairs_hook=once_each)


def _table(lines: LinesFile, side: Side) -> LineTable:
    return lines.table(side, set(lines.ids(side)))


def _rows(table: LineTable) -> dict[str, int]:
    return {line: row for row, line in enumerate(texts_of(table.id, len(table)))}


def _units(text: str, currency: str) -> int:
    return minor_units_of(text, EXPONENTS.get(currency, 2))


def _matches(path: Path, result: ResultShape) -> Iterator[Match]:
    if result.matches is not None:
        for shape in result.matches:
            allocations = [
                Allocation("statement" if leg.side == "statement" else "ledger", leg.line,
                           _units(leg.amount, leg.currency), leg.currency)
                for leg in shape.allocations
            ]  # fmt: skip
            legs = [(leg.type, leg.amount, leg.currency, leg.rate or None) for leg in shape.adjustments]
            yield _match(shape.id, shape.kind, shape.state, shape.matcher, allocations, legs)
        return
    import polars

    allocations_of: dict[int, list[Allocation]] = {}
    for number, side, line, units, currency in polars.read_parquet(
        path / ALLOCATIONS, columns=["match", "side", "line", "minor_units", "currency"]
    ).iter_rows():
        allocations_of.setdefault(number, []).append(Allocation(side, line, units, currency))
    columns = ["id", "kind", "state", "matcher", "adjustments"]
    for number, kind, state, matcher, adjustments in polars.read_parquet(path / MATCHES, columns=columns).iter_rows():
        legs = [(leg["type"], leg["amount"], leg["currency"], leg["rate"]) for leg in adjustments or ()]
        yield _match(number, kind, state, matcher, allocations_of.get(number, []), legs)


def _match(
    number: int,
    kind: str,
    state: str,
    matcher: str,
    allocations: Sequence[Allocation],
    legs: Sequence[tuple[str, str, str, str | None]],
) -> Match:
    return Match(
        id=number,
        kind=MatchKind(kind),
        state=MatchState(state),
        matcher=matcher,
        allocations=tuple(allocations),
        adjustments=tuple(
            Adjustment(AdjustmentType(name), _units(amount, currency), currency, rate=rate)
            for name, amount, currency, rate in legs
        ),
    )


def _open_parts(path: Path, result: ResultShape) -> Iterator[tuple[Side, str, int, str]]:
    if result.open_parts is not None:
        for part in result.open_parts:
            yield part.side, part.line, _units(part.amount, part.currency), part.currency
        return
    import polars

    yield from polars.read_parquet(path / OPEN, columns=["side", "line", "minor_units", "currency"]).iter_rows()


def _held(result: ResultShape) -> dict[str, int]:
    awaiting = result.brought_forward.awaiting if result.brought_forward else []
    return {each.line: _units(each.amount, each.currency) for each in awaiting}


def _changed(path: Path) -> Iterator[str]:
    for row in (path / SUMS).read_text("utf-8").splitlines():
        digest, _, name = row.partition("  ")
        found = path / name
        if not found.is_file() or hashlib.sha256(found.read_bytes()).hexdigest() != digest:
            yield name
