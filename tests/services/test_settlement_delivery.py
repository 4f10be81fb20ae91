"""Delivery: each flag once, every id accounted for, and nothing of what is not shown."""

import pytest

from tests.given_rows import scope_of
from tests.given_settlements import RELEASED, given_batch, given_provider
from tests.given_store import Clock, Office, given_office
from tieout.domain.people import Principal
from tieout.domain.settlements import Delivery, Integration, SettlementBatch, SettlementEntry
from tieout.services.context import Context, Denied
from tieout.services.settlements.delivery import (
    DeliveredEntry,
    EntryPage,
    Fetch,
    Marked,
    mark_read,
    mark_resolved,
    of_order,
    resolved,
    unresolved,
)
from tieout.services.settlements.integrations import create_integration, integration_of
from tieout.store.protocols import Condition


def default_of(context: Context, principal: Principal) -> Integration:
    """The integration that the principal's credentials act for."""
    found = integration_of(context, principal)
    assert not isinstance(found, Denied)
    return found


def ids_of(page: EntryPage | Denied) -> tuple[int, list[int]]:
    """The total of a page and the ids on it."""
    assert not isinstance(page, Denied)
    return page.total, [each.line.id for each in page.entries]


def listed(context: Context, office: Office, fetch: Fetch | None = None) -> tuple[int, list[int]]:
    """What the default integration is given of the unresolved list."""
    return ids_of(unresolved(context, office.owner, default_of(context, office.owner), fetch or Fetch()))


def test_what_is_read_leaves_the_unread_list_and_stays_unresolved(context: Context) -> None:
    office = given_office(context)
    _, (first, second) = given_batch(context, office, given_provider(context, office), 2)
    integration = default_of(context, office.owner)

    marked = mark_read(context, office.owner, integration, [first.id])

    assert marked == Marked(marked=(first.id,), already=(), unknown=())
    assert listed(context, office) == (1, [second.id])
    assert listed(context, office, Fetch(unread_only=False)) == (2, [first.id, second.id])


def test_what_is_resolved_leaves_the_unresolved_list_whether_read_or_not(context: Context) -> None:
    office = given_office(context)
    _, (first, second) = given_batch(context, office, given_provider(context, office), 2)
    integration = default_of(context, office.owner)
    mark_read(context, office.owner, integration, [first.id])

    mark_resolved(context, office.owner, integration, [first.id, second.id])

    assert listed(context, office, Fetch(unread_only=False)) == (0, [])
    assert ids_of(resolved(context, office.owner, integration, Fetch())) == (2, [first.id, second.id])


def test_an_entry_that_was_resolved_unread_can_be_read_later_and_stays_resolved(context: Context, clock: Clock) -> None:
    office = given_office(context)
    _, (line,) = given_batch(context, office, given_provider(context, office))
    integration = default_of(context, office.owner)
    mark_resolved(context, office.owner, integration, [line.id])
    resolved_at = clock()
    clock.forward(minutes=1)

    again = mark_resolved(context, office.owner, integration, [line.id])
    read = mark_read(context, office.owner, integration, [line.id])

    (entry,) = _entries(resolved(context, office.owner, integration, Fetch()))
    assert (again, read) == (
        Marked(marked=(), already=(line.id,), unknown=()),
        Marked(marked=(line.id,), already=(), unknown=()),
    )
    assert (entry.resolved_at, entry.read_at) == (resolved_at, clock())


def test_a_call_accounts_for_every_id_it_names(context: Context) -> None:
    office = given_office(context)
    account = given_provider(context, office)
    _, (shown, read) = given_batch(context, office, account, 2)
    _, (hidden,) = given_batch(context, office, account, state="open", analyzed_at=None)
    elsewhere = given_office(context)
    _, (foreign,) = given_batch(context, elsewhere, given_provider(context, elsewhere))
    integration = default_of(context, office.owner)
    mark_read(context, office.owner, integration, [read.id])

    told = mark_read(
        context, office.owner, integration, [shown.id, read.id, hidden.id, foreign.id, 0, -7, 2**60, 2**70, shown.id]
    )

    assert told == Marked(
        marked=(shown.id,), already=(read.id, shown.id), unknown=(hidden.id, foreign.id, 0, -7, 2**60, 2**70)
    )


