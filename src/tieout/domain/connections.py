"""Links to accounting platforms, the state of each object on both sides, and what shall happen there."""

from dataclasses import dataclass
from enum import StrEnum


class ConnectionStatus(StrEnum):
    """Whether a platform may be asked."""

    PENDING_AUTH = "pending_auth"  # made, its settings and secrets not given or not tried yet
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"  # by us: secrets are erased, nothing is sent any more
    DEAUTHORIZED = "deauthorized"  # by the platform: it refuses our credentials


class SyncStatus(StrEnum):
    """Y1: pending becomes done, error or unknown; unknown is left only with evidence."""

    PENDING = "pending"
    DONE = "done"
    ERROR = "error"
    UNKNOWN = "unknown"


class ObjectType(StrEnum):
    """What both sides have."""

    PRODUCT = "product"
    CUSTOMER = "customer"
    VENDOR = "vendor"
    RECEIVABLE = "receivable"
    BILL = "bill"
    PAYMENT_RECORD = "payment_record"
    TAX_RATE = "tax_rate"
    LEDGER_ACCOUNT = "ledger_account"
    JOURNAL_LINE = "journal_line"
    MATCH = "match"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A link of one entity to an accounting platform; at most one of an entity is active."""

    entity_id: int
    id: int
    public_id: str  # UUIDv7, as every public id
    platform: str  # a name under tieout.platforms; empty until it is chosen
    status: str  # ConnectionStatus
    settings: str  # JSON text; secrets are rows of Secret with the owner "connection:ID"
    business: str  # JSON text: base_currency, email, legal_name, name, type
    errors: str  # JSON text: list of {"message"}
    last_pull_at: int | None
    created_at: int
    created_by: str
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparty:
    """Whom invoices and bills name."""

    entity_id: int
    id: int
    public_id: str
    role: str  # customer, vendor
    name: str
    tax_number: str
    email: str
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedRecord:
    """The state of one object on both sides. Y5: ids on both sides are a bijection."""

    entity_id: int
    id: int
    public_id: str
    connection_id: int
    object_type: str  # ObjectType
    object_id: str  # public id of our object; the record's own for what only the platform has
    own_id: int | None  # id of our row: invoice, counterparty, match; None for what only the platform has
    platform_object_id: str  # empty until the platform has it
    status: str  # SyncStatus
    errors: str  # JSON text: {} or {"code", "message"}
    content: str  # JSON text: as it was last pulled; empty for what was only pushed
    name: str  # of what has one, to sort by
    gone: bool  # the platform no longer has it
    created_at: int  # instants are kept at milliseconds, the precision that is shown
    updated_at: int
    last_pulled_at: int | None
    object_updated_at: int | None
    platform_updated_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """The outbox: something that shall happen on a platform once; committed with the change that wants it.

    It is `sent` before the call is made, so that whoever finds it so after a crash knows that the outcome is open and
    asks the platform by `key`.
    """

    entity_id: int
    id: int
    connection_id: int
    record_id: int
    action: str  # create, void
    key: str  # the platform keeps it with the object
    body: str  # JSON text: what is sent; empty until it is composed
    state: str  # pending, sent, done, error, unknown, cancelled
    evidence: str  # JSON text: what decided
    created_at: int
    created_by: str
    sent_at: int | None
    settled_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCursor:
    """How far one kind of object was pulled; never moves back or past an unprocessed record."""

    entity_id: int
    connection_id: int
    object_type: str
    cursor: str
    moved_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncWindow:
    """What a platform had of one kind in one span of days when it was last looked at, to notice later edits."""

    entity_id: int
    connection_id: int
    object_type: str
    span: str  # 2026-11
    objects: int
    checksum: str
    checked_at: int
