"""The daily flow of the vendor's guide against our own Koncili face: nothing is lost, and nothing happens twice."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.connectors.koncili.given_feed import SALE, Erp, Killed, Stepping, given_erp, sold
from tests.dialects.koncili.given import PASSWORD
from tests.dialects.serving import serving
from tests.given_matches import accepted
from tests.given_store import Clock
from tieout.dialects.koncili import application
from tieout.domain.feeds import FeedState
from tieout.domain.people import Secret
from tieout.domain.work import Schedule, ScheduleState, UsageDay
from tieout.kernel.dates import day_number, day_of_text
from tieout.services.context import Context
from tieout.services.feeds.feeds import FeedRequest, create_feed, feeds, remove_feed, resume_feed, run_feed
from tieout.services.job_holds import Again, GivenUp

pytestmark = pytest.mark.slow


@pytest.fixture
def url(context: Context) -> Iterator[str]:
    """The address of the vendor."""
    with serving(application(context)) as address:
        yield address


@pytest.fixture
def erp(context: Context, clock: Clock, url: str) -> Erp:
    """An ERP whose feed has not run yet."""
    return given_erp(context, clock, url)


def instant(text: str) -> int:
    """Microseconds since 1970 of a time in UTC."""
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp()) * 1_000_000


def codes(count: int) -> list[str]:
    return [f"MKT-{number:05d}" for number in range(count)]


def test_a_day_stores_every_entry_marks_it_read_and_ends_when_nothing_is_unread(erp: Erp) -> None:
    ids = sold(erp.shop, codes(115))

    answer = erp.day()

    assert answer["fetched"] == 230
    assert sorted(int(now.line.native_id) for now in erp.lines()) == ids
    assert {each.line_id for each in erp.delivered() if each.read_at is not None} == set(ids)
    assert all(each.read_at is not None and each.resolved_at is None for each in erp.fetched())
    assert erp.feed_now().last_ended_at is not None


def test_a_drain_of_more_pages_than_a_minute_allows_waits_as_told_and_is_never_refused(erp: Erp) -> None:
    sold(erp.shop, codes(250))

    erp.day()

    with erp.context.store.reading() as view:
        usage = view.all(UsageDay, organisation_id=erp.shop.office.organisation.id)
    assert len(erp.lines()) == 500
    assert erp.pauses
    assert max(erp.pauses) <= 60
    assert sum(each.calls for each in usage) > 10
    assert sum(each.refused + each.faulty + each.blocked for each in usage) == 0


def test_what_is_tied_here_is_marked_resolved_there_with_the_charges_of_its_order(erp: Erp) -> None:
    ids = sold(erp.shop, codes(3))
    erp.orders("MKT-00000", "MKT-00002")

    answer = erp.day()

    resolved = {each.line_id for each in erp.delivered() if each.resolved_at is not None}
    assert answer["resolved"] == 4
    assert resolved == {ids[0], ids[1], ids[4], ids[5]}


def test_an_order_that_is_booked_a_day_later_is_resolved_that_day_and_nothing_is_fetched_again(erp: Erp) -> None:
    sold(erp.shop, codes(2))
    erp.day()
    erp.clock.forward(days=1)
    erp.orders("MKT-00001")

    answer = erp.day()

    assert (answer["fetched"], answer["resolved"]) == (0, 2)
    assert len(erp.lines()) == 4


def test_a_process_that_ends_at_any_step_loses_nothing_and_repeats_nothing(
    context: Context, clock: Clock, url: str
) -> None:
    whole = Stepping()
    first = given_erp(context, clock, url)
    sold(first.shop, codes(60))
    first.orders("MKT-00007")
    first.day(whole)
    assert whole.steps >= 10

    for step in range(1, whole.steps + 1):
        erp = given_erp(context, clock, url)
        ids = sold(erp.shop, codes(60))
        erp.orders("MKT-00007")
        with pytest.raises(Killed):
            erp.day(Stepping(ends_at=step))
        clock.forward(minutes=11)

        erp.day()

        assert sorted(int(now.line.native_id) for now in erp.lines()) == ids, step
        assert all(each.read_at is not None for each in erp.fetched()), step
        assert {each.line_id for each in erp.delivered()} == set(ids), step
        assert sum(each.resolved_at is not None for each in erp.delivered()) == 2, step
        assert sum(now.line.minor_units for now in erp.lines()) == sum(now.line.minor_units for now in first.lines())


def test_an_entry_that_waits_for_its_release_is_kept_and_does_not_stop_the_day(erp: Erp) -> None:
    erp.shop.batch([{"order_code": "MKT-1", "received": "", "released_day": None, "expected_day": 20_470}])

    erp.day()

    (line,) = erp.lines()
    assert line.line.minor_units == 0
    assert line.line.booking_day == 20_470


def test_wrong_credentials_stop_the_feed_with_a_message_and_new_ones_start_it_again(
    context: Context, clock: Clock, url: str
) -> None:
    erp = given_erp(context, clock, url, password="not the password")
    sold(erp.shop, codes(1))

    with pytest.raises(GivenUp):
        erp.day()

    stopped = erp.feed_now()
    assert (stopped.state, "does not take this e-mail address and password" in stopped.fault) == (
        FeedState.DEAUTHORIZED,
        True,
    )
    refused = run_feed(erp.context, erp.office.owner, erp.office.entity_id, erp.feed.id)
    assert getattr(refused, "codes", ()) == ("state_differs",)
    owner, entity_id = erp.office.owner, erp.office.entity_id
    accepted(resume_feed(erp.context, owner, entity_id, erp.feed.id, {"password": PASSWORD}))
    assert erp.day()["fetched"] == 2


def test_a_removed_feed_has_no_secrets_and_is_not_run_again(erp: Erp) -> None:
    sold(erp.shop, codes(1))
    erp.day()

    removed = accepted(remove_feed(erp.context, erp.office.owner, erp.office.entity_id, erp.feed.id))

    with erp.context.store.reading() as view:
        assert view.all(Secret, owner=f"feed:{removed.id}") == []
        assert view.all(Schedule, entity_id=erp.office.entity_id) == []
    assert len(erp.lines()) == 2


def test_a_removed_feed_is_listed_and_resumed_no_more_and_its_name_is_free_again(erp: Erp) -> None:
    owner, entity_id, feed_id = erp.office.owner, erp.office.entity_id, erp.feed.id
    accepted(remove_feed(erp.context, owner, entity_id, feed_id))

    resumed = resume_feed(erp.context, owner, entity_id, feed_id, {"password": PASSWORD})
    again = FeedRequest(
        name=erp.feed.name,
        connector=erp.feed.connector,
        account_id=erp.feed.account_id,
        settings=json.loads(erp.feed.settings),
        secrets={"password": PASSWORD},
    )
    made = accepted(create_feed(erp.context, owner, entity_id, again))

    assert getattr(resumed, "codes", ()) == ("state_differs",)
    assert [each.feed.id for each in accepted(feeds(erp.context, owner, entity_id))] == [made.id]


def test_an_address_that_was_mistyped_is_put_right_when_the_feed_is_resumed(
    context: Context, clock: Clock, url: str
) -> None:
    erp = given_erp(context, clock, "ftp://mistyped")
    sold(erp.shop, codes(1))
    with pytest.raises(GivenUp):
        erp.day()
    owner, entity_id = erp.office.owner, erp.office.entity_id

    unknown = resume_feed(context, owner, entity_id, erp.feed.id, settings={"adress": url})
    accepted(resume_feed(context, owner, entity_id, erp.feed.id, settings={"url": url}))

    assert getattr(unknown, "codes", ()) == ("not_allowed",)
    assert erp.day()["fetched"] == 2


@pytest.mark.parametrize(
    ("time_zone", "now", "next_at"),
    [
        ("Europe/Oslo", "2026-03-28T12:00", "2026-03-29T04:30"),  # an hour earlier by the sun: summer time begins
        ("Europe/Oslo", "2026-10-24T12:00", "2026-10-25T05:30"),
        ("America/Sao_Paulo", "2026-10-24T12:00", "2026-10-25T09:30"),
    ],
)
def test_a_feed_starts_at_half_past_six_by_the_clocks_of_the_entity(
    context: Context, clock: Clock, url: str, time_zone: str, now: str, next_at: str
) -> None:
    clock.now = instant(now)
    erp = given_erp(context, clock, url, time_zone=time_zone)

    with erp.context.store.reading() as view:
        (state,) = view.all(ScheduleState, entity_id=erp.office.entity_id)
    assert state.next_at == instant(next_at)


def test_a_vendor_that_is_not_there_is_asked_again_and_nothing_is_marked(
    context: Context, clock: Clock, url: str
) -> None:
    erp = given_erp(context, clock, "http://127.0.0.1:9")
    sold(erp.shop, codes(1))

    with pytest.raises(Again, match="not reached"):
        erp.day()

    assert erp.feed_now().state == FeedState.ACTIVE
    assert "not reached" in erp.feed_now().fault
    assert erp.lines() == []


def test_a_released_value_is_the_effect_and_its_day_the_booking_day(erp: Erp) -> None:
    sold(erp.shop, codes(1))

    erp.day()

    sale, commission = sorted((now.line for now in erp.lines()), key=lambda line: -line.minor_units)
    assert (sale.minor_units, sale.kind, sale.reference) == (SALE, "sale", "MKT-00000")
    assert commission.kind == "fee"
    assert sale.booking_day == day_number(day_of_text("2026-01-10"))