def test_marking_nothing_is_an_answer_and_writes_nothing(context: Context) -> None:
    office = given_office(context)
    integration = default_of(context, office.owner)

    told = mark_resolved(context, office.owner, integration, [])

    assert told == Marked(marked=(), already=(), unknown=())


def test_a_batch_that_is_open_is_shown_to_nobody(context: Context) -> None:
    office = given_office(context)
    account = given_provider(context, office)
    given_batch(context, office, account, [{"order_code": "A1"}], state="open", analyzed_at=None)

    order = of_order(context, office.owner, default_of(context, office.owner), "A1")

    assert (order, listed(context, office)) == ((), (0, []))


def test_each_integration_reads_for_itself(context: Context) -> None:
    office = given_office(context)
    _, (line,) = given_batch(context, office, given_provider(context, office))
    other = create_integration(context, office.owner, office.entity_id, "warehouse")
    assert not isinstance(other, Denied)

    mark_read(context, office.owner, other, [line.id])

    assert listed(context, office) == (1, [line.id])
    assert ids_of(unresolved(context, office.owner, other, Fetch())) == (0, [])


def test_an_integration_that_wants_all_is_given_what_it_read_before(context: Context) -> None:
    office = given_office(context)
    _, (line,) = given_batch(context, office, given_provider(context, office))
    curious = create_integration(context, office.owner, office.entity_id, "curious", unread_only=False)
    assert not isinstance(curious, Denied)
    mark_read(context, office.owner, curious, [line.id])

    by_itself, asked = (
        ids_of(unresolved(context, office.owner, curious, fetch)) for fetch in (Fetch(), Fetch(unread_only=True))
    )

    assert (by_itself, asked) == ((1, [line.id]), (0, []))


@pytest.mark.parametrize(
    ("fetch", "positions"),
    [
        (Fetch(channel="AMAZON"), [2]),
        (Fetch(from_day=RELEASED + 1), [1]),
        (Fetch(through_day=RELEASED), [0, 2]),
        (Fetch(from_day=RELEASED, through_day=RELEASED), [0, 2]),
        (Fetch(batch_id=0), []),
        (Fetch(offset=1), [1, 2, 3]),
        (Fetch(limit=2), [0, 1]),
        (Fetch(offset=1, limit=1), [1]),
        (Fetch(offset=9), []),
    ],
)
def test_a_list_can_be_narrowed(context: Context, fetch: Fetch, positions: list[int]) -> None:
    office = given_office(context)
    told: list[dict[str, object]] = [{}, {"released_day": RELEASED + 1}, {"channel": "AMAZON"}, {"released_day": None}]
    _, lines = given_batch(context, office, given_provider(context, office), told)

    _, ids = listed(context, office, fetch)

    assert ids == [lines[position].id for position in positions]


def test_the_total_counts_what_meets_the_filter_and_not_the_page(context: Context) -> None:
    office = given_office(context)
    account = given_provider(context, office)
    first, _ = given_batch(context, office, account, 3)
    given_batch(context, office, account, [{"channel": "AMAZON"}, {}])

    totals = [
        listed(context, office, fetch)[0]
        for fetch in (Fetch(limit=1), Fetch(limit=1, batch_id=first.id), Fetch(limit=1, channel="AMAZON"))
    ]

    assert totals == [5, 3, 1]


def test_entries_come_by_id_when_batches_lie_between_each_other(context: Context) -> None:
    office = given_office(context)
    account = given_provider(context, office)
    first, lines = given_batch(context, office, account, 4)
    second, _ = given_batch(context, office, account, 0)
    moved = lines[1::2]
    _move(context, office, first, second, [line.id for line in moved])

    pages = [listed(context, office, Fetch(limit=2, offset=offset)) for offset in (0, 2, 4)]

    ids = [line.id for line in lines]
    assert pages == [(4, ids[:2]), (4, ids[2:]), (4, [])]


def test_resolved_entries_are_listed_by_the_day_their_batch_was_closed_where_the_entity_is(
    context: Context, clock: Clock
) -> None:
    office = given_office(context)
    account = given_provider(context, office)
    clock.forward(hours=11, minutes=30)  # 23:30 UTC on 2026-01-15, which is the 16th in Oslo
    _, (line,) = given_batch(context, office, account, state="finalized", finalized_at=clock())
    integration = default_of(context, office.owner)
    mark_resolved(context, office.owner, integration, [line.id])
    the_16th = 20_469

    on_day = {
        day: ids_of(resolved(context, office.owner, integration, Fetch(from_day=day, through_day=day)))[1]
        for day in (the_16th - 1, the_16th, the_16th + 1)
    }

    assert on_day == {the_16th - 1: [], the_16th: [line.id], the_16th + 1: []}


