"""The tables: one per noun with the noun's fields as columns, and three of the store's own.

`entity_id` leads every key of a business row, so that the tables can be distributed by entity; a second unique index on
`id` alone serves paths that carry no entity. Foreign keys stand where rows come one by one. Lines, matches, allocations
and adjustments have as few indexes as their lists need, and no foreign keys: each would cost as much as the row when a
million come at once, their ids come from one sequence, and the services look them up under the lock of their entity.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    func,
)

from tieout.domain.accounts import Account, PeriodLock
from tieout.domain.audit import AuditEvent, RequestKept
from tieout.domain.books import Difference, Invoice, InvoiceLine, JournalEntry
from tieout.domain.lines import Document, Line, LineUse, StoredStatement
from tieout.domain.match_records import AdjustmentRecord, AllocationRecord, MatchRecord, StateRecord
from tieout.domain.notes import Note
from tieout.domain.people import Entity, Grant, Organisation, Secret, Session, Setting, Token, User
from tieout.domain.reconciling import Clearing, Reconciliation, ReconciliationStep
from tieout.store.sql.columns import TEXT
from tieout.store.sql.table_parts import a_currency, metadata, noun_table, one_of, partial_index, rows_of
from tieout.store.sql.tables_outside import OUTSIDE_TABLES

_KEY = ("entity_id", "id")
_PERSONAL = ("organisation_id", "id")

TABLES: Mapping[type[Any], Table] = {
    **OUTSIDE_TABLES,
    Organisation: noun_table("organisations", Organisation, ("id",), UniqueConstraint("public_id")),
    Entity: noun_table(
        "entities",
        Entity,
        ("id",),
        UniqueConstraint("public_id"),
        a_currency(),
        rows_of("organisations", "organisation_id"),
    ),
    User: noun_table(
        "users", User, ("id",), UniqueConstraint("public_id"), rows_of("organisations", "organisation_id")
    ),
    Grant: noun_table(
        "grants",
        Grant,
        ("entity_id", "user_id"),
        one_of("role", "reader", "preparer", "approver", "owner"),
        rows_of("entities", "entity_id"),
        rows_of("users", "user_id"),
        Index(None, "user_id"),
    ),
    Token: noun_table("tokens", Token, ("id",), UniqueConstraint("digest"), rows_of("users", "user_id"), compact=False),
    Secret: noun_table("secrets", Secret, ("id",), UniqueConstraint("organisation_id", "owner", "name"), compact=False),
    Setting: noun_table("settings", Setting, ("organisation_id", "entity_id", "name")),
    Session: noun_table("sessions", Session, ("digest",), Index(None, "expires_at")),
    Account: noun_table(
        "accounts",
        Account,
        _KEY,
        UniqueConstraint("id"),
        one_of("kind", "bank", "provider", "book"),
        a_currency(),
        rows_of("entities", "entity_id"),
    ),
    PeriodLock: noun_table("period_locks", PeriodLock, ("entity_id", "account_id"), rows_of("entities", "entity_id")),
    Document: noun_table(
        "documents",
        Document,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("entity_id", "sha256", "account_id"),
        one_of("state", "queued", "read", "refused"),
        rows_of("entities", "entity_id"),
    ),
    StoredStatement: noun_table(
        "statements",
        StoredStatement,
        _KEY,
        UniqueConstraint("id"),
        a_currency(),
        rows_of("documents", "entity_id", "document_id"),
        Index(None, "entity_id", "account_id", "closing_day"),
    ),
    Line: noun_table(
        "lines",
        Line,
        ("entity_id", "id", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("id >= 1", name="id"),
        one_of("side", "statement", "ledger"),
        one_of("origin", "document", "feed", "entered"),
        a_currency(),
        Index(None, "entity_id", "account_id", "booking_day"),
    ),
    LineUse: noun_table(
        "line_uses",
        LineUse,
        ("entity_id", "line_id"),
        CheckConstraint(
            "(used_minor_units >= 0 AND used_minor_units <= minor_units)"
            " OR (used_minor_units <= 0 AND used_minor_units >= minor_units)",
            name="within",
        ),
    ),
    MatchRecord: noun_table(
        "matches",
        MatchRecord,
        _KEY,
        one_of("kind", "across", "within"),
        one_of("born", "proposed", "confirmed"),
    ),
    AllocationRecord: noun_table(
        "allocations",
        AllocationRecord,
        ("entity_id", "match_id", "line_id"),
        CheckConstraint("minor_units <> 0", name="minor_units"),
        CheckConstraint("line_version >= 1", name="line_version"),
        one_of("side", "statement", "ledger"),
        a_currency(),
        Index(None, "entity_id", "line_id"),
    ),
    AdjustmentRecord: noun_table(
        "adjustments",
        AdjustmentRecord,
        ("entity_id", "match_id", "number"),
        one_of(
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
        a_currency(),
    ),
    StateRecord: noun_table(
        "match_states",
        StateRecord,
        ("entity_id", "match_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        one_of("state", "confirmed", "rejected", "undone"),
        rows_of("matches", "entity_id", "match_id"),
    ),
    Reconciliation: noun_table(
        "reconciliations",
        Reconciliation,
        _KEY,
        UniqueConstraint("id"),
        one_of("per_statement", "", "agrees", "differs", "no_statement"),
        rows_of("accounts", "entity_id", "account_id"),
        Index(None, "entity_id", "account_id", "end_day"),
    ),
    Clearing: noun_table(
        "clearings",
        Clearing,
        ("entity_id", "line_id"),
        rows_of("reconciliations", "entity_id", "reconciliation_id"),
        Index(None, "entity_id", "reconciliation_id"),
    ),
    ReconciliationStep: noun_table(
        "reconciliation_steps",
        ReconciliationStep,
        ("entity_id", "reconciliation_id", "number"),
        one_of("step", "completed", "reopened", "corrected", "deleted", "imported"),
    ),
    Invoice: noun_table(
        "invoices",
        Invoice,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("public_id"),
        one_of("direction", "receivable", "payable"),
        one_of("status", "open", "cancelled"),
        a_currency(),
        rows_of("entities", "entity_id"),
    ),
    InvoiceLine: noun_table(
        "invoice_lines",
        InvoiceLine,
        ("entity_id", "invoice_id", "number"),
        rows_of("invoices", "entity_id", "invoice_id"),
    ),
    JournalEntry: noun_table(
        "journal_entries", JournalEntry, _KEY, UniqueConstraint("id"), rows_of("entities", "entity_id")
    ),
    Difference: noun_table(
        "differences",
        Difference,
        _KEY,
        UniqueConstraint("id"),
        one_of("state", "open", "resolved"),
        a_currency(),
        rows_of("entities", "entity_id"),
    ),
    Note: noun_table("notes", Note, _KEY, UniqueConstraint("id"), rows_of("entities", "entity_id")),
    AuditEvent: noun_table(
        "audit_events",
        AuditEvent,
        ("scope", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence"),
        compact=False,
    ),
    RequestKept: noun_table("requests_kept", RequestKept, ("principal", "route", "key"), compact=False),
}

# Plain texts: SQLAlchemy's names are of a class of their own.
NAMES: Mapping[type[Any], str] = {noun: f"{table.name}" for noun, table in TABLES.items()}

LINES, LINE_USES, CLEARINGS = TABLES[Line], TABLES[LineUse], TABLES[Clearing]
MATCHES, ALLOCATIONS = TABLES[MatchRecord], TABLES[AllocationRecord]
ADJUSTMENTS, MATCH_STATES = TABLES[AdjustmentRecord], TABLES[StateRecord]


# Few lines have a second version: whether one is the last is asked of this small index, not of the whole table.
partial_index("ix_lines_later", [LINES.c.entity_id, LINES.c.id, LINES.c.version], "version > 1")
for _name in ("parent_id", "transfer_id"):
    partial_index(f"ix_lines_{_name}", [LINES.c.entity_id, LINES.c[_name]], f"{_name} IS NOT NULL")
# P3: at most one incomplete reconciliation per account.
_of_account = [TABLES[Reconciliation].c.entity_id, TABLES[Reconciliation].c.account_id]
partial_index("uq_reconciliations_in_progress", _of_account, "NOT done", unique=True)
Index("uq_users_email", func.lower(TABLES[User].c.email), unique=True)

DOCUMENT_BYTES = Table(
    "document_bytes",
    metadata,
    Column("entity_id", BigInteger, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("entity_id", "document_id"),
    rows_of("documents", "entity_id", "document_id"),
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
