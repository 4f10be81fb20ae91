"""Consuming systems outlive the credentials that act for them."""

from tests.given_settlements import given_batch, given_provider
from tests.given_store import Clock, given_office
from tieout.domain.people import Principal
from tieout.domain.settlements import Integration
from tieout.services.context import Context, Denied
from tieout.services.settlements.delivery import mark_read
from tieout.services.settlements.integrations import (
    DEFAULT,
    IntegrationNow,
    StaleUnread,
    assign_user,
    change_integration,
    create_integration,
    integration_of,
    integrations,
    stale_unread,
)


def created(context: Context, principal: Principal, entity_id: int, name: str) -> Integration:
    """An integration that nothing refuses."""
    made = create_integration(context, principal, entity_id, name)
    assert not isinstance(made, Denied)
    return made


def acting_for(context: Context, principal: Principal) -> Integration:
    """The integration of a credential."""
    found = integration_of(context, principal)
    assert not isinstance(found, Denied)
    return found


def codes(answer: object) -> tuple[str, ...]:
    """Why something was refused."""
    assert isinstance(answer, Denied)
    return answer.codes


def test_a_login_without_an_integration_acts_for_the_default_one_of_its_first_entity(context: Context) -> None:
    office = given_office(context, "BRL", "NOK")

    first, again, colleague = (acting_for(context, each) for each in (office.reader, office.reader, office.approver))

    assert (first.name, first.entity_id, first.unread_only) == (DEFAULT, office.entity_id, True)
    assert first == again == colleague


def test_a_login_that_is_assigned_acts_for_that_integration_in_whatever_entity_it_is(context: Context) -> None:
    office = given_office(context, "BRL", "NOK")
    second = office.entities[1].id
    shop = created(context, office.owner, second, "shop")

    assign_user(context, office.owner, second, shop.id, office.preparer.user_id)

    assert acting_for(context, office.preparer) == shop
    assert acting_for(context, office.approver).name == DEFAULT


def test_a_user_is_assigned_to_one_integration_of_an_entity(context: Context) -> None:
    office = given_office(context)
    entity_id, user_id = office.entity_id, office.preparer.user_id
    one, other = (created(context, office.owner, entity_id, name) for name in ("one", "other"))
    assign_user(context, office.owner, entity_id, one.id, user_id)

    assign_user(context, office.owner, entity_id, other.id, user_id)

    assert integrations(context, office.reader, entity_id) == [
        IntegrationNow(integration=one, user_ids=()),
        IntegrationNow(integration=other, user_ids=(user_id,)),
    ]


def test_only_users_and_integrations_of_the_entity_are_assigned(context: Context) -> None:
    office = given_office(context)
    theirs = created(context, office.stranger, office.stranger_entity.id, "theirs")

    told = assign_user(context, office.owner, office.entity_id, theirs.id, office.stranger.user_id)

    assert codes(told) == ("not_found", "not_found")


def test_a_credential_that_sees_no_entity_has_no_integration(context: Context) -> None:
    office = given_office(context)
    narrowed = Principal(office.organisation.id, office.owner.user_id, office.owner.face, {})

    assert codes(integration_of(context, narrowed)) == ("not_found",)


def test_names_of_integrations_differ_and_can_be_kept(context: Context) -> None:
    office = given_office(context)
    created(context, office.owner, office.entity_id, "shop")

    told = [
        create_integration(context, office.owner, office.entity_id, name)
        for name in (" shop ", " ", "\0", "x" * 10_001)
    ]

    assert [codes(each) for each in told] == [("exists",), ("required",), ("not_allowed",), ("too_long",)]


def test_an_integration_gets_another_name_and_another_answer(context: Context, clock: Clock) -> None:
    office = given_office(context)
    shop = created(context, office.owner, office.entity_id, "shop")
    clock.forward(minutes=1)

    changed = change_integration(context, office.owner, office.entity_id, shop.id, name="web shop", unread_only=False)

    (now,) = _listed(context, office.owner, office.entity_id)
    assert changed == now
    assert (now.name, now.unread_only, now.updated_at) == ("web shop", False, clock())


def test_the_default_integration_keeps_its_name_and_may_want_all(context: Context) -> None:
    office = given_office(context)
    default = acting_for(context, office.owner)

    renamed = change_integration(context, office.owner, office.entity_id, default.id, name="shop")
    changed = change_integration(context, office.owner, office.entity_id, default.id, unread_only=False)

    assert codes(renamed) == ("not_allowed",)
    assert isinstance(changed, Integration)
    assert (changed.name, changed.unread_only) == (DEFAULT, False)


def test_only_owners_configure_integrations(context: Context) -> None:
    office = given_office(context)
    shop = created(context, office.owner, office.entity_id, "shop")

    told = [
        create_integration(context, office.approver, office.entity_id, "other"),
        change_integration(context, office.approver, office.entity_id, shop.id, name="other"),
        assign_user(context, office.approver, office.entity_id, shop.id, office.approver.user_id),
        integrations(context, office.stranger, office.entity_id),
        change_integration(context, office.owner, office.entity_id, 0, name="other"),
    ]

    assert [codes(each) for each in told] == [("not_permitted",)] * 3 + [("not_found",)] * 2


def test_entries_left_unread_for_more_than_26_hours_are_told(context: Context, clock: Clock) -> None:
    office = given_office(context)
    account = given_provider(context, office)
    default, idle = acting_for(context, office.owner), created(context, office.owner, office.entity_id, "idle")
    batch, lines = given_batch(context, office, account, 3)
    clock.forward(hours=26)
    given_batch(context, office, account, 5, analyzed_at=clock())
    mark_read(context, office.owner, default, [lines[0].id])

    told = stale_unread(context, office.reader, office.entity_id)
    mark_read(context, office.owner, default, [line.id for line in lines])
    told_later = stale_unread(context, office.reader, office.entity_id)

    assert told == (
        StaleUnread(integration=default, entries=2, since=batch.analyzed_at or 0),
        StaleUnread(integration=idle, entries=3, since=batch.analyzed_at or 0),
    )
    assert told_later == (StaleUnread(integration=idle, entries=3, since=batch.analyzed_at or 0),)


def test_entries_shown_since_yesterday_are_not_late(context: Context, clock: Clock) -> None:
    office = given_office(context)
    acting_for(context, office.owner)
    given_batch(context, office, given_provider(context, office), 3)
    clock.forward(hours=25)

    assert stale_unread(context, office.reader, office.entity_id) == ()


def _listed(context: Context, principal: Principal, entity_id: int) -> list[Integration]:
    found = integrations(context, principal, entity_id)
    assert not isinstance(found, Denied)
    return [each.integration for each in found]
