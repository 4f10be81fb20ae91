"""The audit trail tells on whoever changes what is kept past tieout, and on whoever changes the trail itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.given_rows import (
    a_line,
    a_match,
    add_columns,
    an_account,
    an_allocation,
    given_lines,
    keep,
    new_id,
    scope_of,
)
from tests.given_store import NOON, Office, given_context, given_office
from tieout.domain.accounts import Account
from tieout.domain.audit import AuditEvent
from tieout.domain.lines import Document, Line
from tieout.domain.match_records import MatchRecord, StateRecord
from tieout.services.context import Context
from tieout.services.verify_store import verify_store
from tieout.store.audit_trail import chain_faults
from tieout.store.canonical import FIRST_DIGEST, ColumnsDigest, event_digest
from tieout.store.sql.migrating import migrate
from tieout.store.sql.store import SqlStore, open_store
from tieout.store.sql.writing import SqlWriting


def a_chain(length: int) -> list[AuditEvent]:
    """A whole chain."""
    events: list[AuditEvent] = []
    previous = FIRST_DIGEST
    for sequence in range(1, length + 1):
        digest = event_digest(previous, "entity:1", sequence, NOON, "user:1", "add", f"[{sequence}]")
        events.append(
            AuditEvent(
                scope="entity:1",
                sequence=sequence,
                at=NOON,
                actor="user:1",
                action="add",
                body=f"[{sequence}]",
                previous_digest=previous,
                digest=digest,
            )
        )
        previous = digest
    return events


def codes(events: list[AuditEvent], head: tuple[int, bytes]) -> list[str]:
    """The codes of the faults of a chain."""
    return [fault.code for fault in chain_faults("entity:1", events, head)]


def head_of(events: list[AuditEvent]) -> tuple[int, bytes]:
    """Where the chain ends."""
    return (events[-1].sequence, events[-1].digest) if events else (0, b"")


@given(length=st.integers(0, 6))
def test_a_whole_chain_has_no_fault(length: int) -> None:
    events = a_chain(length)

    assert codes(events, head_of(events)) == []


@given(length=st.integers(1, 6), at=st.integers(0, 5), field=st.sampled_from(["at", "actor", "action", "body"]))
def test_an_edited_event_is_found(length: int, at: int, field: str) -> None:
    events = a_chain(length)
    edited = events[at % length]
    value = 7 if field == "at" else "another"

    events[at % length] = replace(edited, **{field: value})  # type: ignore[arg-type]

    assert codes(events, head_of(a_chain(length))) == ["event_changed"]


@given(length=st.integers(1, 6), at=st.integers(0, 5))
def test_an_edited_event_with_a_new_digest_breaks_what_follows(length: int, at: int) -> None:
    events, head = a_chain(length), head_of(a_chain(length))
    old = events[at % length]
    digest = event_digest(old.previous_digest, "entity:1", old.sequence, NOON, "user:2", "add", old.body)

    events[at % length] = replace(old, actor="user:2", digest=digest)

    last = at % length == length - 1
    assert codes(events, head) == (["chain_cut"] if last else ["event_misplaced"])


@given(length=st.integers(1, 6), at=st.integers(0, 5))
def test_a_dropped_event_is_found_the_last_one_too(length: int, at: int) -> None:
    events, head = a_chain(length), head_of(a_chain(length))

    del events[at % length]

    last = at % length == length - 1
    assert codes(events, head) == (["chain_cut"] if last else ["event_missing"])


@given(length=st.integers(2, 6), at=st.integers(0, 4))
def test_two_events_that_changed_places_are_found(length: int, at: int) -> None:
    events, head = a_chain(length), head_of(a_chain(length))
    first, second = at % (length - 1), at % (length - 1) + 1

    events[first], events[second] = events[second], events[first]

    assert codes(events, head)


@given(rows=st.lists(st.tuples(st.text(max_size=3), st.integers(-5, 5) | st.none()), max_size=8), cut=st.integers(0, 8))
def test_many_rows_have_one_digest_whatever_blocks_they_come_in(rows: list[tuple[str, int | None]], cut: int) -> None:
    rows = [(text.replace("\0", ""), number) for text, number in rows]
    whole, parts = ColumnsDigest({"name": str, "number": int}), ColumnsDigest({"name": str, "number": int})

    whole.take(columns_of(rows), len(rows))
    for part in (rows[:cut], rows[cut:]):
        parts.take(columns_of(part), len(part))

    assert whole.hexdigest() == parts.hexdigest()


def columns_of(rows: list[tuple[str, int | None]]) -> list[list[object]]:
    """Rows as two columns."""
    return [[row[0] for row in rows], [row[1] for row in rows]]


def worked(context: Context) -> tuple[Office, list[Line], Account]:
    """An office that has lines, one edited, an account that was renamed, a match that was undone, and a document."""
    office = given_office(context)
    lines = given_lines(context, office, {}, {"minor_units": 50_00})
    account = an_account(office.entity_id, new_id(context, Account))
    match_id = new_id(context, MatchRecord)
    keep(context, office, account, a_line(office.entity_id, lines[0].id, version=2, description="paid"))
    keep(context, office, a_match(office.entity_id, match_id), an_allocation(lines[1], match_id))
    undone = StateRecord(
        entity_id=office.entity_id, match_id=match_id, number=1, state="undone", reason="", at=NOON, by="somebody"
    )
    keep(context, office, undone)
    with context.store.writing(scope_of(office), "somebody", "rename", NOON) as work:
        assert work.change(account, name="Savings")
        document = a_document(office.entity_id, work.new_ids(Document)[0])
        work.add(document)
        work.keep_bytes(office.entity_id, document.id, b"bytes")
        bulk = [a_line(office.entity_id, line_id, place="1:1") for line_id in work.new_ids(Line, 300)]
        add_columns(work, bulk)
    return office, [*lines, *bulk], replace(account, name="Savings")


def a_document(entity_id: int, document_id: int) -> Document:
    """A document that was read."""
    return Document(
        entity_id=entity_id,
        id=document_id,
        name="may.sta",
        format="mt940",
        sha256=f"{document_id}",
        size=5,
        account_id=0,
        state="read",
        answer="{}",
        received_at=NOON,
        received_by="somebody",
    )


def test_what_tieout_wrote_is_what_its_events_say(context: Context) -> None:
    office, _, account = worked(context)
    with context.store.writing(scope_of(office), "somebody", "remove", NOON) as work:
        assert work.remove(account)

    with context.store.reading() as view:
        faults = view.trail_faults(office.organisation.id)
        bulk = view.all(AuditEvent, scope=str(scope_of(office)))[-2]

    assert faults == []
    assert '"do":"add many","table":"lines"' in bulk.body
    assert len(bulk.body) < 2_000


def test_no_event_shows_a_secret(context: Context) -> None:
    office = given_office(context)

    with context.store.reading() as view:
        event = view.one(AuditEvent, scope=f"organisation:{office.organisation.id}", sequence=1)

    assert event is not None
    assert '"password_hash":""' in event.body


def disarm(work: SqlWriting) -> None:
    """Take the triggers away, as somebody with the rights of an administrator could."""
    if work.database.name == "postgresql":
        work.connection.execute("DROP FUNCTION refuse_change CASCADE")
        return
    for (name,) in work.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        work.connection.execute(f"DROP TRIGGER {name}")


DAMAGES: dict[str, tuple[str, str]] = {
    "an amount edited": ("UPDATE lines SET minor_units = 1 WHERE id = {line}", "row_missing row_unexpected"),
    "a line deleted": ("DELETE FROM lines WHERE id = {line}", "row_missing row_missing"),
    "a version deleted": ("DELETE FROM lines WHERE id = {line} AND version = 2", "row_missing"),
    "a line of a bulk edited": ("UPDATE lines SET description = 'x' WHERE id = {bulk}", "bulk_differs"),
    "a line of a bulk deleted": ("DELETE FROM lines WHERE id = {bulk}", "bulk_differs"),
    "an account renamed": (
        "UPDATE accounts SET name = 'Mine' WHERE entity_id = {entity}",
        "row_missing row_unexpected",
    ),
    "a match confirmed again": ("DELETE FROM match_states WHERE entity_id = {entity}", "row_missing use_differs"),
    "an allocation halved": (
        "UPDATE allocations SET minor_units = 2500 WHERE entity_id = {entity}",
        "row_missing row_unexpected",
    ),
    "bytes exchanged": ("UPDATE document_bytes SET content = CAST('other' AS {bytes})", "bytes_differ"),
    "an event reworded": (
        "UPDATE audit_events SET actor = 'nobody' WHERE scope = 'entity:{entity}' AND sequence = 2",
        "event_changed",
    ),
    "the last event dropped": (
        "DELETE FROM audit_events WHERE scope = 'entity:{entity}' AND action = 'rename'",
        "chain_cut",
    ),
    "a use forgotten": ("INSERT INTO line_uses VALUES ({entity}, {line}, 10000, 5)", "use_differs"),
    "a role given": ("UPDATE grants SET role = 'owner' WHERE role = 'reader'", "row_missing row_unexpected"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_changed_past_tieout_is_told(context: Context, store: SqlStore, damage: str) -> None:
    office, lines, _ = worked(context)
    statement, told = DAMAGES[damage]
    blob = "bytea" if store.name == "postgresql" else "BLOB"
    places = {"line": lines[0].id, "bulk": lines[50].id, "entity": office.entity_id, "bytes": blob}

    with store.operating() as work:
        disarm(work)
        work.database.run(work.connection, statement.format(**places))
        found = [fault.code for fault in work.trail_faults(office.organisation.id)]
        work.roll_back()

    assert set(told.split()) <= set(found)


def test_a_whole_database_proves_itself_until_an_amount_is_edited(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/own.db")
    migrate(store.database)
    context = given_context(store, "a whole database")
    office, lines, _ = worked(context)
    (returned,) = given_lines(context, office, {"minor_units": -100_00})
    match_id = new_id(context, MatchRecord)
    with store.writing(scope_of(office), "somebody", "match", NOON) as work:
        pair = (lines[5], returned)
        work.add(a_match(office.entity_id, match_id, kind="within"), *(an_allocation(line, match_id) for line in pair))
        assert work.use(office.entity_id, {line.id: (line.minor_units, line.minor_units) for line in pair}) == []
    before = verify_store(context)

    with store.operating() as work:
        disarm(work)
        work.connection.execute("UPDATE lines SET minor_units = 9999 WHERE id = ?", (lines[5].id,))
        work.connection.execute("DELETE FROM line_uses WHERE line_id = ?", (returned.id,))
    after = verify_store(context)

    assert before == (2, before.events, 303, 1, ())
    told = "\n".join(after.faults)
    assert f"statement line {lines[5].id} is used for 100.00 of 99.99 NOK" in told
    assert f"line {lines[5].id} is used, and there is no line of that amount" in told
    assert "the statement lines are not what is tied and what is open of them" in told
    store.close()
