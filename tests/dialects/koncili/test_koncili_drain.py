"""Draining: the loop of the vendor's guide ends, every record comes once, and delivery outlives credentials."""

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers, lists

from tests.dialects.koncili.given import Shop
from tests.dialects.koncili.koncili_client import EXTRACT, KonciliClient, ids_of
from tests.given_store import Clock
from tieout.services.people.operator import operator
from tieout.services.people.users import change_password
from tieout.services.settlements.integrations import assign_user, create_integration, integration_of


def test_the_literal_loop_of_the_guide_ends_and_gives_every_record_once(shop: Shop, client: KonciliClient) -> None:
    """No parameter, marked as read after each page, stopped when `response.count` is 0."""
    wanted = [*shop.batch(230)[1], *shop.batch(20, state="finalized")[1]]
    stored: list[int] = []

    while (response := client.unresolveds())["count"] != 0:
        stored += ids_of(response)
        client.read(ids_of(response))

    assert stored == sorted(wanted)
    # Three pages and an empty one: of the four calls, the last came too early and waited.
    assert client.calls.count(f"GET {EXTRACT}/unresolveds") == 5


def test_a_client_that_wants_all_walks_the_pages_by_offset(shop: Shop, client: KonciliClient) -> None:
    wanted = shop.batch(205)[1]
    client.read(wanted[:150])
    seen: list[int] = []

    first = client.unresolveds(onlyUnread="false")
    for offset in range(0, first["page"]["count"], first["page"]["limit"]):
        seen += ids_of(client.unresolveds(onlyUnread="false", offset=offset))

    assert first["page"] == {"limit": 100, "offset": 0, "count": 205}
    assert seen == wanted


def test_resolved_without_being_read_leaves_both_lists(shop: Shop, client: KonciliClient) -> None:
    first, second, third = shop.batch(3)[1]

    client.resolve([first])
    client.read([second])

    assert ids_of(client.unresolveds()) == [third]
    assert ids_of(client.unresolveds(onlyUnread="false")) == [second, third]
    assert ids_of(client.concilieds()) == [first]


def test_more_than_a_hundred_ids_go_in_one_call(shop: Shop, client: KonciliClient) -> None:
    wanted = shop.batch(130)[1]

    answer = client.resolve(wanted)

    assert answer == {"marked": wanted, "already": [], "unknown": []}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=lists(lists(integers(-1, 8), max_size=8), max_size=5))
def test_every_id_is_accounted_for_in_whatever_pieces_they_come(
    shop: Shop, client: KonciliClient, clock: Clock, pieces: list[list[int]]
) -> None:
    clock.forward(minutes=1)
    ids = [*shop.batch(7)[1], shop.batch(1, state="open", analyzed_at=None)[1][0], 2**53 + 1, 0]
    marked: set[int] = set()

    for piece in pieces:
        sent = [ids[number] for number in piece]
        answer = client.read(sent)
        shown = {each for each in sent if each in ids[:7]}
        assert set(answer["marked"]) == shown - marked
        assert set(answer["already"]) == shown & marked
        assert set(answer["unknown"]) == set(sent) - shown
        assert len(answer["marked"]) + len(answer["already"]) + len(answer["unknown"]) == len(set(sent))
        marked |= shown


def test_a_changed_password_makes_nothing_unread(shop: Shop, client: KonciliClient) -> None:
    first, second = shop.batch(2)[1]
    client.read([first])

    change_password(
        shop.context, operator(shop.context, shop.office.organisation.id), shop.office.owner.user_id, "another word"
    )
    refused = client.call("GET", f"{EXTRACT}/unresolveds")
    client.sign_in(shop.email, "another word")

    assert (refused.status, refused.json) == (403, {"response": "NO_TOKEN"})
    assert ids_of(client.unresolveds()) == [second]


def test_two_integrations_of_one_entity_do_not_read_for_each_other(shop: Shop, client: KonciliClient) -> None:
    (only,) = shop.batch(1)[1]
    client.read([only])
    owner, entity_id = shop.office.owner, shop.office.entity_id

    other = create_integration(shop.context, owner, entity_id, "BI", unread_only=False)
    assign_user(shop.context, owner, entity_id, other.id, owner.user_id)  # type: ignore[union-attr]

    assert integration_of(shop.context, owner) == other
    assert ids_of(client.unresolveds()) == [only]
    client.read([only])
    # This one wants read ones too, where nothing is said.
    assert ids_of(client.unresolveds()) == [only]
    assert ids_of(client.unresolveds(onlyUnread="true")) == []