def test_an_order_is_found_whole_whatever_was_done_with_it(context: Context) -> None:
    office = given_office(context)
    told: list[dict[str, object]] = [
        {"order_code": "A1", "plot_number": 1},
        {"order_code": "A1", "plot_number": 2, "channel": "AMAZON"},
        {"order_code": "A2"},
    ]
    _, lines = given_batch(context, office, given_provider(context, office), told)
    integration = default_of(context, office.owner)
    mark_resolved(context, office.owner, integration, [lines[0].id])

    whole = of_order(context, office.owner, integration, "A1")
    by_channel = of_order(context, office.owner, integration, "A1", "AMAZON")
    instalment = of_order(context, office.owner, integration, "A1", plot_number=1)
    unknown = of_order(context, office.owner, integration, "A3")

    assert [[each.line.id for each in found] for found in map(_known, (whole, by_channel, instalment, unknown))] == [
        [lines[0].id, lines[1].id],
        [lines[1].id],
        [lines[0].id],
        [],
    ]


@pytest.mark.parametrize(
    ("fetch", "code"),
    [
        (Fetch(limit=0), "not_allowed"),
        (Fetch(limit=1_001), "not_allowed"),
        (Fetch(offset=-1), "not_allowed"),
        (Fetch(from_day=10, through_day=9), "end_before_start"),
        (Fetch(from_day=2**40), "bad_date"),
    ],
)
def test_a_list_that_cannot_be_is_refused(context: Context, fetch: Fetch, code: str) -> None:
    office = given_office(context)

    told = unresolved(context, office.owner, default_of(context, office.owner), fetch)

    assert isinstance(told, Denied)
    assert told.codes == (code,)


def test_who_only_reads_marks_nothing_and_a_stranger_sees_no_list(context: Context) -> None:
    office = given_office(context)
    integration = default_of(context, office.owner)

    marked = mark_read(context, office.reader, integration, [1])
    seen = unresolved(context, office.stranger, integration, Fetch())

    assert isinstance(marked, Denied)
    assert isinstance(seen, Denied)
    assert (marked.codes, seen.codes) == (("not_permitted",), ("not_found",))


def test_more_ids_than_a_call_may_carry_are_refused_whole(context: Context) -> None:
    office = given_office(context)

    told = mark_read(context, office.owner, default_of(context, office.owner), range(10_001))

    assert isinstance(told, Denied)
    assert told.codes == ("too_many",)


def test_what_is_known_of_a_batch_is_what_its_flags_say(context: Context) -> None:
    office = given_office(context)
    _, lines = given_batch(context, office, given_provider(context, office), 5)
    integration = default_of(context, office.owner)
    ids = [line.id for line in lines]

    mark_read(context, office.owner, integration, ids[3:])
    mark_resolved(context, office.owner, integration, ids[:1])
    mark_read(context, office.owner, integration, ids[1:2])

    with context.store.reading() as view:
        flags = view.all(Delivery, entity_id=office.entity_id, integration_id=integration.id)
        total, unread = view.delivery_page(office.entity_id, integration.id, "unread", limit=9)
    assert (total, unread) == (1, [ids[2]])
    assert sum(each.resolved_at is not None for each in flags) == 1


def _entries(page: EntryPage | Denied) -> tuple[DeliveredEntry, ...]:
    assert not isinstance(page, Denied)
    return page.entries


def _known(found: tuple[DeliveredEntry, ...] | Denied) -> tuple[DeliveredEntry, ...]:
    assert not isinstance(found, Denied)
    return found


def _move(context: Context, office: Office, first: SettlementBatch, second: SettlementBatch, ids: list[int]) -> None:
    """Entries told again by a later report, as one of another batch."""
    with context.store.writing(scope_of(office), "given", "move", context.now()) as work:
        for entry in work.all(SettlementEntry, Condition("line_id", "in", ids), entity_id=office.entity_id):
            work.change(entry, batch_id=second.id)
        work.change(first, entries=first.entries - len(ids))
        work.change(second, entries=len(ids))
