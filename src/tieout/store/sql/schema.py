"""The tables: one per noun with the noun's fields as columns, and three of the store's own.

`entity_id` leads every key of a business row, so that the tables can be distributed by entity; a second unique index on
`id` alone serves paths that carry no entity. Foreign keys stand where rows come one by one. Lines, matches, allocations
and adjustments have as few indexes as their lists need, and no foreign keys: each would cost as much as the row when a
million come at once, their ids come from one sequence, and the services look them up under the lock of their entity.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    text,
)

from tieout.domain.accounts import Account, PeriodLock
from tieout.domain.audit import AuditEvent, RequestKept
from tieout.domain.books import Difference, Invoice, InvoiceLine, Job, JournalEntry
from tieout.domain.lines import Document, Line, LineUse, StoredStatement
from tieout.domain.match_records import AdjustmentRecord, AllocationRecord, MatchRecord, StateRecord
from tieout.domain.notes import Note
from tieout.domain.people import Entity, Grant, Organisation, Secret, Session, Setting, Token, User
from tieout.domain.reconciling import Clearing, Reconciliation, ReconciliationStep
from tieout.store.sql.columns import TEXT, columns_of

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


def _one_of(column: str, *values: str) -> CheckConstraint:
    """Written out: for a list of three SQLite builds a table of its own with every row."""
    return CheckConstraint(" OR ".join(f"{column} = '{value}'" for value in values), name=column)


def _currency() -> CheckConstraint:
    return CheckConstraint("currency <> ''", name="currency")


def _of(table: str, *columns: str) -> ForeignKeyConstraint:
    """Rows of the table named, whose key these columns are."""
    keys = ("entity_id", "id") if len(columns) == 2 else ("id",)
    return ForeignKeyConstraint(columns, [f"{table}.{key}" for key in keys])


def _noun_table(name: str, noun: type[Any], key: tuple[str, ...], *others: Any, compact: bool = True) -> Table:
    """compact: on SQLite the rows lie in the order of their key, without a second tree beside it."""
    return Table(name, metadata, *columns_of(noun), PrimaryKeyConstraint(*key), *others, sqlite_with_rowid=not compact)


_KEY = ("entity_id", "id")
_PERSONAL = ("organisation_id", "id")

TABLES: Mapping[type[Any], Table] = {
    Organisation: _noun_table("organisations", Organisation, ("id",), UniqueConstraint("public_id")),
    Entity: _noun_table(
        "entities", Entity, ("id",), UniqueConstraint("public_id"), _currency(), _of("organisations", "organisation_id")
    ),
    User: _noun_table("users", User, ("id",), UniqueConstraint("public_id"), _of("organisations", "organisation_id")),
    Grant: _noun_table(
        "grants",
        Grant,
        ("entity_id", "user_id"),
        _one_of("role", "reader", "preparer", "approver", "owner"),
        _of("entities", "entity_id"),
        _of("users", "user_id"),
        Index(None, "user_id"),
    ),
    Token: _noun_table("tokens", Token, ("id",), UniqueConstraint("digest"), _of("users", "user_id"), compact=False),
    Secret: _noun_table(
        "secrets", Secret, ("id",), UniqueConstraint("organisation_id", "owner", "name"), compact=False
    ),
    Setting: _noun_table("settings", Setting, ("organisation_id", "entity_id", "name")),
    Session: _noun_table("sessions", Session, ("digest",), Index(None, "expires_at")),
    Account: _noun_table(
        "accounts",
        Account,
        _KEY,
        UniqueConstraint("id"),
        _one_of("kind", "bank", "provider", "book"),
        _currency(),
        _of("entities", "entity_id"),
    ),
    PeriodLock: _noun_table("period_locks", PeriodLock, ("entity_id", "account_id"), _of("entities", "entity_id")),
    Document: _noun_table(
        "documents",
        Document,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("entity_id", "sha256", "account_id"),
        _one_of("state", "queued", "read", "refused"),
        _of("entities", "entity_id"),
    ),
    StoredStatement: _noun_table(
        "statements",
        StoredStatement,
        _KEY,
        UniqueConstraint("id"),
        _currency(),
        _of("documents", "entity_id", "document_id"),
        Index(None, "entity_id", "account_id", "closing_day"),
    ),
    Line: _noun_table(
        "lines",
        Line,
        ("entity_id", "id", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("id >= 1", name="id"),
        _one_of("side", "statement", "ledger"),
        _one_of("origin", "document", "feed", "entered"),
        _currency(),
        Index(None, "entity_id", "account_id", "booking_day"),
    ),
    LineUse: _noun_table(
        "line_uses",
        LineUse,
        ("entity_id", "line_id"),
        CheckConstraint(
            "(used_minor_units >= 0 AND used_minor_units <= minor_units)"
            " OR (used_minor_units <= 0 AND used_minor_units >= minor_units)",
            name="within",
        ),
    ),
    MatchRecord: _noun_table(
        "matches",
        MatchRecord,
        _KEY,
        _one_of("kind", "across", "within"),
        _one_of("born", "proposed", "confirmed"),
    ),
    AllocationRecord: _noun_table(
        "allocations",
        AllocationRecord,
        ("entity_id", "match_id", "line_id"),
        CheckConstraint("minor_units <> 0", name="minor_units"),
        CheckConstraint("line_version >= 1", name="line_version"),
        _one_of("side", "statement", "ledger"),
        _currency(),
        Index(None, "entity_id", "line_id"),
    ),
    AdjustmentRecord: _noun_table(
        "adjustments",
        AdjustmentRecord,
        ("entity_id", "match_id", "number"),
        _one_of(
            "type",
            "fee",
            "bank_charge",
            "tax",
            "withholding_tax",
            "discount",
            "interest",
            "exchange",
            "rounding",
            "write_off",
        ),
        _currency(),
    ),
    StateRecord: _noun_table(
        "match_states",
        StateRecord,
        ("entity_id", "match_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        _one_of("state", "confirmed", "rejected", "undone"),
        _of("matches", "entity_id", "match_id"),
    ),
    Reconciliation: _noun_table(
        "reconciliations",
        Reconciliation,
        _KEY,
        UniqueConstraint("id"),
        _one_of("per_statement", "", "agrees", "differs", "no_statement"),
        _of("accounts", "entity_id", "account_id"),
        Index(None, "entity_id", "account_id", "end_day"),
    ),
    Clearing: _noun_table(
        "clearings",
        Clearing,
        ("entity_id", "line_id"),
        _of("reconciliations", "entity_id", "reconciliation_id"),
        Index(None, "entity_id", "reconciliation_id"),
    ),
    ReconciliationStep: _noun_table(
        "reconciliation_steps",
        ReconciliationStep,
        ("entity_id", "reconciliation_id", "number"),
        _one_of("step", "completed", "reopened", "corrected", "deleted", "imported"),
    ),
    Invoice: _noun_table(
        "invoices",
        Invoice,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("public_id"),
        _one_of("direction", "receivable", "payable"),
        _one_of("status", "open", "cancelled"),
        _currency(),
        _of("entities", "entity_id"),
    ),
    InvoiceLine: _noun_table(
        "invoice_lines", InvoiceLine, ("entity_id", "invoice_id", "number"), _of("invoices", "entity_id", "invoice_id")
    ),
    JournalEntry: _noun_table(
        "journal_entries", JournalEntry, _KEY, UniqueConstraint("id"), _of("entities", "entity_id")
    ),
    Difference: _noun_table(
        "differences",
        Difference,
        _KEY,
        UniqueConstraint("id"),
        _one_of("state", "open", "resolved"),
        _currency(),
        _of("entities", "entity_id"),
    ),
    Note: _noun_table("notes", Note, _KEY, UniqueConstraint("id"), _of("entities", "entity_id")),
    Job: _noun_table(
        "jobs", Job, _KEY, UniqueConstraint("id"), _one_of("state", "queued", "running", "done", "failed")
    ),
    AuditEvent: _noun_table(
        "audit_events",
        AuditEvent,
        ("scope", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence"),
        compact=False,
    ),
    RequestKept: _noun_table("requests_kept", RequestKept, ("principal", "route", "key"), compact=False),
}

# Plain texts: SQLAlchemy's names are of a class of their own.
NAMES: Mapping[type[Any], str] = {noun: f"{table.name}" for noun, table in TABLES.items()}

LINES, LINE_USES, CLEARINGS = TABLES[Line], TABLES[LineUse], TABLES[Clearing]
MATCHES, ALLOCATIONS = TABLES[MatchRecord], TABLES[AllocationRecord]
ADJUSTMENTS, MATCH_STATES = TABLES[AdjustmentRecord], TABLES[StateRecord]


def _partial_index(name: str, columns: Sequence[ColumnElement[Any]], where: str, *, unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


# Few lines have a second version: whether one is the last is asked of this small index, not of the whole table.
_partial_index("ix_lines_later", [LINES.c.entity_id, LINES.c.id, LINES.c.version], "version > 1")
for _name in ("parent_id", "transfer_id"):
    _partial_index(f"ix_lines_{_name}", [LINES.c.entity_id, LINES.c[_name]], f"{_name} IS NOT NULL")
# P3: at most one incomplete reconciliation per account.
_of_account = [TABLES[Reconciliation].c.entity_id, TABLES[Reconciliation].c.account_id]
_partial_index("uq_reconciliations_in_progress", _of_account, "NOT done", unique=True)
_partial_index("ix_jobs_queued", [TABLES[Job].c.id], "state = 'queued'")
Index("uq_users_email", func.lower(TABLES[User].c.email), unique=True)

DOCUMENT_BYTES = Table(
    "document_bytes",
    metadata,
    Column("entity_id", BigInteger, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("entity_id", "document_id"),
    _of("documents", "entity_id", "document_id"),
)
ID_BLOCKS = Table(
    "id_blocks",
    metadata,
    Column("name", TEXT, nullable=False),
    Column("next_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("name"),
    sqlite_with_rowid=False,
)
AUDIT_HEADS = Table(
    "audit_heads",
    metadata,
    Column("scope", TEXT, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    PrimaryKeyConstraint("scope"),
    sqlite_with_rowid=False,
)
