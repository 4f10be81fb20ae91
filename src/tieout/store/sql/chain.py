"""The head of an audit chain: locked first, moved on by the one event of the transaction."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from tieout.domain.audit import AuditEvent
from tieout.store.canonical import FIRST_DIGEST, event_digest
from tieout.store.protocols import Scope
from tieout.store.sql.database import Database, Prepared, mark
from tieout.store.sql.rows import names_of, row_of
from tieout.store.sql.schema import AUDIT_HEADS, TABLES

_HEAD = AUDIT_HEADS.c


class Head(NamedTuple):
    """Where a chain ends."""

    sequence: int
    digest: bytes


def locked_head(database: Database, connection: Any, scope: Scope) -> Head:
    """The end of the scope's chain; whoever has it holds the lock of the scope until the transaction ends."""
    found = _locked(database, connection, scope)
    if found is None:
        database.run(connection, _begin(database).text, _begin(database).values({"scope": str(scope)}))
        found = _locked(database, connection, scope)
        assert found is not None
    return found


def append(
    database: Database, connection: Any, scope: Scope, head: Head, facts: tuple[int, str, str, str]
) -> AuditEvent:
    """The next event of the chain, written. facts: when, who, what was done, and its body."""
    at, actor, action, body = facts
    sequence = head.sequence + 1
    digest = event_digest(head.digest, str(scope), sequence, at, actor, action, body)
    event = AuditEvent(
        scope=str(scope),
        sequence=sequence,
        at=at,
        actor=actor,
        action=action,
        body=body,
        previous_digest=head.digest,
        digest=digest,
    )
    statement = database.prepared(("add", AuditEvent), lambda: insert(TABLES[AuditEvent]))
    _run(database, connection, statement, dict(zip(names_of(AuditEvent), row_of(event), strict=True)))
    statement = database.prepared(
        "move head",
        lambda: (
            update(AUDIT_HEADS)
            .where(_HEAD.scope == mark(_HEAD.scope, "of"))
            .values(sequence=mark(_HEAD.sequence, "sequence"), digest=mark(_HEAD.digest, "digest"))
        ),
    )
    _run(database, connection, statement, {"of": str(scope), "sequence": sequence, "digest": digest})
    return event


def _locked(database: Database, connection: Any, scope: Scope) -> Head | None:
    statement = database.prepared(
        "head", lambda: select(_HEAD.sequence, _HEAD.digest).where(_HEAD.scope == mark(_HEAD.scope, "scope"))
    )
    text = statement.text + database.lock
    row = database.run(connection, text, statement.values({"scope": str(scope)})).fetchone()
    return None if row is None else Head(row[0], bytes(row[1]))


def _begin(database: Database) -> Prepared:
    from sqlalchemy.dialects import postgresql, sqlite

    insert_into = postgresql.insert if database.name == "postgresql" else sqlite.insert
    return database.prepared(
        "begin chain",
        lambda: (
            insert_into(AUDIT_HEADS)
            .values(scope=mark(_HEAD.scope, "scope"), sequence=0, digest=FIRST_DIGEST)
            .on_conflict_do_nothing()
        ),
    )


def _run(database: Database, connection: Any, statement: Prepared, values: Mapping[str, Any]) -> None:
    database.run(connection, statement.text, statement.values(values))
