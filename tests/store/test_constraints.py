"""The tables hold their rules by themselves, whatever the program above them does."""

from dataclasses import replace

import pytest

from tests.given_rows import (
    a_line,
    a_match,
    a_reconciliation,
    an_account,
    an_allocation,
    execute,
    given_lines,
    keep,
    new_id,
)
from tests.given_store import NOON, given_office
from tieout.domain.accounts import Account
from tieout.domain.lines import Line, LineUse
from tieout.domain.match_records import MatchRecord
from tieout.domain.people import User
from tieout.domain.reconciling import Clearing, Reconciliation
from tieout.services.context import Context
from tieout.store.errors import Conflict
from tieout.store.protocols import Scope
from tieout.store.sql.store import SqlStore


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 0},
        {"side": "both"},
        {"origin": "guessed"},
        {"currency": ""},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_line_that_cannot_be_is_not_kept(context: Context, changes: dict[str, object]) -> None:
    office = given_office(context)

    with pytest.raises(Conflict):
        given_lines(context, office, changes)

    with context.store.reading() as view:
        assert view.count(Line, entity_id=office.entity_id) == 0


@pytest.mark.parametrize(("whole", "used"), [(100, 101), (100, -1), (-100, 1), (-100, -101), (0, 1)])
def test_nothing_uses_more_of_a_line_than_there_is(context: Context, whole: int, used: int) -> None:
    office = given_office(context)

    with pytest.raises(Conflict):
        keep(context, office, LineUse(entity_id=office.entity_id, line_id=1, minor_units=whole, used_minor_units=used))


def test_a_version_of_a_line_is_kept_once(context: Context) -> None:
    office = given_office(context)
    (line,) = given_lines(context, office, {})

    with pytest.raises(Conflict):
        keep(context, office, a_line(office.entity_id, line.id))


def test_two_lines_never_have_one_id_even_in_two_entities(context: Context) -> None:
    office = given_office(context, "NOK", "NOK")
    scopes = [Scope("entity", entity.id) for entity in office.entities]

    given: list[int] = []
    for scope in (*scopes, *scopes):
        with context.store.writing(scope, "test", "take ids", context.now()) as work:
            given += work.new_ids(Line, 3)

    assert len(set(given)) == len(given) == 12


def test_the_entity_of_a_line_and_of_a_match_is_told_by_their_id(context: Context) -> None:
    office = given_office(context, "NOK", "NOK")
    (line,) = given_lines(context, office, {})
    match_id = new_id(context, MatchRecord)
    keep(context, office, a_match(office.entity_id, match_id), an_allocation(line, match_id, line.minor_units))

    with context.store.reading() as view:
        found = [
            view.entity_of(noun, each) for noun, each in ((Line, line.id), (MatchRecord, match_id), (Line, 10**15))
        ]

    assert found == [office.entity_id, office.entity_id, None]


def test_an_allocation_of_nothing_is_not_kept(context: Context) -> None:
    office = given_office(context)
    (line,) = given_lines(context, office, {})
    match_id = new_id(context, MatchRecord)

    with pytest.raises(Conflict):
        keep(context, office, a_match(office.entity_id, match_id), an_allocation(line, match_id, 0))


@pytest.mark.parametrize("changes", [{"kind": "around"}, {"born": "undone"}], ids=lambda changes: next(iter(changes)))
def test_a_match_that_cannot_be_is_not_kept(context: Context, changes: dict[str, object]) -> None:
    office = given_office(context)

    with pytest.raises(Conflict):
        keep(context, office, a_match(office.entity_id, new_id(context, MatchRecord), **changes))


def test_a_second_incomplete_reconciliation_of_an_account_is_not_kept(context: Context) -> None:
    office = given_office(context)
    account = an_account(office.entity_id, new_id(context, Account))
    done, going_on, another = (new_id(context, Reconciliation) for _ in range(3))
    keep(context, office, account, a_reconciliation(account, done, done=True), a_reconciliation(account, going_on))

    with pytest.raises(Conflict):
        keep(context, office, a_reconciliation(account, another))


def test_a_line_is_cleared_in_one_reconciliation_at_most(context: Context) -> None:
    office = given_office(context)
    (line,) = given_lines(context, office, {})
    account = an_account(office.entity_id, new_id(context, Account))
    first, second = (new_id(context, Reconciliation) for _ in range(2))
    keep(context, office, account, a_reconciliation(account, first, done=True), a_reconciliation(account, second))
    keep(context, office, _clearing(line, first))

    with pytest.raises(Conflict):
        keep(context, office, _clearing(line, second))


def _clearing(line: Line, reconciliation_id: int) -> Clearing:
    return Clearing(
        entity_id=line.entity_id,
        line_id=line.id,
        reconciliation_id=reconciliation_id,
        completed_minor_units=None,
        completed_day=None,
        completed_account_id=None,
        ticked_at=NOON,
        ticked_by="somebody",
    )


def test_an_e_mail_address_belongs_to_one_user_in_whatever_case(context: Context) -> None:
    office = given_office(context)
    with context.store.reading() as view:
        owner = view.one(User, id=office.owner.user_id)
    assert owner is not None
    user_id = new_id(context, User)
    another = replace(owner, id=user_id, public_id=f"another {user_id}", email=owner.email.upper())

    with pytest.raises(Conflict):
        keep(context, office, another)


@pytest.mark.parametrize("change", ["UPDATE lines SET minor_units = 1 WHERE id = ?", "DELETE FROM lines WHERE id = ?"])
def test_a_line_is_neither_changed_nor_deleted_by_anybody(context: Context, store: SqlStore, change: str) -> None:
    (line,) = given_lines(context, given_office(context), {})

    with pytest.raises(Conflict, match="lines holds facts: rows are only ever added"):
        execute(store, change, line.id)

    with context.store.reading() as view:
        assert view.one(Line, id=line.id) == line


def test_every_table_of_facts_has_its_triggers(store: SqlStore) -> None:
    known = {
        "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
    }

    with store.operating() as work:
        tables = {name for (name,) in work.connection.execute(known[store.name]).fetchall()}

    facts = "adjustments allocations audit_events lines match_states matches reconciliation_steps statements"
    assert tables == {*facts.split(), "document_bytes"}
