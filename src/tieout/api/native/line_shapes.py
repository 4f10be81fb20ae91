"""Lines on the wire of the native API."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import msgspec

from tieout.api.native.spelling import (
    Reader,
    amount_text,
    day_written,
    instant_text,
    maybe_amount_text,
    maybe_day_text,
)
from tieout.contracts.exact_json import Amount
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NotADay, day_number, day_of_text
from tieout.kernel.errors import Refusal
from tieout.kernel.money import AmountOutOfRange, TooManyDecimals, minor_units_of
from tieout.services.lines import LineColumns, LineNow

Changed = msgspec.UnsetType


class LineBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line to enter; a positive amount is money in."""

    side: str  # statement, ledger
    currency: str
    amount: Amount
    booking_date: str
    kind: str = ""
    account_id: int = 0  # 0: an open item that names none
    value_date: str | None = None
    reference: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    batch: str = ""
    description: str = ""
    native_id: str = ""
    settles: list[int] = []  # the open items that a book entry settles
    foreign_amount: Amount | None = None
    foreign_currency: str = ""
    rate: str = ""


class LinesBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to 10,000 lines, entered all or none."""

    lines: list[LineBody]


class LineChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a line shall change; what is not named stays."""

    kind: str | Changed = msgspec.UNSET
    account_id: int | Changed = msgspec.UNSET
    currency: str | Changed = msgspec.UNSET
    amount: Amount | Changed = msgspec.UNSET
    booking_date: str | Changed = msgspec.UNSET
    value_date: str | Changed | None = msgspec.UNSET
    reference: str | Changed = msgspec.UNSET
    counterparty: str | Changed = msgspec.UNSET
    counterparty_account: str | Changed = msgspec.UNSET
    batch: str | Changed = msgspec.UNSET
    description: str | Changed = msgspec.UNSET
    native_id: str | Changed = msgspec.UNSET


class LineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it counts now."""

    id: int
    version: int
    side: str
    kind: str
    origin: str
    account_id: int
    currency: str
    amount: str
    used: str  # by live confirmed matches
    left: str
    tied: bool
    cleared_in: int | None  # the reconciliation it is ticked in
    booking_date: str
    value_date: str | None
    reference: str
    counterparty: str
    counterparty_account: str
    batch: str
    description: str
    native_id: str
    settles: list[int]
    foreign_amount: str | None
    foreign_currency: str
    rate: str
    document_id: int | None
    statement_id: int | None
    place: str
    parent_id: int | None
    transfer_id: int | None
    paid_date: str | None
    created_at: str
    changed_at: str
    changed_by: str


class LinesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of lines; `next` is the cursor of the page behind it."""

    lines: list[LineAnswer]
    next: str | None


class EnteredAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The identifiers of the lines, in the order that they came in."""

    ids: list[int]


def written_line(now: LineNow) -> LineAnswer:
    """A line as the API shows it."""
    line = now.line
    return LineAnswer(
        id=line.id,
        version=line.version,
        side=line.side,
        kind=line.kind,
        origin=line.origin,
        account_id=line.account_id,
        currency=line.currency,
        amount=amount_text(line.minor_units, line.currency),
        used=amount_text(now.used_minor_units, line.currency),
        left=amount_text(now.left_minor_units, line.currency),
        tied=now.tied,
        cleared_in=now.cleared_in,
        booking_date=day_written(line.booking_day),
        value_date=maybe_day_text(line.value_day),
        reference=line.reference,
        counterparty=line.counterparty,
        counterparty_account=line.counterparty_account,
        batch=line.batch,
        description=line.description,
        native_id=line.native_id,
        settles=[int(each) for each in line.settles.split()],
        foreign_amount=maybe_amount_text(line.foreign_minor_units, line.foreign_currency),
        foreign_currency=line.foreign_currency,
        rate=line.rate,
        document_id=line.document_id,
        statement_id=line.statement_id,
        place=line.place,
        parent_id=line.parent_id,
        transfer_id=line.transfer_id,
        paid_date=maybe_day_text(line.paid_day),
        created_at=instant_text(line.created_at),
        changed_at=instant_text(line.changed_at),
        changed_by=line.changed_by,
    )


# Columns that mean the same on the wire and in the core.
_AS_SENT = (
    "side", "kind", "account_id", "currency", "reference", "counterparty", "counterparty_account", "batch",
    "description", "native_id", "foreign_currency", "rate",
)  # fmt: skip


def columns_of(lines: Sequence[LineBody]) -> tuple[LineColumns | None, list[Refusal]]:
    """The lines as columns, or every amount and day that cannot be read, with its place."""
    try:
        read = _read_at_once(lines)
    except (KeyError, NotADay, TooManyDecimals, AmountOutOfRange):
        reader = Reader()
        read = _read_one_by_one(lines, reader)
        if reader.refusals:
            return None, reader.refusals
    same = {name: list(map(attrgetter(name), lines)) for name in _AS_SENT}
    settles = [" ".join(map(str, line.settles)) if line.settles else "" for line in lines]
    return LineColumns(count=len(lines), settles=settles, **same, **read), []


def _read_at_once(lines: Sequence[LineBody]) -> dict[str, list[Any]]:
    """Amounts and days of lines that are all in order; raises what the first that is not raises."""
    days = {text: day_number(day_of_text(text)) for text in {line.booking_date for line in lines}}
    value_days: dict[str | None, int | None] = {None: None}
    value_days |= {text: day_number(day_of_text(text)) for text in {line.value_date for line in lines} if text}
    return {
        "minor_units": [minor_units_of(line.amount, EXPONENTS[line.currency]) for line in lines],
        "booking_day": [days[line.booking_date] for line in lines],
        "value_day": [value_days[line.value_date] for line in lines],
        "foreign_minor_units": [
            None
            if line.foreign_amount is None
            else minor_units_of(line.foreign_amount, EXPONENTS[line.foreign_currency])
            for line in lines
        ],
    }


def _read_one_by_one(lines: Sequence[LineBody], reader: Reader) -> dict[str, list[Any]]:
    """As `_read_at_once`; what cannot be read is left with the reader, with its place."""
    placed = [(f"lines[{place}].", line) for place, line in enumerate(lines)]
    return {
        "minor_units": [reader.amount(line.amount, line.currency, f"{at}amount") for at, line in placed],
        "booking_day": [reader.day(line.booking_date, f"{at}booking_date") for at, line in placed],
        "value_day": [reader.maybe_day(line.value_date, f"{at}value_date") for at, line in placed],
        "foreign_minor_units": [
            reader.maybe_amount(line.foreign_amount, line.foreign_currency, f"{at}foreign_amount")
            for at, line in placed
        ],
    }
