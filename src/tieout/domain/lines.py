"""Lines as they are kept: chains of versions, each traceable to where it came from."""

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """How a line came in. Only the first two are bank evidence."""

    DOCUMENT = "document"
    FEED = "feed"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One version of one line. The one with the highest `version` counts; a deleted one is gone from every list.

    A line in a live confirmed match is frozen in amount, day, currency and account.
    """

    entity_id: int
    id: int  # unique over all lines of all entities
    version: int  # 1, 2, ...
    deleted: bool
    side: str  # statement, ledger
    kind: str  # domain.kinds
    origin: str  # Origin
    account_id: int  # 0 where an open item names none
    currency: str
    minor_units: int  # signed; positive is money in
    booking_day: int  # days since 1970-01-01; of an open item the day it is due
    value_day: int | None
    reference: str
    counterparty: str
    counterparty_account: str
    batch: str
    description: str
    native_id: str  # the bank's own id: evidence, never a key
    settles: str  # ids of the open items that a book entry settles, separated by blanks
    foreign_minor_units: int | None  # of a book entry in functional currency: the amount in `foreign_currency`
    foreign_currency: str
    rate: str  # exact decimal text: functional units for one foreign unit
    document_id: int | None
    statement_id: int | None
    place: str  # LINE:COLUMN in the document
    parent_id: int | None  # the invoice of an instalment, the journal entry of its lines
    transfer_id: int | None  # shared by the two sides of an own transfer
    paid_day: int | None  # an open item that somebody said is paid; its amount is then the cash paid
    extra: str  # JSON text: what one face gave and only that face gives back, by face
    created_at: int  # of the first version
    changed_at: int  # of this version
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUse:
    """How much of a line live confirmed matches use. Derived from allocations; its checks hold M1 and M4."""

    entity_id: int
    line_id: int
    minor_units: int  # of the line
    used_minor_units: int  # same sign, never more


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file received; its bytes are kept beside it."""

    entity_id: int
    id: int
    name: str
    format: str  # as check says: camt.053, mt940, ofx, ...; empty until read
    sha256: str
    size: int
    account_id: int  # that it was uploaded for; 0 where the file itself says
    state: str  # queued, read, refused
    answer: str  # JSON text: what check says of it, warnings and located findings included
    received_at: int
    received_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStatement:
    """One statement of a document: its balances and whether they prove."""

    entity_id: int
    id: int
    document_id: int
    account_id: int
    number: str
    kind: str  # domain.statements.StatementKind
    currency: str
    opening_minor_units: int | None
    opening_day: int | None
    closing_minor_units: int | None
    closing_day: int | None
    lines: int
    movement_minor_units: int
    holds: bool | None
    gap_minor_units: int | None
    reason: str
