"""Lines on the wire of the native API."""

from collections.abc import Sequence
from operator import attrgetter

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
from tieout.kernel.errors import Refusal
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
    columns = {name: list(map(attrgetter(name), lines)) for name in _AS_SENT}
    reader = Reader()
    columns["minor_units"] = [
        reader.amount(line.amount, line.currency, f"lines[{place}].amount") for place, line in enumerate(lines)
    ]
    columns["booking_day"] = [
        reader.day(line.booking_date, f"lines[{place}].booking_date") for place, line in enumerate(lines)
    ]
    columns["value_day"] = [
        reader.maybe_day(line.value_date, f"lines[{place}].value_date") for place, line in enumerate(lines)
    ]
    columns["settles"] = [" ".join(map(str, line.settles)) if line.settles else "" for line in lines]
    columns["foreign_minor_units"] = [
        reader.maybe_amount(line.foreign_amount, line.foreign_currency, f"lines[{place}].foreign_amount")
        for place, line in enumerate(lines)
    ]
    if reader.refusals:
        return None, reader.refusals
    return LineColumns(count=len(lines), **columns), []
