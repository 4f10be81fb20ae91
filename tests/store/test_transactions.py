"""A transaction: all of it or nothing, one event or none, and only what still is as somebody saw it is changed."""

from dataclasses import replace

import pytest

from tests.given_rows import a_line, an_account, given_lines, keep, new_id, scope_of
from tests.given_store import NOON, Office, given_office
from tieout.domain.accounts import Account
from tieout.domain.audit import AuditEvent
from tieout.domain.lines import Line
from tieout.domain.people import Session
from tieout.services.context import Context
from tieout.store.errors import CannotKeep, Conflict


class Stopped(Exception):
    """What a test raises inside a transaction."""


def test_an_exception_leaves_nothing(context: Context) -> None:
    office = given_office(context)

    def stopped() -> None:
        with context.store.writing(scope_of(office), "somebody", "add", NOON) as work:
            work.add(a_line(office.entity_id, work.new_ids(Line)[0]))
            raise Stopped

    with pytest.raises(Stopped):
        stopped()

    with context.store.reading() as view:
        assert view.count(Line, entity_id=office.entity_id) == 0
        assert view.event_count(scope_of(office)) == 0


def test_what_was_rolled_back_leaves_nothing_and_ends_quietly(context: Context) -> None:
    office = given_office(context)

    with context.store.writing(scope_of(office), "somebody", "add", NOON) as work:
        work.add(a_line(office.entity_id, work.new_ids(Line)[0]))
        work.roll_back()

    with context.store.reading() as view:
        assert view.count(Line, entity_id=office.entity_id) == 0
        assert view.event_count(scope_of(office)) == 0


def test_a_transaction_that_writes_nothing_makes_no_event(context: Context) -> None:
    office = given_office(context)

    with context.store.writing(scope_of(office), "somebody", "look", NOON) as work:
        work.line(office.entity_id, 1)

    with context.store.reading() as view:
        assert view.event_count(scope_of(office)) == 0


def test_operational_rows_make_no_event(context: Context) -> None:
    office = given_office(context)
    session = Session(
        digest=context.random_bytes(32),
        face="native",
        purpose="session",
        organisation_id=office.organisation.id,
        user_id=office.owner.user_id,
        facts="{}",
        started_at=NOON,
        seen_at=NOON,
        expires_at=NOON + 1,
    )

    with context.store.writing(scope_of(office), "somebody", "sign_in", NOON) as work:
        work.add(session)
        work.operational().change(session, seen_at=NOON + 5)

    with context.store.reading() as view:
        assert view.one(Session, digest=session.digest) == replace(session, seen_at=NOON + 5)
        assert view.event_count(scope_of(office)) == 0


def test_one_transaction_is_one_event_that_tells_every_row(context: Context) -> None:
    office = given_office(context)

    first, second = given_lines(context, office, {}, {"minor_units": -5})

    with context.store.reading() as view:
        (event,) = view.all(AuditEvent, scope=str(scope_of(office)))
    assert (event.sequence, event.actor, event.action) == (1, "given", "given_lines")
    assert event.body.count('"do":"add"') == 2
    assert f'"id":{second.id},' in event.body
    assert first.id != second.id


def test_a_row_is_changed_only_if_it_still_is_as_somebody_saw_it(context: Context) -> None:
    office = given_office(context)
    with context.store.writing(scope_of(office), "somebody", "open", NOON) as work:
        account = an_account(office.entity_id, work.new_ids(Account)[0])
        work.add(account)

    with context.store.writing(scope_of(office), "first", "change", NOON) as work:
        assert work.change(account, name="Current account", starting_day=20_000)
    with context.store.writing(scope_of(office), "second", "change", NOON) as work:
        assert not work.change(account, name="Savings")
        assert not work.remove(account)

    changed = replace(account, name="Current account", starting_day=20_000)
    with context.store.reading() as view:
        assert view.one(Account, id=account.id) == changed
        assert view.event_count(scope_of(office)) == 2
    with context.store.writing(scope_of(office), "third", "remove", NOON) as work:
        assert work.remove(changed)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"description": "a\0b"}, "Line.description cannot be kept: the text has a NUL character in it"),
        ({"reference": "\ud83d"}, "Line.reference cannot be kept: the text has half a surrogate pair in it"),
        ({"minor_units": 2**63}, "Line.minor_units cannot be kept: the number is beyond 64 bits"),
    ],
    ids=["NUL", "surrogate", "number"],
)
def test_what_no_column_can_hold_is_refused_in_words(context: Context, changes: dict[str, object], why: str) -> None:
    office = given_office(context)

    with pytest.raises(CannotKeep) as refused:
        given_lines(context, office, changes)

    assert str(refused.value) == why


@pytest.mark.parametrize("text", ["a\0b", "\ud83d"], ids=["NUL", "surrogate"])
@pytest.mark.parametrize("whole", [True, False], ids=["one for all", "one of many"])
def test_what_no_column_can_hold_is_refused_in_whole_columns_too(context: Context, text: str, whole: bool) -> None:
    office = given_office(context)
    lines = [a_line(office.entity_id, new_id(context, Line)) for _ in range(3)]
    columns = {name: [getattr(line, name) for line in lines] for name in Line.__dataclass_fields__}

    with (
        pytest.raises(CannotKeep, match=r"Line\.counterparty cannot be kept: the text has "),
        context.store.writing(scope_of(office), "first", "add many", NOON) as work,
    ):
        work.add_many(Line, 3, columns | {"counterparty": text if whole else ["", "fjord", text]})

    with context.store.reading() as view:
        assert view.count(Line, entity_id=office.entity_id) == 0


def test_a_conflict_leaves_nothing_of_its_transaction(context: Context) -> None:
    office = given_office(context)
    (line,) = given_lines(context, office, {})

    with pytest.raises(Conflict):
        keep(context, office, a_line(office.entity_id, new_id(context, Line)), line)

    with context.store.reading() as view:
        assert view.count(Line, entity_id=office.entity_id) == 1
        assert view.event_count(scope_of(office)) == 1


def given_bulk(context: Context, office: Office, **same: object) -> list[Line]:
    """Three lines of a bulk load that share these values."""
    with context.store.writing(scope_of(office), "somebody", "add", NOON) as work:
        lines = [a_line(office.entity_id, line_id) for line_id in work.new_ids(Line, 3)]
        columns = {name: [getattr(line, name) for line in lines] for name in Line.__dataclass_fields__}
        work.add_many(Line, len(lines), {**columns, "entity_id": office.entity_id, "version": 1, **same})
    return [replace(line, **same) for line in lines]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "same",
    [{"description": 'it\'s %s \\ ? "Ærø"'}, {"minor_units": -(2**63)}, {"value_day": None}, {"deleted": False}],
    ids=lambda same: next(iter(same)),
)
def test_a_value_that_all_lines_of_a_bulk_load_share_is_kept_as_it_is(
    context: Context, same: dict[str, object]
) -> None:
    office = given_office(context)

    lines = given_bulk(context, office, **same)

    with context.store.reading() as view:
        assert view.all(Line, entity_id=office.entity_id) == lines


def test_a_shared_number_beyond_64_bits_refuses_the_bulk_load(context: Context) -> None:
    office = given_office(context)

    with pytest.raises(CannotKeep):
        given_bulk(context, office, minor_units=2**63)
