"""Many mark at once: each flag is set by one of them, and what is derived of it stays the sum of the flags."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.given_documents import done
from tests.given_settlements import given_batch, given_provider
from tests.given_store import given_office
from tieout.services.context import Context
from tieout.services.settlements.delivery import Fetch, Marked, mark_read, unresolved
from tieout.services.settlements.integrations import integration_of
from tieout.store.sql.store import SqlStore

WORKERS = 6


def test_of_many_who_mark_the_same_entries_at_once_each_entry_is_marked_by_one(context: Context) -> None:
    office = given_office(context)
    _, lines = given_batch(context, office, given_provider(context, office), 30)
    ids = [line.id for line in lines]
    integration = done(integration_of(context, office.owner))
    together = Barrier(WORKERS)

    def mark(turn: int) -> Marked:
        together.wait(timeout=30)
        return done(mark_read(context, office.owner, integration, [*ids[turn:], *ids[:turn]]))

    with ThreadPoolExecutor(WORKERS) as threads:
        answers = list(threads.map(mark, range(WORKERS)))

    assert sorted(each for answer in answers for each in answer.marked) == ids
    assert {len(answer.marked) + len(answer.already) for answer in answers} == {len(ids)}
    assert done(unresolved(context, office.owner, integration, Fetch(unread_only=True))).total == 0


def test_of_many_logins_without_an_integration_all_act_for_one(context: Context) -> None:
    office = given_office(context)
    people = [office.owner, office.approver, office.preparer, office.reader]
    together = Barrier(len(people))

    def ask(place: int) -> int:
        together.wait(timeout=30)
        return done(integration_of(context, people[place])).id

    with ThreadPoolExecutor(len(people)) as threads:
        found = set(threads.map(ask, range(len(people))))

    assert len(found) == 1


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("UPDATE settlement_batches SET entries = 9 WHERE entity_id = {entity}", "entries_differ"),
        ("UPDATE delivery_progress SET touched = 3 WHERE entity_id = {entity}", "delivery_differs"),
        ("UPDATE delivery_progress SET unread_from = unread_from + 2 WHERE entity_id = {entity}", "delivery_differs"),
        ("DELETE FROM delivery_progress WHERE entity_id = {entity}", "delivery_differs"),
    ],
)
def test_what_is_derived_of_deliveries_is_proved(context: Context, store: SqlStore, damage: str, code: str) -> None:
    office = given_office(context)
    _, lines = given_batch(context, office, given_provider(context, office), 5)
    mark_read(context, office.owner, done(integration_of(context, office.owner)), [lines[0].id, lines[3].id])
    with store.reading() as view:
        before = view.trail_faults(office.organisation.id)

    with store.operating() as work:
        work.database.run(work.connection, damage.format(entity=office.entity_id))
        found = {fault.code for fault in work.trail_faults(office.organisation.id)}
        work.roll_back()

    assert (before, code in found) == ([], True)
